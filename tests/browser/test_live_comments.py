"""The main job: what a listener says on their phone appears on the artist's open page, without a reload."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark, hold_toast


def comment_on(page: Page, body: str) -> Page:
    page.locator("#composer-body").fill(body)
    page.get_by_role("button", name="Post").click()
    shown(page, body)
    expect(page.locator("#comments .pending")).to_have_count(0)
    return page


def shown(page: Page, body: str) -> None:
    expect(page.locator("#comments").get_by_text(body, exact=True)).to_have_count(1)


def test_a_guests_comment_appears_in_the_artists_open_page(earmark: Earmark, page: Page, phone: Page) -> None:
    earmark.artist(page)
    earmark.listener(phone, "Aunt May", "?t=7.5")
    page.evaluate("window.notReloaded = true")

    comment_on(phone, "This bit gives me goosebumps")

    shown(page, "This bit gives me goosebumps")
    shown(phone, "This bit gives me goosebumps")
    item = page.locator("#comments article", has_text="goosebumps").first
    expect(item).to_contain_text("Aunt May")
    expect(item).to_contain_text("0:07")
    assert page.evaluate("window.notReloaded") is True


def test_a_reply_an_edit_a_tick_and_an_undo_arrive_too(earmark: Earmark, page: Page, phone: Page) -> None:
    earmark.artist(page)
    earmark.listener(phone, "Bea")
    comment_on(phone, "Too loud here")
    shown(page, "Too loud here")

    mine = phone.locator("#comments article", has_text="Too loud here").first
    mine.get_by_role("button", name="Edit").click()
    mine.get_by_role("textbox").fill("Much too loud here")
    mine.get_by_role("button", name="Save").click()
    shown(page, "Much too loud here")

    on_mine = page.locator("#comments article", has_text="Much too loud here").first
    on_mine.hover()
    on_mine.locator("summary", has_text="Reply").click()
    on_mine.get_by_label("Your reply").fill("Pulling it down")
    on_mine.get_by_role("button", name="Reply").click()
    expect(phone.locator("#comments").get_by_text("Pulling it down")).to_have_count(1)

    on_mine = page.locator("#comments article", has_text="Much too loud here").first
    on_mine.hover()
    on_mine.get_by_role("button", name="Done").first.click()
    expect(phone.get_by_role("link", name=re.compile("Done [1-9]"))).to_be_visible()

    phone.get_by_role("link", name=re.compile("^Done")).click()
    mine = phone.locator("#comments article", has_text="Much too loud here").first
    mine.get_by_role("button", name="Delete").first.click()
    hold_toast(phone)
    page.get_by_role("link", name=re.compile("^Done")).click()
    expect(page.locator("#comments").get_by_text("Much too loud here", exact=True)).to_have_count(0)
    phone.get_by_role("button", name="Undo").click()
    shown(page, "Much too loud here")


def test_who_is_here_and_who_is_typing_is_seen(earmark: Earmark, page: Page, phone: Page) -> None:
    earmark.artist(page)
    earmark.listener(phone, "Cy")

    expect(
        page.get_by_role("banner").get_by_title("Cy").or_(page.get_by_role("banner").get_by_label("Cy"))
    ).to_be_visible()
    phone.locator("#composer-body").press_sequentially("I am wri", delay=30)
    expect(page.locator(".typing-line")).to_contain_text("Cy")


def test_a_comment_over_a_range(earmark: Earmark, page: Page, new_page: NewPage) -> None:
    earmark.artist(page)
    other = earmark.listener(new_page(), "Dee")
    expect(page.get_by_role("banner").get_by_title("Dee")).to_be_visible()
    box = page.get_by_role("slider", name="Position in the song").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.25, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=8)
    page.mouse.up()

    comment_on(page, "Lose this whole part?")

    item = other.locator("#comments article", has_text="Lose this whole part?").first
    expect(item).to_contain_text(re.compile(r"0:0[56] \S 0:1[12]"))
