"""A real Chromium. Errors on the console or in a page fail the test that made them.

Playwright's synchronous API keeps an event loop running in this thread, so a browser test cannot call
`asyncio.run`, and the browser lives no longer than the test file: other files may want loops of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebError,
    expect,
    sync_playwright,
)

from tests.browser.earmark import Earmark, Prepared, open_earmark, prepare_earmark
from tests.services import chromium

NewPage = Callable[..., Page]

# Milliseconds, as long as `until` waits: a busy machine is no fault of the page.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # no path: none on PATH, so it is Playwright's own, as run.py made sure
        browser = playwright.chromium.launch(executable_path=chromium.on_path(), args=list(chromium.FLAGS))
        yield browser
        browser.close()


@dataclass
class PageErrors:
    """What the pages of this test complained about, less what the test said to expect."""

    found: list[str] = field(default_factory=list)
    _allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """A regular expression; for example `status of 404` where the test asks for what is not there."""
        self._allowed.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(re.search(pattern, text) for pattern in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: WebError) -> None:
        self.found.append(f"{error.error} ({error.page.url if error.page else ''})")


@pytest.fixture
def page_errors() -> PageErrors:
    return PageErrors()


@pytest.fixture
def new_page(browser: Browser, page_errors: PageErrors) -> Iterator[NewPage]:
    """Call it for a page in a browser of its own (own cookies, own storage).

    `new_page(width=390, height=844, dark=True, has_touch=True, ...)`; what else it is given goes to
    Playwright's `new_context` (base_url, java_script_enabled, reduced_motion, ...).
    """
    contexts: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 900, dark: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **options,
        )
        contexts.append(context)
        page_errors.watch(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not page_errors.unexpected(), "Errors in the browser:\n" + "\n".join(page_errors.unexpected())


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A desktop window, 1440 by 900, light."""
    return new_page()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on what axe-core calls serious or critical, and says where it is."""

    def check(page: Page) -> None:
        violations = Axe().run(page).response["violations"]
        grave = [violation for violation in violations if violation["impact"] in ("serious", "critical")]
        assert not grave, "\n\n".join(map(describe, grave))

    return check


def describe(violation: dict[str, Any]) -> str:
    places = [
        f"  {node['target']}: {node['html'][:160]}\n    {node['failureSummary']}"
        for node in violation["nodes"]
    ]
    return "\n".join([f"{violation['impact']}: {violation['help']} ({violation['id']})", *places])


@pytest.fixture
def set_offline() -> Callable[[Page, bool], None]:
    """`set_offline(page, True)`: requests fail `navigator.onLine` is false, open sockets are held up.

    To cut an open socket, put a cable (tests/services/cable.py) between the page and the server.
    """

    def switch(page: Page, offline: bool) -> None:
        page.context.set_offline(offline)

    return switch


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare_earmark(tmp_path_factory.mktemp("prepared") / "data")


@pytest.fixture(scope="module")
def earmark(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Earmark]:
    """One server for the tests of a file; each test brings its own pages, links and comments."""
    with open_earmark(tmp_path_factory.mktemp("earmark") / "data", prepared) as opened:
        yield opened


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A phone held upright, with a finger instead of a mouse."""
    return new_page(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=2)
