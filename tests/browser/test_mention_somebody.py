"""An @ opens the names; one is chosen by keys or by a finger, shown as text, and told to whoever is mentioned."""

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark, wait_until

NOTHING_WAITS = "!Object.keys(localStorage).some((key) => key.startsWith('earmark.outbox'))"


def newest(page: Page, text: str) -> str:
    return f"#comments article:has-text('{text}')"


def test_a_name_with_spaces_is_chosen_by_keys(
    earmark: Earmark, page: Page, phone: Page, axe: Callable[[Page], None]
) -> None:
    guest = f"Aunt May {uuid4().hex[:4]}"
    earmark.listener(phone, guest)
    earmark.artist(page)
    field = page.locator("#composer-body")
    field.click()
    page.keyboard.type("Hey @aunt m")

    expect(page.locator("#mention-list")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#mention-list .mention-name", has_text=guest)).to_have_count(1)
    page.keyboard.type(guest[6:])  # the whole name but its first letters: one is left
    page.keyboard.press("Backspace")
    expect(page.locator("#mention-list [role=option]")).to_have_count(1)
    axe(page)
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#mention-list")).to_be_hidden()
    expect(field).not_to_have_attribute("aria-expanded", "true")
    page.keyboard.type("louder?")
    expect(field).to_have_value(f"Hey @{guest} louder?")
    page.keyboard.press("Control+Enter")

    mine = page.locator(newest(page, f"Hey @{guest} louder?")).first
    expect(mine.locator(".mention")).to_have_text(f"@{guest}")
    theirs = phone.locator(newest(phone, f"Hey @{guest} louder?")).first
    expect(theirs.locator(".mention.is-you")).to_have_text(f"@{guest}")
    expect(theirs.locator(".mention-mark")).to_be_visible()
    expect(phone.locator(".toast", has_text="Ada mentioned you")).to_be_visible()
    expect(mine.locator(".mention-mark")).to_be_hidden()
    phone.get_by_role("link", name=re.compile("^For you 1")).tap()
    expect(phone.locator("#comments article")).to_have_count(1)


def test_a_finger_chooses_in_a_reply_and_escape_leaves_the_words_alone(
    earmark: Earmark, page: Page, phone: Page
) -> None:
    earmark.artist(page)
    comment = earmark.comment(f"Bright? {uuid4().hex[:4]}", at=2.0)
    earmark.listener(phone, "Bea")
    thread = phone.locator(f"#comment-{comment['id']}")
    thread.locator("summary", has_text="Reply").tap()
    field = thread.get_by_label("Your reply")
    field.press_sequentially("Yes @A")
    phone.locator("#mention-list [role=option]", has_text="Ada").tap()
    expect(field).to_have_value("Yes @Ada ")
    expect(field).to_be_focused()

    field.press_sequentially("and @A")
    expect(phone.locator("#mention-list")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.locator("#mention-list")).to_be_hidden()
    field.press_sequentially("d")
    expect(phone.locator("#mention-list")).to_be_hidden()
    expect(field).to_have_value("Yes @Ada and @Ad")
    thread.get_by_role("button", name="Reply").tap()

    reply = page.locator(f"#comment-{comment['id']} .reply", has_text="Yes @Ada and @Ad")
    expect(reply.locator(".mention")).to_have_text("@Ada")
    expect(reply.locator(".mention-mark")).to_be_visible()


def test_markup_in_a_name_stays_text(earmark: Earmark, page: Page, new_page: NewPage) -> None:
    name = "<img src=x> & Co"
    earmark.artist(page)
    earmark.listener(new_page(), name)
    page.locator("#composer-body").click()
    page.keyboard.type("@<img")
    page.locator("#mention-list [role=option]", has_text=name).click()
    page.keyboard.type("hello")
    page.keyboard.press("Control+Enter")

    said = page.locator("#comments .mention", has_text=f"@{name}").first
    expect(said).to_be_visible()
    assert page.locator("#comments img").count() == 0


def test_a_mention_written_without_a_network_is_sent_with_it(
    earmark: Earmark,
    page: Page,
    phone: Page,
    set_offline: Callable[[Page, bool], None],
    page_errors: PageErrors,
) -> None:
    page_errors.allow("ERR_INTERNET_DISCONNECTED")
    earmark.artist(page)
    earmark.listener(phone, "Cy")
    phone.locator("#composer-body").tap()
    phone.keyboard.type("@")
    phone.locator("#mention-list [role=option]", has_text="Ada").wait_for()
    phone.keyboard.press("Backspace")
    set_offline(phone, True)
    phone.keyboard.type("@ad")
    phone.keyboard.press("Enter")
    phone.keyboard.type("from the train")
    phone.get_by_role("button", name="Post").tap()
    expect(phone.locator("#comments .pending .mention")).to_have_text("@Ada")

    set_offline(phone, False)
    wait_until(phone, NOTHING_WAITS)

    said = page.locator("#comments article", has_text="from the train").first
    expect(said.locator(".mention.is-you")).to_have_text("@Ada")
