"""The two cookies we set: opaque secrets that scripts cannot read and other sites' requests do not carry."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from server.people.accounts import SIGNED_IN_FOR
from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE
from server.settings import Settings

_YEAR = 365 * 24 * 3600


def remember_sign_in(response: Response, request: Request, secret: str) -> Response:
    _set(response, request, SIGN_IN_COOKIE, secret, int(SIGNED_IN_FOR.total_seconds()))
    return response


def forget_sign_in(response: Response) -> Response:
    response.delete_cookie(SIGN_IN_COOKIE)
    return response


def remember_guest(response: Response, request: Request, secret: str) -> Response:
    _set(response, request, GUEST_COOKIE, secret, _YEAR)
    return response


def _set(response: Response, request: Request, name: str, secret: str, seconds: int) -> None:
    # Lax, not strict: a link in a mail must find its reader signed in. Writes are guarded by their own check.
    response.set_cookie(
        name, secret, max_age=seconds, httponly=True, samesite="lax", secure=_by_https(request)
    )


def _by_https(request: Request) -> bool:
    """Also where a proxy that ends TLS does not tell us so, but the public address does."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    public = urlsplit(settings.public_url or "")
    return request.url.scheme == "https" or (
        public.scheme == "https" and public.netloc == request.headers.get("host")
    )
