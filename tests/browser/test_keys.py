"""Every key that the list names does what it says, every key that does something is in the list, none while writing."""

import json
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.earmark import Earmark, live, read_all, wait_until
from tests.browser.two_mixes import two_mixes

PLAYER = "document.querySelector('song-player')"
COMPARED = "document.querySelector('#lanes [role=slider]')"


@dataclass(frozen=True)
class Check:
    """A key, and what of the page it changes; `first` leads to where it can."""

    key: str
    changes: str
    first: tuple[str, ...] = ()


REVIEW = {
    "  k": Check(" ", f"{PLAYER}.playing"),
    "ArrowLeft": Check("ArrowLeft", f"{PLAYER}.time", ("End",)),
    "ArrowRight": Check("ArrowRight", f"{PLAYER}.time", ("Home",)),
    "Home": Check("Home", f"{PLAYER}.time", ("End",)),
    "End": Check("End", f"{PLAYER}.time", ("Home",)),
    "1 2 3 4 5 6 7 8 9": Check(
        "1", "document.querySelector('.version-pills [aria-current]').textContent", ("2",)
    ),
    "r": Check("r", f"{PLAYER}.marking"),
    "l": Check("l", "document.querySelector('.loop-button').getAttribute('aria-pressed')"),
    "Escape": Check("Escape", f"{PLAYER}.marking", ("r",)),
    "+ =": Check("+", "document.querySelector('waveform-view').classList.contains('zoomed')"),
    "-": Check("-", "document.querySelector('waveform-view').classList.contains('zoomed')", ("0", "+")),
    "0": Check("0", "document.querySelector('waveform-view').classList.contains('zoomed')", ("0", "+")),
    "c": Check("c", "document.activeElement.id"),
    "n": Check("n", "document.activeElement.id", ("2", "Home")),
    "p": Check("p", "document.activeElement.id", ("2", "End")),
    "u": Check("u", "document.activeElement.id"),
    "e": Check("e", "document.querySelector('.unread-bar').hidden"),
    "z": Check("z", "document.querySelectorAll('.toast').length", ("e",)),
    "t": Check("t", "document.querySelector('.together-button').getAttribute('aria-pressed')"),
    "?": Check("?", "document.querySelector('#keys-dialog').open"),
    "@": Check("@", "document.querySelector('#mention-list').hidden", ("c",)),
    "Control+Enter": Check(
        "Control+Enter", "document.querySelectorAll('#comments article').length", ("c", "x")
    ),
} | {
    key: Check(
        key, f"[...document.querySelectorAll('.toast')].some((each) => each.textContent.includes('{says}'))"
    )
    for key, says in zip("asdfgh", ("Love", "Goose", "Lost", "loud", "hear it", "the words"), strict=True)
}
COMPARE = {
    "x": Check("x", "document.querySelector('#lanes').dataset.side"),
    "  k": Check(" ", "document.querySelector('#play').getAttribute('aria-label')"),
    "ArrowLeft": Check(
        "ArrowLeft", f"{COMPARED}.getAttribute('aria-valuenow')", ("ArrowRight", "ArrowRight")
    ),
    "ArrowRight": Check("ArrowRight", f"{COMPARED}.getAttribute('aria-valuenow')"),
    "e": Check("e", "document.querySelector('#equal').getAttribute('aria-pressed')"),
    "d": Check("d", "document.querySelector('#only-changed').getAttribute('aria-pressed')"),
    "s": Check("s", "location.search"),
    "n": Check("n", "document.querySelector('#findings [aria-pressed=true]')?.textContent"),
    "p": Check("p", "document.querySelector('#findings [aria-pressed=true]')?.textContent"),
    "r": Check("r", "document.querySelector('#mark-range').getAttribute('aria-pressed')"),
    "Escape": Check("Escape", "document.querySelector('#mark-range').getAttribute('aria-pressed')", ("r",)),
    "+ =": Check("+", "document.querySelector('#lanes').classList.contains('zoomed')"),
    "-": Check("-", "document.querySelector('#lanes').classList.contains('zoomed')", ("0", "+")),
    "0": Check("0", "document.querySelector('#lanes').classList.contains('zoomed')", ("0", "+")),
    "?": Check("?", "document.querySelector('#keys-dialog').open"),
}
# Tried elsewhere: before and after of a carried comment, answers to questions, and a message that is not there.
NOT_HERE = {"review": {"x", "m", "ArrowLeft ArrowRight ArrowUp ArrowDown"}, "compare": {"z"}}
NEWS = ("u", "e", "z")  # there has to be something new for these
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def listed(page: Page) -> dict[str, str]:
    """What the list says, by the keys of its rows."""
    page.keyboard.press("?")
    page.locator("#keys-dialog[open]").wait_for()
    rows = page.locator("#keys-dialog [data-keys]")
    found = {str(row.get_attribute("data-keys")): row.locator("dd").inner_text() for row in rows.all()}
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).to_be_hidden()
    return found


def try_out(page: Page, check: Check) -> None:
    for key in check.first:
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    before = json.dumps(page.evaluate(check.changes))
    page.keyboard.press(check.key)
    try:
        wait_until(page, f"JSON.stringify({check.changes} ?? null) !== {json.dumps(before)}")
    except AssertionError as error:
        raise AssertionError(f"{check} changed nothing: {before}") from error


def state(page: Page) -> str:
    """What a key could have changed."""
    return str(page.evaluate('document.body.innerHTML.replace(/ (style|tabindex)="[^"]*"/g, \'\')'))


def test_each_key_of_the_review_page_does_what_the_list_says(
    earmark: Earmark, page: Page, phone: Page
) -> None:
    for at in (3.0, 9.0, 15.0):
        earmark.comment(f"At {at}", at)
    earmark.artist(page)
    earmark.listener(phone, "Hal")
    rows = listed(page)
    assert set(rows) - NOT_HERE["review"] == set(REVIEW)
    for row, check in REVIEW.items():
        if row in NEWS:  # on a later version than the one on show: it is not carried here, and read at once
            address = f"{earmark.url}/api/versions/{earmark.versions[-1]['id']}/comments"
            phone.request.post(address, data={"at": 1.0, "body": f"New, for {row}"})
        page.goto(f"{earmark.address}?v=1" if row in NEWS else earmark.address)
        page.locator("song-player:defined").wait_for()
        expect(page.locator("#here")).to_be_visible()
        if row in NEWS:
            expect(page.locator(".unread-bar")).to_be_visible()
        try_out(page, check)


def test_each_key_of_the_compare_page_does_what_the_list_says(earmark: Earmark, page: Page) -> None:
    mixes = two_mixes(earmark)
    for row, check in COMPARE.items():
        earmark.artist(page, mixes.address)
        expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
        if row == "x":
            assert set(listed(page)) - NOT_HERE["compare"] == set(COMPARE)
        try_out(page, check)


def calm(page: Page) -> str:
    """The page's state once nothing changes by itself any more: what is read elsewhere is told to it late."""
    page.wait_for_load_state("networkidle")
    wait_until(page, "document.querySelector('audio').readyState >= 1")
    before, now = "", state(page)
    while now != before:
        page.wait_for_timeout(1000)
        before, now = now, state(page)
    return now


def test_no_key_does_anything_that_the_list_leaves_out(earmark: Earmark, page: Page) -> None:
    read_all(earmark)  # or the marks of what is new would go by themselves
    earmark.artist(page)
    rows = listed(page)
    named = {key for row in rows for key in row.split()}
    before = calm(page)
    for key in LETTERS:
        if key not in named:
            page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert state(page) == before


def test_while_writing_a_letter_is_a_letter(earmark: Earmark, page: Page) -> None:
    earmark.artist(page)
    field = page.locator("#composer-body")
    field.click()
    page.keyboard.type(LETTERS)
    expect(field).to_have_value(LETTERS)
    expect(page.locator(".toast")).to_have_count(0)
    assert page.evaluate(f"{PLAYER}.playing") is False


def test_the_button_opens_the_list_and_letters_can_be_turned_off(earmark: Earmark, page: Page) -> None:
    earmark.artist(page)
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.get_by_label("Letters and digits are keys").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("s")
    page.keyboard.press("c")
    expect(page.locator(".toast")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") != "composer-body"

    page.reload()
    page.keyboard.press("c")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Letters and digits are keys").check()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#composer-body")).to_be_focused()


def test_who_may_only_listen_is_told_only_keys_that_work(earmark: Earmark, page: Page) -> None:
    page.goto(earmark.url + earmark.new_link(may_comment=False))
    page.get_by_label("Your name").fill("Lou")
    page.get_by_role("button", name="Listen").click()
    assert not {"a", "s", "c", "@"} & set(listed(live(page)))
