"""What arrives while a finger is on a button does not take the button away from under it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.earmark import Earmark, upload, wait_until
from tests.browser.two_mixes import two_mixes

PAD = {"kind": "pad", "text": "Where does the singer stand?"}
SLIDER = {"kind": "slider", "text": "How loud is it?", "part": "the bass"}

#: Keeps what the server says at such an address until the next press is down, then lets it in before the finger is up.
ARRIVES_WITH_THE_NEXT_PRESS = """(address) => {
  const ask = window.fetch;
  window.fetch = async (...wanted) => {
    const answer = await ask(...wanted);
    if (String(wanted[0]).endsWith(address)) await new Promise((resolve) => (window.arrive = resolve));
    return answer;
  };
  addEventListener("pointerdown", () => window.arrive?.());
}"""


#: Of a fifth of a second by the page's own clock, where the button was: a click goes to what stood there all the time.
PRESS = """async (button) => {
  const { x, y, width, height } = button.getBoundingClientRect();
  const there = () => document.elementFromPoint(x + width / 2, y + height / 2);
  const point = { bubbles: true, button: 0, pointerId: 1 };
  const pressed = there();
  pressed.dispatchEvent(new PointerEvent("pointerdown", point));
  await new Promise((resolve) => setTimeout(resolve, 200));
  there().dispatchEvent(new PointerEvent("pointerup", point));
  if (there() === pressed) pressed.click();
}"""


@pytest.fixture(autouse=True)
def fresh_version(earmark: Earmark, tmp_path: Any) -> None:
    earmark.versions.append(upload(earmark.api, earmark.song, tmp_path, len(earmark.versions) + 1))


def ask(earmark: Earmark, wording: dict[str, str]) -> None:
    version = earmark.versions[-1]["id"]
    earmark.api.post(f"/api/versions/{version}/questions", json=wording).raise_for_status()


def test_a_tap_counts_although_an_answer_arrives_under_it(earmark: Earmark, phone: Page) -> None:
    ask(earmark, PAD)
    ask(earmark, SLIDER)
    earmark.listener(phone, "Aunt May")
    first, second = (phone.locator(".question-card").nth(number) for number in (0, 1))
    phone.evaluate(ARRIVES_WITH_THE_NEXT_PRESS, "/answers")

    first.locator(".answer-pad").tap(position={"x": 200, "y": 150})
    expect(first.locator(".question-state")).to_contain_text("On its way")
    wait_until(phone, "!!window.arrive")
    top = second.bounding_box()
    second.get_by_role("button", name="Too quiet", exact=True).tap()

    expect(first.locator(".question-state")).to_contain_text("Your answer is kept")
    expect(first.locator(".agreement-plain")).to_be_visible()
    moved = second.bounding_box()
    assert top and moved and moved["y"] > top["y"] + 40, "nothing moved: this test shows nothing"
    expect(second.get_by_role("button", name="Too quiet", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_click_on_a_finding_counts_although_a_note_arrives_under_it(earmark: Earmark, page: Page) -> None:
    mixes = two_mixes(earmark)
    earmark.artist(page, mixes.address)
    expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
    version = mixes.versions[1]["id"]
    page.evaluate(ARRIVES_WITH_THE_NEXT_PRESS, f"/api/versions/{version}/comments")
    address = f"/api/versions/{version}/comments"
    earmark.api.post(address, json={"at": 1.0, "body": "A long breath"}).raise_for_status()
    wait_until(page, "!!window.arrive")

    finding = page.get_by_role("button", name="seconds are new at the start")
    finding.hover()
    finding.evaluate(PRESS)

    expect(finding).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".finding-note")).to_contain_text("A long breath")


def test_what_waited_for_a_long_press_is_shown_before_it_ends(earmark: Earmark, page: Page) -> None:
    earmark.artist(page)
    page.locator(".comments-empty").hover()
    page.mouse.down()

    earmark.comment("Written while somebody held the button", at=3.0)

    expect(page.locator("#comments").get_by_text("Written while somebody held")).to_be_visible()
    page.mouse.up()
