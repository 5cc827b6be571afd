"""The band asks, listeners answer by gesture, by finger and by keys, and the band sees where they agree."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark, hold_toast, upload, wait_until
from tests.services.cable import Cable
from tests.services.server import LET_GO_EARLY
from tests.services.waiting import until

Axe = Callable[[Page], None]
NewCable = Callable[[int], Cable]
PAD = {"kind": "pad", "text": "Where does the singer stand?"}
SLIDER = {"kind": "slider", "text": "How loud is it?", "part": "the bass"}
MOMENT = {"kind": "moment", "text": "Is anything too loud?"}
WORDS = {"kind": "words", "text": "What is it about?"}


@pytest.fixture(autouse=True)
def fresh_version(earmark: Earmark, tmp_path: Any) -> None:
    """A version for each test, or they would see one another's questions."""
    earmark.versions.append(upload(earmark.api, earmark.song, tmp_path, len(earmark.versions) + 1))


def ask(earmark: Earmark, *wordings: dict[str, str]) -> list[dict[str, Any]]:
    address = f"/api/versions/{earmark.versions[-1]['id']}/questions"
    return [earmark.api.post(address, json=one).raise_for_status().json() for one in wordings]


@pytest.fixture(scope="module", autouse=True)
def guests(earmark: Earmark) -> Iterator[list[httpx2.Client]]:
    """Four, for all tests here: the door lets so many in a minute."""
    link = earmark.new_link()
    options: Any = {"base_url": earmark.url, "timeout": 30, "limits": LET_GO_EARLY}
    with ExitStack() as stack:
        opened = [stack.enter_context(httpx2.Client(**options)) for _ in range(4)]
        for number, guest in enumerate(opened):
            guest.post(link, data={"name": f"Friend {number}"})
        yield opened


def answer(guests: list[httpx2.Client], question: dict[str, Any], *values: dict[str, Any]) -> None:
    """One answer of each guest, as many as there are values."""
    for guest, value in zip(guests, values, strict=False):
        sent = {"revision": question["revision"], **value}
        guest.post(f"/api/questions/{question['id']}/answers", json=sent).raise_for_status()


def kept(earmark: Earmark) -> list[dict[str, Any]]:
    """What each answer says, as the server has it."""
    address = f"/api/versions/{earmark.versions[-1]['id']}/answers"
    names = ("at", "across", "away", "loudness", "body")
    items = earmark.api.get(address).raise_for_status().json()["items"]
    return [{name: item[name] for name in names if item[name] is not None} for item in items]


def keeps(earmark: Earmark, *wanted: dict[str, Any]) -> None:
    """As soon as what the page sent last has arrived."""
    until(lambda: kept(earmark) == list(wanted))


def card(page: Page, question: dict[str, Any]) -> Locator:
    return page.locator(f'.question-card[data-id="{question["id"]}"]')


def is_kept(card: Locator) -> None:
    expect(card.locator(".question-state")).to_have_text(re.compile("^Your answer is kept"))


def seek(page: Page, at: float) -> None:
    page.evaluate(f"document.querySelector('song-player').seek({at})")
    wait_until(page, f"Math.abs(document.querySelector('song-player').time - {at}) < 0.01")


def test_the_band_asks_from_its_stages_list_and_in_its_own_words(
    earmark: Earmark, page: Page, phone: Page
) -> None:
    earmark.listener(phone, "Aunt May")
    earmark.artist(page)
    expect(phone.get_by_role("region", name="What the band would like to know")).to_be_hidden()

    page.get_by_role("button", name="Ask your listeners").click()
    dialog = page.get_by_role("dialog", name="Ask your listeners")
    dialog.get_by_role("button", name="Where does the singer stand?").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Ask your listeners").click()
    dialog.get_by_label("Answered by").select_option("slider")
    dialog.get_by_label("Your question").fill("And the tambourine?")
    dialog.get_by_label("How loud is what?").fill("the tambourine")
    page.keyboard.press("Enter")

    headings = phone.locator(".question-card h3")
    expect(headings).to_have_text(["Where does the singer stand?", "And the tambourine?"])
    page.get_by_role("button", name="Edit: And the tambourine?").click()
    page.get_by_role("dialog", name="Edit the question").get_by_label("Your question").fill(
        "Hear the tambourine?"
    )
    page.keyboard.press("Enter")
    expect(headings.nth(1)).to_have_text("Hear the tambourine?")

    page.get_by_role("button", name="Withdraw: Where does the singer stand?").click()
    expect(headings).to_have_text(["Hear the tambourine?"])
    page.get_by_role("button", name="Undo").click()
    expect(headings).to_have_count(2)


def test_a_finger_answers_and_the_band_sees_it_at_once(earmark: Earmark, page: Page, phone: Page) -> None:
    pad, slider, moment = ask(earmark, PAD, SLIDER, MOMENT)
    earmark.artist(page)
    earmark.listener(phone, "Aunt May", "?t=7.5")
    box = card(phone, pad).locator(".answer-pad")
    size = box.bounding_box()
    assert size and size["width"] > 300 and size["height"] > 200

    box.tap(position={"x": size["width"] * 0.75, "y": size["height"] * 0.9})
    expect(card(phone, slider).locator(".answer-part")).to_have_text("the bass")
    card(phone, slider).get_by_role("button", name="Too quiet").tap()
    wait_until(phone, "document.querySelector('audio').readyState >= 1")
    card(phone, moment).get_by_role("button", name=re.compile("This moment")).tap()

    for each in (pad, slider, moment):
        is_kept(card(phone, each))
    placed, quiet, marked = kept(earmark)
    assert (placed["across"], placed["away"]) == (pytest.approx(0.5, abs=0.02), pytest.approx(0.1, abs=0.02))
    assert (quiet, marked) == ({"loudness": -60}, {"at": 7.5})
    for each in (pad, slider, moment):
        expect(card(page, each).locator(".agreement-plain")).to_have_text(
            "1 listener so far: too few to tell."
        )
    expect(card(page, pad).locator(".agreement-dot")).to_have_count(1)
    assert [
        button.bounding_box()["height"] >= 44  # type: ignore[index]
        for button in card(phone, slider).locator(".answer-ends button").all()
    ] == [True] * 3


def test_everything_is_answered_changed_and_taken_back_by_keys(earmark: Earmark, page: Page) -> None:
    pad, slider, words = ask(earmark, PAD, SLIDER, WORDS)
    earmark.listener(page, "Bea")
    point = page.get_by_role("slider", name="Where does the singer stand?")
    point.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(point).to_have_attribute("aria-valuetext", "a little left, halfway back")
    is_kept(card(page, pad))
    assert page.evaluate("document.querySelector('song-player').time") == 0, "the arrows moved the song too"

    page.get_by_role("slider", name="How loud is it? the bass").focus()
    page.keyboard.press("End")
    is_kept(card(page, slider))
    page.get_by_role("textbox", name="What is it about?").fill("A bus at night")
    page.keyboard.press("Control+Enter")
    is_kept(card(page, words))
    keeps(earmark, {"across": -0.2, "away": 0.45}, {"loudness": 100}, {"body": "A bus at night"})

    point.focus()
    page.keyboard.press("ArrowUp")
    until(lambda: {"across": -0.2, "away": 0.5} in kept(earmark))
    expect(card(page, pad).locator(".question-own")).to_contain_text("a little left, halfway back")
    take_back = card(page, slider).get_by_role("button", name="Take back: much too loud")
    take_back.focus()
    page.keyboard.press("Enter")
    hold_toast(page)
    expect(card(page, slider).locator(".question-own")).to_be_hidden()
    until(lambda: {"loudness": 100} not in kept(earmark))
    page.get_by_role("button", name="Undo").click()
    is_kept(card(page, slider))
    until(lambda: {"loudness": 100} in kept(earmark))


def test_moments_are_marked_by_a_key_and_sought_again(earmark: Earmark, page: Page) -> None:
    (moment,) = ask(earmark, MOMENT)
    earmark.listener(page, "Cy")
    wait_until(page, "document.querySelector('audio').readyState >= 1")
    for at in (5.0, 12.0, 12.5):
        seek(page, at)
        page.keyboard.press("m")

    expect(card(page, moment).locator(".question-own li")).to_have_count(2)
    is_kept(card(page, moment))
    keeps(earmark, {"at": 5.0}, {"at": 12.0})
    page.get_by_role("button", name="Go to 0:05").click()
    wait_until(page, "Math.abs(document.querySelector('song-player').time - 5) < 0.01")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Mark this moment")


def test_answers_given_in_a_tunnel_are_called_kept_when_they_are(
    earmark: Earmark, page: Page, new_cable: NewCable, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_|WebSocket connection|Failed to fetch")
    slider, words = ask(earmark, SLIDER, WORDS)
    cable = new_cable(earmark.server.port)
    earmark.listener(page, "Eve", at=cable.url)
    cable.cut()

    card(page, slider).get_by_role("button", name="Too loud").click()
    card(page, slider).get_by_role("button", name="Just right").click()
    card(page, words).get_by_role("textbox").fill("In the dark")
    card(page, words).get_by_role("button", name="Answer", exact=True).click()
    for each in (slider, words):
        expect(card(page, each).locator(".question-state")).to_have_text(re.compile("^On its way"))
    assert kept(earmark) == []
    cable.heal()

    for each in (slider, words):
        expect(card(page, each).locator(".question-state")).to_have_text(
            re.compile("^Your answer is kept"), timeout=30_000
        )
    keeps(earmark, {"loudness": 0}, {"body": "In the dark"})
    expect(card(page, slider).locator(".question-own li")).to_have_count(1)


def test_a_question_that_was_rewritten_meanwhile_gives_the_words_back(
    earmark: Earmark, page: Page, new_cable: NewCable, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_|WebSocket connection|Failed to fetch|409")
    (words,) = ask(earmark, WORDS)
    cable = new_cable(earmark.server.port)
    earmark.listener(page, "Fay", at=cable.url)
    cable.cut()
    card(page, words).get_by_role("textbox").fill("My long answer")
    card(page, words).get_by_role("button", name="Answer", exact=True).click()
    earmark.api.patch(f"/api/questions/{words['id']}", json={"text": "And now?"}).raise_for_status()
    cable.heal()

    expect(page.locator(".toast")).to_contain_text("The question was changed meanwhile", timeout=30_000)
    expect(card(page, words).locator("h3")).to_have_text("And now?", timeout=30_000)
    expect(card(page, words).get_by_role("textbox")).to_have_value("My long answer")
    assert kept(earmark) == []


def test_the_band_sees_where_listeners_agree_and_what_the_file_says(
    earmark: Earmark, page: Page, guests: list[httpx2.Client]
) -> None:
    pad, moment, words = ask(earmark, PAD, MOMENT, WORDS)
    answer(guests, pad, *[{"across": -0.3, "away": 0.1 * n} for n in range(3)], {"across": 0.9, "away": 1.0})
    answer(guests, moment, {"at": 9.0}, {"at": 10.0}, {"at": 20.0})
    answer(guests, words, {"body": "<b>Love</b>"})
    earmark.artist(page)

    results = card(page, pad).locator(".question-results")
    expect(results.locator(".agreement-plain")).to_have_text("3 of 4 agree: a little left, near.")
    expect(results.locator(".agreement-dot")).to_have_count(4)
    expect(results.locator("ellipse:not(.scattered)")).to_have_count(1)
    expect(results).to_contain_text("Where one voice or instrument stands in it cannot be read")
    expect(card(page, moment).locator(".agreement-measured")).to_contain_text("At 0:09 the file")
    card(page, moment).get_by_role("button", name="0:09 \N{EN DASH} 0:10 · 2 of 3").click()
    wait_until(page, "Math.abs(document.querySelector('song-player').time - 7) < 0.01")
    expect(card(page, words).locator(".agreement-words")).to_have_text("Friend 0 <b>Love</b>")


def test_a_listener_sees_what_others_said_after_answering(
    earmark: Earmark, page: Page, guests: list[httpx2.Client]
) -> None:
    (slider,) = ask(earmark, SLIDER)
    answer(guests, slider, {"loudness": 50}, {"loudness": 60})
    earmark.listener(page, "Gus")
    expect(card(page, slider).locator(".question-results")).to_be_hidden()

    card(page, slider).get_by_role("button", name="Too loud").click()

    results = card(page, slider).locator(".question-results")
    expect(results.locator(".agreement-plain")).to_have_text("3 of 3 agree: the bass is a little too loud.")
    expect(results.locator(".agreement-measured")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True), (390, True)])
def test_axe_finds_nothing_in_what_is_asked_and_answered(
    earmark: Earmark, new_page: NewPage, axe: Axe, guests: list[httpx2.Client], width: int, dark: bool
) -> None:
    pad, slider, moment = ask(earmark, PAD, SLIDER, MOMENT)
    answer(guests, pad, *[{"across": 0.1 * n, "away": 0.2} for n in range(4)])
    answer(guests, slider, {"loudness": -90}, {"loudness": 0}, {"loudness": 90})
    answer(guests, moment, {"at": 9.0}, {"at": 10.0}, {"at": 20.0})
    band = earmark.artist(new_page(width=width, dark=dark))
    expect(band.locator(".agreement-measured")).to_have_count(3)
    for fold in band.locator(".question-fold summary").all():
        fold.click()
    listener = earmark.listener(new_page(width=width, dark=dark), "Hal")
    card(listener, slider).get_by_role("button", name="Just right").click()
    # what the others said opens under it and moves the next question down
    expect(card(listener, slider).locator(".agreement-plain")).not_to_be_empty()
    card(listener, moment).get_by_role("button", name=re.compile("This moment")).click()
    is_kept(card(listener, moment))
    expect(card(band, slider).locator(".agreement-plain")).to_contain_text("2 just right")
    expect(card(band, moment).locator(".agreement-plain")).to_contain_text("of 4 marked")

    for page in (band, listener):
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
    band.get_by_role("button", name=f"Withdraw: {PAD['text']}").click()
    band.get_by_role("button", name="Ask your listeners").click()
    expect(band.locator(".suggested-one").first).to_be_visible()
    axe(band)
