"""What a test needs is found, or installed, or named with the command that brings it: never skipped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services import __main__ as needs
from tests.services import chromium, finding, postgres
from tests.services.finding import MissingError, ensure

HERE = Path(__file__)


def test_what_is_there_is_used_and_nothing_installed() -> None:
    assert ensure("a file", lambda: HERE, lambda: pytest.fail("installed"), otherwise="") == HERE


def test_what_is_not_there_is_installed_by_the_first_way_that_works() -> None:
    tried: list[str] = []

    def way(name: str, works: bool) -> Callable[[], bool]:
        def install() -> bool:
            tried.append(name)
            return works

        return install

    ways = (way("refused", False), way("done", True), way("too much", True))
    found = ensure("a file", lambda: HERE if "done" in tried else None, *ways, otherwise="")
    assert found == HERE
    assert tried == ["refused", "done"]


def test_what_cannot_be_had_names_the_command() -> None:
    with pytest.raises(MissingError, match=r"need a browser, .* Run: apt install chromium"):
        ensure("a browser", lambda: None, lambda: False, otherwise="Run: apt install chromium")


def test_who_is_not_root_is_not_asked_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert finding.apt_install("chromium") is False


def test_everything_that_is_missing_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (chromium, postgres):
        monkeypatch.setattr(module, "find", lambda: None)
        monkeypatch.setattr(module, "apt_install", lambda *packages: False)
    monkeypatch.setattr(chromium, "install_with_playwright", lambda: False)
    assert needs.main() == 1
    said = capsys.readouterr().err
    assert "apt install chromium" in said
    assert "apt install postgresql" in said
