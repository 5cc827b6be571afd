"""Somebody who has never seen a waveform, on a phone: from the link to the first words."""

from playwright.sync_api import Page, expect

from tests.browser.earmark import Earmark, live, wait_until


def test_from_the_link_to_a_comment(earmark: Earmark, phone: Page) -> None:
    phone.goto(earmark.url + earmark.new_link())
    expect(phone.get_by_text("The Lanterns asked you to listen")).to_be_visible()
    expect(phone.get_by_text("No account, nothing to install.")).to_be_visible()

    phone.get_by_label("Your name").fill("Aunt May")
    phone.get_by_role("button", name="Listen").tap()
    expect(phone.get_by_text("You are here as")).to_contain_text("Aunt May")
    expect(phone.get_by_role("heading", name="Night Bus")).to_be_visible()
    live(phone).get_by_role("button", name="Play", exact=True).tap()
    wait_until(phone, "document.querySelector('audio').currentTime > 0.5")
    assert "as=opus" in phone.evaluate("document.querySelector('audio').currentSrc")
    phone.locator("#composer-body").fill("Lovely start")
    phone.get_by_role("button", name="Post").tap()

    expect(phone.locator("#comments").get_by_text("Lovely start", exact=True)).to_have_count(1)


def test_everything_to_tap_is_large_enough_for_a_thumb(earmark: Earmark, phone: Page) -> None:
    earmark.comment("Something to answer", at=4.0)
    earmark.listener(phone, "Ida")
    expect(phone.locator("#comments article").first).to_be_visible()

    small = phone.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input, textarea')]
            .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden') && one.type !== 'hidden')
            .map((one) => ({ what: one.outerHTML.slice(0, 90), box: one.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 24))
            .map(({ what, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${what}`)"""
    )

    # A time inside a line of text is a link as in any text; everything else is a target of its own.
    assert [one for one in small if "comment-time" not in one] == []


def test_a_name_is_remembered(earmark: Earmark, phone: Page) -> None:
    earmark.listener(phone, "Jo")
    phone.goto(earmark.url + earmark.new_link())

    expect(phone.get_by_label("Your name")).to_have_value("Jo")


def test_a_tap_on_the_waveform_seeks(earmark: Earmark, phone: Page) -> None:
    earmark.listener(phone, "Kit")
    wait_until(phone, "document.querySelector('audio').readyState >= 1")
    wave = phone.get_by_role("slider", name="Position in the song")
    box = wave.bounding_box()
    assert box
    wave.tap(position={"x": box["width"] / 2, "y": box["height"] / 2})

    wait_until(phone, "Math.abs(document.querySelector('audio').currentTime - 12) < 0.6")


def test_an_ended_link_says_what_to_do(earmark: Earmark, phone: Page, page_errors: object) -> None:
    page_errors.allow("status of 404")  # type: ignore[attr-defined]
    link = earmark.api.post(f"/api/songs/{earmark.song}/links", json={}).json()
    earmark.api.delete(f"/api/links/{link['id']}")

    phone.goto(f"{earmark.url}/r/{link['url'].rpartition('/r/')[2]}")

    expect(phone.get_by_text("Ask whoever sent it for a new one")).to_be_visible()
