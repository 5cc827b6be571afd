"""A new version from the page: dropped, chosen, without scripts; its progress and what is wrong with it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark
from tests.sound.signals import noise, write

DROP = """async ({ name, bytes }) => {
    const file = new File([new Uint8Array(bytes)], name);
    const data = new DataTransfer();
    data.items.add(file);
    const target = document.querySelector("input[type=file]").closest("label, .drop-area, upload-form");
    for (const type of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""


def recording(folder: Path, name: str = "take") -> Path:
    return write(folder, noise(3.0, dbfs=-20.0), name=name)


def labels(earmark: Earmark) -> list[Any]:
    versions = earmark.api.get(f"/api/songs/{earmark.song}/versions").json()["items"]
    return [(version["label"], version["stage"]) for version in versions]


def test_a_dropped_file_becomes_a_version_while_one_watches(
    earmark: Earmark, page: Page, tmp_path: Path
) -> None:
    file = recording(tmp_path)
    earmark.artist(page, f"/songs/{earmark.song}/versions/new")
    page.get_by_role("radio", name="Mastering").check(force=True)
    page.get_by_label("Label").fill("dropped")

    page.evaluate(DROP, {"name": file.name, "bytes": list(file.read_bytes())})
    expect(page.locator(".upload-name")).to_have_text(file.name)
    page.get_by_role("button", name="Upload the version").click()

    expect(page.locator(".version-pill[aria-current]")).to_contain_text("dropped", timeout=30_000)
    expect(page.locator("waveform-view canvas").first).to_be_visible(timeout=30_000)
    assert ("dropped", "mastering") in labels(earmark)


def test_the_artists_open_page_shows_the_new_version_as_it_is_prepared(
    earmark: Earmark, page: Page, tmp_path: Path
) -> None:
    earmark.artist(page)
    with recording(tmp_path).open("rb") as content:
        form = {"stage": "distribution", "label": "while watching"}
        earmark.api.post(
            f"/api/songs/{earmark.song}/versions", data=form, files={"file": content}
        ).raise_for_status()

    expect(page.locator("[data-stage=distribution]").get_by_role("link").last).to_be_visible()


def test_the_form_works_without_scripts(earmark: Earmark, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(java_script_enabled=False)
    earmark.artist(page, f"/songs/{earmark.song}/versions/new")
    page.get_by_role("radio", name="Recording").check(force=True)
    page.get_by_label("Label").fill("by plain form")
    page.locator("input[type=file]").set_input_files(recording(tmp_path))
    page.locator("form[enctype='multipart/form-data'] button[type=submit]").click()

    expect(page.get_by_role("heading", name="Night Bus", exact=True)).to_be_visible()
    assert ("by plain form", "recording") in labels(earmark)


def test_a_text_file_called_wav_is_refused_in_words(
    earmark: Earmark, page: Page, tmp_path: Path, page_errors: object
) -> None:
    page_errors.allow("status of (422|404)")  # type: ignore[attr-defined]
    lie = tmp_path / "lyrics.wav"
    lie.write_text("Night bus, take me home\n" * 200)
    before = labels(earmark)
    earmark.artist(page, f"/songs/{earmark.song}/versions/new")
    page.locator("input[type=file]").set_input_files(lie)
    page.get_by_role("button", name="Upload the version").click()

    expect(page.get_by_text("not an audio file").first).to_be_visible()
    assert labels(earmark) == before
