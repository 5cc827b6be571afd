"""Forms of pages: they post, and either lead on or come back with a sentence beside the field that is wrong."""

import re
from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.errors import AppError

Fields = dict[str, str]
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
_SHOWN_AGAIN = (403, 409, 413, 422, 429)


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
        typed = {name: text for name, text in fields.items() if "password" not in name}
        response = await again(errors_of(error), typed, error.status)
        response.headers.update(error.headers)
        return response


def errors_of(error: AppError) -> dict[str, str]:
    """A sentence for each field that is wrong, or one for the form as a whole."""
    return dict(error.details.get("fields", {})) or {"form": error.message}


def lead_on(address: str) -> Response:
    """After a form: the browser goes on with GET, so a reload does not send the form again."""
    return RedirectResponse(local(address), 303)


def local(address: str | None) -> str:
    """The address if it is one of ours, else the home page: nobody is sent to another site by a form field."""
    # Browsers read '//host', '///host' and '/\\host' as another site, and leave out tabs and line ends before that.
    return address if address is not None and _LOCAL.fullmatch(address) else "/"
