"""A cut network loses nothing and doubles nothing: neither what others said meanwhile, nor what one wrote oneself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark
from tests.services.cable import Cable

NewCable = Callable[[int], Cable]


@pytest.fixture(autouse=True)
def expected_errors(page_errors: PageErrors) -> None:
    """A browser reports what could not be reached; that is the point of these tests."""
    page_errors.allow("ERR_|WebSocket connection|Failed to fetch")


def bodies(page: Page) -> list[str]:
    return page.locator("#comments .comment-body").all_text_contents()


def test_ten_seconds_without_network_show_everything_once(
    earmark: Earmark, page: Page, new_page: NewPage, new_cable: NewCable
) -> None:
    page.context.set_default_timeout(20_000)
    cable = new_cable(earmark.server.port)
    other = earmark.artist(new_page())
    earmark.listener(page, "Eve", at=cable.url)
    page.locator("#composer-body").fill("before the cut")
    page.get_by_role("button", name="Post").click()
    expect(other.locator("#comments").get_by_text("before the cut", exact=True)).to_have_count(1)

    cable.cut()
    missed = [f"missed {number}" for number in range(5)]
    for number, body in enumerate(missed):
        earmark.comment(body, at=2.0 + number)
    page.locator("#composer-body").fill("typed in the tunnel")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#comments .pending").get_by_text("typed in the tunnel")).to_be_visible()
    page.wait_for_timeout(10_000)
    cable.heal()

    expect(page.locator("#comments .pending")).to_have_count(0, timeout=30_000)
    for body in ("before the cut", "typed in the tunnel", *missed):
        expect(page.locator("#comments").get_by_text(body, exact=True)).to_have_count(1, timeout=30_000)
        expect(other.locator("#comments").get_by_text(body, exact=True)).to_have_count(1)
    assert sorted(bodies(page)) == sorted(bodies(other))


def test_what_was_typed_survives_a_reload_before_it_was_sent(
    earmark: Earmark, page: Page, new_cable: NewCable
) -> None:
    cable = new_cable(earmark.server.port)
    earmark.listener(page, "Fay", at=cable.url)
    cable.cut()
    page.locator("#composer-body").fill("kept over the reload")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#comments .pending")).to_have_count(1)
    cable.heal()

    page.reload()

    expect(page.locator("#comments").get_by_text("kept over the reload", exact=True)).to_have_count(1)
    expect(page.locator("#comments .pending")).to_have_count(0, timeout=20_000)
    found = [c for c in _all(earmark) if c == "kept over the reload"]
    assert found == ["kept over the reload"]


def test_the_server_killed_and_started_again_is_a_cut_like_any_other(earmark: Earmark, page: Page) -> None:
    earmark.listener(page, "Guy")
    earmark.server.kill()
    page.locator("#composer-body").fill("said while it was down")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#comments .pending")).to_have_count(1)
    expect(page.locator("#live-state")).to_be_visible()

    earmark.server.start()

    expect(page.locator("#comments .pending")).to_have_count(0, timeout=30_000)
    assert [c for c in _all(earmark) if c == "said while it was down"] == ["said while it was down"]


def _all(earmark: Earmark) -> list[str]:
    address = f"/api/versions/{earmark.versions[-1]['id']}/comments?limit=500"
    return [comment["body"] for comment in earmark.api.get(address).raise_for_status().json()["items"]]
