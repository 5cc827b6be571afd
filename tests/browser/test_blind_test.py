"""A blind test on the phones of those who were asked, from the link to the answer."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.blind import TAP, address, blind_test, hears_the_sine, sine_and_noise
from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark


@pytest.fixture(scope="module")
def versions(earmark: Earmark, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return sine_and_noise(earmark, tmp_path_factory.mktemp("blind"))


@pytest.fixture
def test(earmark: Earmark, versions: Any) -> dict[str, Any]:
    return blind_test(earmark, *versions, question="Which verse is warmer?")


def by_link(earmark: Earmark, page: Page, test: dict[str, Any], name: str) -> Page:
    """Somebody who was sent the link of this test."""
    page.add_init_script(TAP)
    link = earmark.new_link(versions=[test["a"], test["b"]])
    page.goto(f"{earmark.url}{link}?blind={test['id']}")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Listen").click()
    return ready(page)


def ready(page: Page) -> Page:
    expect(side(page, "X")).to_be_enabled()
    page.wait_for_load_state("load")
    return page


def side(page: Page, letter: str) -> Any:
    return page.get_by_role("group", name="Listen").get_by_role("button", name=re.compile(f"^{letter}"))


def choice(page: Page, words: str) -> Any:
    return page.locator(".blind-votes").get_by_role("button", name=words)


def test_open_listen_switch_vote_and_see_the_band_reveal_it(
    earmark: Earmark, phone: Page, page: Page, test: dict[str, Any]
) -> None:
    earmark.artist(page, address(earmark, test))
    page.get_by_role("button", name="Make a link to send").click()
    link = page.get_by_role("textbox", name="Send this link").input_value()
    page.goto(earmark.url + address(earmark, test))
    page.evaluate("window.notReloaded = true")

    phone.add_init_script(TAP)
    phone.goto(link)
    phone.get_by_label("Your name").fill("Aunt May")
    phone.get_by_role("button", name="Listen").tap()
    expect(ready(phone).get_by_role("heading", name="Which verse is warmer?")).to_be_visible()
    assert phone.url.endswith(address(earmark, test))
    phone.evaluate("window.notReloaded = true")

    side(phone, "X").tap()
    expect(side(phone, "X")).to_have_attribute("aria-pressed", "true")
    x_is_the_sine = hears_the_sine(phone)
    side(phone, "Y").tap()
    expect(side(phone, "Y")).to_have_attribute("aria-pressed", "true")
    expect(side(phone, "X")).to_have_attribute("aria-pressed", "false")
    assert hears_the_sine(phone) is not x_is_the_sine

    choice(phone, "Y").tap()
    expect(phone.get_by_text("You have voted.")).to_be_visible()
    expect(phone.locator("#blind-count")).to_have_text("1 has voted")
    expect(page.locator("#blind-count")).to_have_text("1 has voted")
    with phone.expect_response("**/vote"):
        choice(phone, "X").tap()
    expect(choice(phone, "X")).to_have_attribute("aria-pressed", "true")
    expect(choice(phone, "Y")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#blind-count")).to_have_text("1 has voted")

    page.locator("summary", has_text="Reveal").click()
    page.get_by_role("button", name="Reveal it to everybody").click()

    sine, noise = (f"v{number}" for number in test["numbers"])
    x, y = (sine, noise) if x_is_the_sine else (noise, sine)
    for shown in (phone, page):
        expect(shown.locator(".blind-sentence")).to_contain_text(f"1 of 1 preferred {x}.")
        expect(shown.get_by_role("listitem").filter(has_text="Aunt May")).to_contain_text(x)
        assert shown.evaluate("window.notReloaded") is True
    expect(phone.get_by_role("heading", name=f"You heard {x} as X and {y} as Y")).to_be_visible()
    expect(side(phone, "X")).to_contain_text(x)
    expect(side(phone, "Y")).to_contain_text(y)
    expect(page.get_by_role("heading", name=re.compile("You heard v"))).to_be_focused()
    # The music went on through all of that.
    expect(side(phone, "Y")).to_have_attribute("aria-pressed", "true")
    assert hears_the_sine(phone) is not x_is_the_sine


def test_by_keyboard_alone(earmark: Earmark, page: Page, test: dict[str, Any]) -> None:
    page.add_init_script(TAP)
    ready(earmark.artist(page, address(earmark, test)))

    page.keyboard.press("y")
    expect(side(page, "Y")).to_have_attribute("aria-pressed", "true")
    y_is_the_sine = hears_the_sine(page)
    page.keyboard.press("x")
    expect(side(page, "X")).to_have_attribute("aria-pressed", "true")
    assert hears_the_sine(page) is not y_is_the_sine
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    expect(side(page, "X")).to_have_attribute("aria-pressed", "false")
    choice(page, "No difference").focus()
    page.keyboard.press("Enter")
    expect(choice(page, "No difference")).to_have_attribute("aria-pressed", "true")


def test_a_vote_is_still_there_tomorrow(earmark: Earmark, phone: Page, test: dict[str, Any]) -> None:
    by_link(earmark, phone, test, "Bea")
    choice(phone, "Y").tap()
    expect(phone.get_by_text("You have voted.")).to_be_visible()

    ready(phone).reload()

    expect(choice(phone, "Y")).to_have_attribute("aria-pressed", "true")


def test_nothing_in_the_page_tells_which_is_which(
    earmark: Earmark, new_page: NewPage, test: dict[str, Any]
) -> None:
    pages = [by_link(earmark, new_page(), test, "Cy") for _ in range(6)]
    heard = []
    for page in pages:
        side(page, "X").click()
        heard.append(hears_the_sine(page))
    texts = {
        re.sub("[0-9a-f]{8}-[0-9a-f-]{27}|hue[^0-9]*[0-9]|seq[^0-9]*[0-9]+", "", _source(page))
        for page in pages
    }

    assert len(texts) == 1
    sine, noise = (f"v{number}" for number in test["numbers"])
    assert not re.search(rf"\b({sine}|{noise})\b", next(iter(texts)))


def _source(page: Page) -> str:
    return page.request.get(page.url).text()


def test_a_link_for_listening_only_says_so(earmark: Earmark, phone: Page, test: dict[str, Any]) -> None:
    phone.goto(f"{earmark.url}{earmark.new_link(may_comment=False)}?blind={test['id']}")
    phone.get_by_label("Your name").fill("Lou")
    phone.get_by_role("button", name="Listen").tap()

    expect(phone.get_by_text("Your link is for listening only.")).to_be_visible()
    expect(phone.locator(".blind-votes")).to_have_count(0)
    expect(ready(phone).get_by_role("button", name="Stop")).to_be_visible()


def test_a_vote_that_comes_too_late_is_told_the_answer(
    earmark: Earmark, phone: Page, test: dict[str, Any], page_errors: object
) -> None:
    page_errors.allow("status of 409")  # type: ignore[attr-defined]
    phone.route_web_socket("**/live?*", lambda silent: None)  # nobody tells this page of the reveal
    by_link(earmark, phone, test, "Dee")
    earmark.api.post(f"/api/blind-tests/{test['id']}/reveal").raise_for_status()

    choice(phone, "X").tap()

    expect(phone.locator(".blind-sentence")).to_have_text("Nobody has voted.")


def test_deleting_it_can_be_undone(earmark: Earmark, page: Page, phone: Page, test: dict[str, Any]) -> None:
    by_link(earmark, phone, test, "Eve")
    ready(earmark.artist(page, address(earmark, test)))

    page.locator("summary", has_text="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="This blind test was deleted")).to_be_visible()
    expect(phone.get_by_text("The band has taken this blind test away.")).to_be_visible()
    expect(phone.locator(".blind-votes")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()

    for shown in (page, phone):
        expect(shown.get_by_role("heading", name="Which verse is warmer?")).to_be_visible()
        expect(side(shown, "X")).to_be_enabled()
        expect(choice(shown, "X")).to_be_visible()


def test_it_works_without_scripts(earmark: Earmark, new_page: NewPage, test: dict[str, Any]) -> None:
    page = new_page(java_script_enabled=False)
    earmark.artist(page, address(earmark, test))

    expect(page.locator("noscript audio, .blind-plain audio")).to_have_count(2)
    choice(page, "Y").click()
    expect(choice(page, "Y")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#blind-count")).to_have_text("1 has voted")
    page.locator("summary", has_text="Reveal").click()
    page.get_by_role("button", name="Reveal it to everybody").click()
    expect(page.locator(".blind-sentence")).to_contain_text("1 of 1 preferred v")


def test_a_sound_that_cannot_be_had_says_so(
    earmark: Earmark, phone: Page, test: dict[str, Any], page_errors: object
) -> None:
    page_errors.allow("ERR_FAILED")  # type: ignore[attr-defined]
    phone.route("**/audio/y", lambda route: route.abort())
    by_link(earmark, phone, test, "Flo")

    side(phone, "X").tap()

    expect(phone.get_by_role("alert")).to_have_text("There is no connection to the server.")
    expect(side(phone, "X")).to_have_attribute("aria-pressed", "false")
    phone.unroute("**/audio/y")
    side(phone, "X").tap()
    expect(phone.get_by_role("button", name="Stop")).to_be_enabled()
    expect(side(phone, "X")).to_have_attribute("aria-pressed", "true")
    hears_the_sine(phone)  # something sounds


def test_everything_to_tap_is_large_enough_for_a_thumb(
    earmark: Earmark, phone: Page, test: dict[str, Any]
) -> None:
    by_link(earmark, phone, test, "Gus")

    small = phone.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input')]
            .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden, p'))
            .map((one) => ({ what: one.outerHTML.slice(0, 90), box: one.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
            .map(({ what, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${what}`)"""
    )

    assert small == []


def test_it_is_made_on_the_compare_page(earmark: Earmark, page: Page, versions: Any) -> None:
    a, b = (version["number"] for version in versions)
    earmark.artist(page, f"/songs/{earmark.song}/compare?a={a}&b={b}")
    page.get_by_role("button", name="Blind test").click()
    dialog = page.get_by_role("dialog", name="Blind test")
    dialog.get_by_label("Question").fill("Which ending?")

    dialog.get_by_role("button", name="Make the test").click()
    dialog.get_by_role("link", name="Open the test").click()

    expect(ready(page).get_by_role("heading", name="Which ending?")).to_be_visible()
    side(page, "Y").click()
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()

    earmark.artist(page, f"/songs/{earmark.song}/compare?a={a}&b={b}")
    page.get_by_role("button", name="Blind test").click()
    dialog.get_by_role("link", name=re.compile("Which ending?.*Nobody has voted yet")).click()
    expect(ready(page).get_by_role("heading", name="Which ending?")).to_be_visible()
