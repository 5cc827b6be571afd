"""Addresses to hand out to other people."""

from starlette.requests import Request

from server.settings import Settings


def public_address(request: Request, path: str) -> str:
    """Under the public address that was set, else as the browser sees us."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return (settings.public_url or str(request.base_url).rstrip("/")) + path
