"""How many taps a listener who knows nothing needs, counted in the page itself: the counts may fall, never rise."""

from playwright.sync_api import Page, expect

from tests.browser.earmark import Earmark, live, wait_until

FIRST_REACTION = 1
"""Taps from the name and Listen to the first reaction."""
FIRST_COMMENT = 2
"""Taps from there to the first written comment: into the box, and Post."""

_COUNT = """addEventListener('click', (event) => {
    if (event.isTrusted) sessionStorage.setItem('taps', Number(sessionStorage.getItem('taps') ?? 0) + 1);
}, true);"""
_NOTHING_WAITS = "!Object.keys(localStorage).some((key) => key.startsWith('earmark.outbox'))"


def taps(page: Page) -> int:
    """Every tap that any of the pages got since the link was opened."""
    return int(page.evaluate("Number(sessionStorage.getItem('taps') ?? 0)"))


def test_one_tap_to_the_first_reaction_and_two_more_to_the_first_comment(
    earmark: Earmark, phone: Page
) -> None:
    phone.add_init_script(_COUNT)
    phone.goto(earmark.url + earmark.new_link())
    phone.get_by_label("Your name").tap()
    phone.keyboard.type("Aunt May")
    phone.get_by_role("button", name="Listen").tap()
    expect(live(phone).get_by_role("button", name="Love this", exact=True)).to_be_enabled()
    inside = taps(phone)
    assert inside == 2, "into the name, and Listen"

    phone.get_by_role("button", name="Love this", exact=True).tap()

    expect(phone.locator(".curve-button")).to_have_count(1)
    assert taps(phone) - inside == FIRST_REACTION
    wait_until(phone, _NOTHING_WAITS)
    address = f"/api/versions/{earmark.versions[-1]['id']}"
    kept = earmark.api.get(f"{address}/reactions").json()["items"]
    assert [(one["kind"], one["author"]["name"]) for one in kept] == [("love", "Aunt May")]

    phone.locator("#composer-body").tap()
    phone.keyboard.type("Lovely start")
    phone.get_by_role("button", name="Post").tap()

    expect(phone.locator("#comments").get_by_text("Lovely start", exact=True)).to_have_count(1)
    assert taps(phone) - inside - FIRST_REACTION == FIRST_COMMENT
    wait_until(phone, _NOTHING_WAITS)
    kept = earmark.api.get(f"{address}/comments").json()["items"]
    assert [(one["body"], one["author"]["name"]) for one in kept] == [("Lovely start", "Aunt May")]


def test_what_is_tapped_first_is_on_the_first_screen(earmark: Earmark, phone: Page) -> None:
    """A tap that has to be looked for by scrolling is no single tap."""
    earmark.listener(phone, "Bea")

    buttons = phone.get_by_role("group", name="What do you hear right now?").get_by_role("button")
    assert buttons.count() == 6
    for button in buttons.all():
        label = button.inner_text()
        box = button.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 844, label
        assert box["height"] >= 44 and box["width"] >= 120, label
