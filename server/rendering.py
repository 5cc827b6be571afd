"""Pages: the Jinja environment, how figures and dates are written for people, and the addresses of static files."""

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_PACKAGED = Path(__file__).parent / "_web"
WEB = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parent.parent / "web"

# Our own table: what the machine's registry says about .js or .mjs differs from one system to the next.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/svg+xml", ".svg")


def clock(seconds: float) -> str:
    """83.2 -> 1:23, 3723 -> 1:02:03."""
    whole = int(max(seconds, 0))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def clock_tenths(seconds: float) -> str:
    tenths = int(max(seconds, 0) * 10 + 1e-6)
    return f"{clock(tenths // 10)}.{tenths % 10}"


def day(moment: datetime | str | None) -> str:
    """As people write it: today 14:05, yesterday 14:05, 12 May 2026."""
    if not moment:
        return ""
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local, today = moment.astimezone(), datetime.now().astimezone().date()
    days_ago = (today - local.date()).days
    if days_ago in (0, 1):
        return f"{('today', 'yesterday')[days_ago]} {local:%H:%M}"
    return f"{local.day} {local:%B %Y}"


def size(count: float | None) -> str:
    """Bytes in words: 2000000000 -> 2 GB."""
    amount, unit = float(count or 0), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if amount >= 100 or amount == int(amount) else f"{amount:.1f} {unit}"


def initial(name: str) -> str:
    """The letter of an avatar: 'The engineer' is an E, or half of every band would be a T."""
    words = name.split()
    telling = words[1:] if len(words) > 1 and words[0].lower() in ("the", "a") else words
    return telling[0][0].upper() if telling else "?"


class Pages:
    """Draws a template for a request."""

    def __init__(self, filters: Mapping[str, Callable[..., Any]], web: Path = WEB) -> None:
        self.static = web / "static"
        self.version = _hash_of(self.static)
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(web / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = self.asset
        self._environment.filters |= {f.__name__: f for f in (clock, clock_tenths, day, size, initial)}
        self._environment.filters |= filters

    def asset(self, path: str) -> str:
        # The hash stands in the folder, so the relative imports of a module inherit it.
        return f"/static/{self.version}/{path}"

    def page(self, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
        return HTMLResponse(self.text(template, context), status, headers={"cache-control": "no-store"})

    def text(self, template: str, context: Mapping[str, Any]) -> str:
        return self._environment.get_template(template).render({"you": None, "notice": None, **context})


def pages(request: Request) -> Pages:
    found = request.app.state.pages
    assert isinstance(found, Pages)
    return found


class HashedStaticFiles(StaticFiles):
    """Static files under a prefix that changes with their content, so browsers may keep them for ever."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_cacheable(message: Any) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"].append((b"cache-control", b"public, max-age=31536000, immutable"))
            await send(message)

        await super().__call__(scope, receive, send_cacheable)


def _hash_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]
