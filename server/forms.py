"""Forms of pages: they post, and either lead on or come back with a sentence beside the field that is wrong."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.errors import AppError

Fields = dict[str, str]
_SHOWN_AGAIN = (401, 403, 409, 413, 422, 429)


async def fields_of(request: Request) -> Fields:
    async with request.form(max_files=0, max_fields=50) as form:
        return text_fields(form)


def text_fields(form: FormData) -> Fields:
    return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}


async def submitted(
    request: Request,
    attempt: Callable[[Fields], Awaitable[Response]],
    again: Callable[[dict[str, str], Fields, int], Awaitable[Response]],
) -> Response:
    """Try what the form asks for; if it cannot be done, draw the page again with what was typed and what is wrong."""
    fields = await fields_of(request)
    try:
        return await attempt(fields)
    except AppError as error:
        if error.status not in _SHOWN_AGAIN:
            raise
        errors = dict(error.details.get("fields", {})) or {"": error.message}
        return await again(
            errors, {name: text for name, text in fields.items() if "password" not in name}, error.status
        )


def lead_on(address: str) -> Response:
    """After a form: the browser goes on with GET, so a reload does not send the form again."""
    return RedirectResponse(local(address), 303)


def local(address: str | None) -> str:
    """The address if it is one of ours, else the home page: nobody is sent to another site by a form field."""
    try:
        parts = urlsplit(address or "/")
    except ValueError:
        return "/"
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in parts.path
    return (address or "/") if ours else "/"
