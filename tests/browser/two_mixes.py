"""A song with two mixes whose every difference is known, on a running Earmark."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from playwright.sync_api import Page, expect

from tests.browser.earmark import Earmark, ready
from tests.browser.hearing import wiretap
from tests.difference.studio import RATE, Audio, decibels, mixed, play, spliced, steady
from tests.services.waiting import until

GAIN_DB = 3.0
LEAD_IN = 2.0  # seconds before B begins
CUT = (12.0, 16.0)  # of A, that B leaves out
PILOT_HZ = 15_000.0  # so quiet and high that nobody hears it: only B has it


@dataclass(frozen=True)
class TwoMixes:
    song: str
    versions: list[dict[str, Any]]
    a: Audio
    b: Audio

    @property
    def address(self) -> str:
        return f"/songs/{self.song}/compare?a=1&b=2"


def two_mixes(earmark: Earmark) -> TwoMixes:
    """B begins later, is louder, and leaves four seconds out."""
    a = np.asarray(0.4 * mixed(play(steady(112))), dtype=np.float32)
    kept = spliced(a, (0.0, CUT[0]), (CUT[1], len(a) / RATE))
    b = np.concatenate([np.zeros((round(LEAD_IN * RATE), 2), np.float32), decibels(GAIN_DB) * kept])
    pilot = 0.002 * np.sin(2 * np.pi * PILOT_HZ * np.arange(len(b)) / RATE)
    b = np.asarray(b + pilot[:, None], dtype=np.float32)
    song = earmark.api.post("/api/songs", json={"title": "Two mixes"}).raise_for_status().json()["id"]
    with tempfile.TemporaryDirectory() as folder:
        versions = [_upload(earmark, song, Path(folder), name, sound) for name, sound in (("a", a), ("b", b))]
    return TwoMixes(song, versions, a, b)


def add_mix(earmark: Earmark, song: str, sound: Audio, name: str, **fields: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return _upload(earmark, song, Path(folder), name, sound, **fields)


def compared(earmark: Earmark, page: Page, mixes: TwoMixes, more: str = "") -> Page:
    """The artist on the compare page, once the comparison is there."""
    wiretap(page, RATE)
    earmark.artist(page, mixes.address + more)
    expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
    return page


def has_pilot(sound: Audio) -> bool:
    """Whether B is what sounds."""
    window = np.hanning(len(sound))[:, None] * sound
    spectrum = np.abs(np.fft.rfft(window.mean(axis=1)))
    bin = round(PILOT_HZ * len(sound) / RATE)
    around = np.concatenate([spectrum[bin - 40 : bin - 10], spectrum[bin + 10 : bin + 40]])
    return bool(spectrum[bin - 2 : bin + 3].max() > 6 * np.median(around))


def _upload(
    earmark: Earmark, song: str, folder: Path, name: str, sound: Audio, **fields: str
) -> dict[str, Any]:
    file = folder / f"{name}.wav"
    soundfile.write(file, sound, RATE, subtype="PCM_24")
    form = {"stage": "mixing", "label": f"mix {name}"} | fields
    with file.open("rb") as content:
        answer = earmark.api.post(f"/api/songs/{song}/versions", data=form, files={"file": content})
    id = answer.raise_for_status().json()["id"]
    return until(lambda: ready(earmark.api.get(f"/api/versions/{id}").json()), seconds=90)
