"""A private link in two clicks, copied with one."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark, live


def test_two_clicks_make_a_link_and_one_copies_it(earmark: Earmark, page: Page, new_page: NewPage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    earmark.artist(page)

    page.get_by_text("Share private link").click()
    page.get_by_role("button", name="Make the link").click()
    page.get_by_role("button", name="Copy", exact=True).click()

    expect(page.get_by_text("The link is copied.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{re.escape(earmark.url)}/r/[\w-]{{22}}", address)
    expect(page.get_by_role("img", name="QR code of the link").locator("path")).not_to_have_count(0)

    friend = new_page()
    friend.goto(address)
    friend.get_by_label("Your name").fill("Lea")
    friend.get_by_role("button", name="Listen").click()
    expect(live(friend).get_by_role("heading", name="Night Bus")).to_be_visible()


def test_a_link_that_is_ended_puts_its_guest_out_and_can_be_opened_again(
    earmark: Earmark, page: Page, new_page: NewPage, page_errors: object
) -> None:
    page_errors.allow("status of 404")  # type: ignore[attr-defined]
    made = earmark.api.post(f"/api/songs/{earmark.song}/links", json={"name": "For Mo"}).json()
    friend = new_page()
    friend.goto(made["url"])
    friend.get_by_label("Your name").fill("Mo")
    friend.get_by_role("button", name="Listen").click()
    live(friend)

    earmark.artist(page, f"/songs/{earmark.song}/links")
    page.get_by_role("button", name="End the link For Mo").click()
    expect(friend.get_by_text("Ask whoever sent it for a new one")).to_be_visible()

    page.get_by_role("button", name=re.compile("Let it work again.*For Mo")).click()
    expect(page.get_by_role("button", name="End the link For Mo")).to_be_visible()
    friend.reload()
    expect(live(friend).get_by_role("heading", name="Night Bus")).to_be_visible()


def test_a_link_with_a_password_for_listening_only(earmark: Earmark, page: Page) -> None:
    page.goto(earmark.url + earmark.new_link(password="open sesame", may_comment=False))
    page.get_by_label("Your name").fill("Ned")
    page.get_by_role("textbox", name="Password").fill("open sesame")
    page.get_by_role("button", name="Listen").click()

    expect(live(page).get_by_role("heading", name="Night Bus")).to_be_visible()
    expect(page.locator("#composer")).to_have_count(0)


def test_a_wrong_password_is_said_beside_the_field(earmark: Earmark, page: Page, page_errors: object) -> None:
    page_errors.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(earmark.url + earmark.new_link(password="open sesame"))
    page.get_by_label("Your name").fill("Ora")
    page.get_by_role("textbox", name="Password").fill("wrong one")
    page.get_by_role("button", name="Listen").click()

    expect(page.get_by_text("That is not the password of this link")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ora")
