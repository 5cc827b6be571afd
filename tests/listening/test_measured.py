"""What the file says about what was asked, from signals that were made to; and what it cannot say, it says so."""

from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from server.database import Database
from server.people.models import ReviewLink
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from tests.cast import Cast, browser
from tests.databases import both_databases
from tests.listening.asking import agreement, answered, asked
from tests.songs.prepared import prepare, upload
from tests.sound.signals import RATE, noise, write

pytestmark = both_databases

SECONDS = 24.0
LEFT_DB, BASS_DB, LOUDER_DB = 1.5, 8.0, 6.0


@pytest.fixture
def version(cast: Cast, tmp_path: Path) -> str:
    """Noise in stereo, left 1.5 dB over right, 60 to 160 Hz up by 8 dB, seconds 12 to 16 up by 6 dB; its id."""
    sides = [noise(SECONDS, dbfs=-30.0, seed=seed)[0] for seed in (1, 2)]
    sound = np.stack(sides)
    spectrum = np.fft.rfft(sound, axis=1)
    hertz = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    # As steep as released music, so that only the bass is unusual.
    octaves = np.log2(np.maximum(hertz, 20.0) / 100)
    tilt = -2 * np.clip(octaves, 0, None) - 3 * np.clip(octaves - np.log2(40), 0, None)
    per_band = tilt - 3 * np.log2(np.maximum(hertz, 20.0) / 100)
    bass = np.where((hertz > 54) & (hertz < 180), BASS_DB, 0.0)
    spectrum *= 10 ** ((per_band + bass) / 20)
    sound = np.fft.irfft(spectrum, sound.shape[1], axis=1)
    time = np.arange(sound.shape[1]) / RATE
    sound *= np.where((time >= 11) & (time < 17), 10 ** (LOUDER_DB / 20), 1.0)
    sound *= 0.05 / np.sqrt(np.mean(sound**2, axis=1, keepdims=True))
    sound *= np.array([[10 ** (LEFT_DB / 40)], [10 ** (-LEFT_DB / 40)]])
    made = upload(cast.ada, cast.song, write(tmp_path, sound.astype(np.float32), name="asked"))
    assert prepare(cast.ada, made["id"])["status"] == "ready"
    id: str = made["id"]
    return id


def measured(cast: Cast, version: str, question: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = agreement(cast.ada, version)[question["id"]]["measured"]
    return found


def listeners(cast: Cast, database: Database, count: int) -> list[Any]:
    """Guests of the cast's link."""

    def enter(session: Any) -> list[str]:
        link = session.get_one(ReviewLink, UUID(str(cast.link)))
        return [let_in(session, link, f"Listener {number}", None) for number in range(count)]

    return [browser(cast.ada, **{GUEST_COOKIE: secret}) for secret in database.write(enter)]


def test_of_a_place_on_the_pad_the_whole_mix_is_measured(cast: Cast, version: str) -> None:
    balance, width, cannot = measured(cast, version, asked(cast, "pad", version=version))

    assert balance["amount"] == pytest.approx(-LEFT_DB, abs=0.15)
    assert balance["plain"] == f"The mix as a whole sits {-balance['amount']:.1f} dB to the left."
    # Two noises that know nothing of each other: as much side as middle.
    assert width["amount"] == pytest.approx(0.0, abs=0.5) and width["plain"].startswith("Wide: ")
    assert cannot["amount"] is None and "cannot be read" in cannot["plain"]


def test_of_a_part_its_region_is_measured_and_the_part_is_not_claimed(cast: Cast, version: str) -> None:
    region, cannot = measured(cast, version, asked(cast, "slider", version=version))

    assert region["amount"] == pytest.approx(BASS_DB, abs=1.5)
    assert "60 Hz to 160 Hz" in region["plain"] and "stronger than in most released music" in region["plain"]
    assert "How loud the bass alone is cannot be read" in cannot["plain"]


def test_of_a_part_that_has_no_region_nothing_is_claimed(cast: Cast, version: str) -> None:
    question = asked(cast, "slider", version=version, part="the guitars")

    only = measured(cast, version, question)

    assert [one["plain"] for one in only] == [
        "How loud the guitars alone are cannot be read from a finished mix."
    ]


def test_of_the_whole_song_its_loudness_is_told(cast: Cast, version: str) -> None:
    loudness = cast.ada.get(f"/api/versions/{version}").json()["loudness"]["integrated_lufs"]

    (only,) = measured(cast, version, asked(cast, "slider", version=version, part="the whole song"))

    assert only["amount"] == pytest.approx(loudness, abs=0.06)


def test_where_listeners_meet_the_place_is_measured(cast: Cast, version: str, database: Database) -> None:
    question = asked(cast, "moment", version=version)
    assert measured(cast, version, question) == []
    for number, listener in enumerate(listeners(cast, database, 3)):
        answered(listener, question, at=14.0 + number / 2)
    song_db = 10 * np.log10((6 * 10 ** (LOUDER_DB / 10) + 18) / 24)

    (place,) = measured(cast, version, question)

    assert place["amount"] == pytest.approx(LOUDER_DB - song_db, abs=0.3)
    assert place["plain"] == f"At 0:14 the file is {place['amount']:.1f} dB louder than the song on average."


def test_guests_are_told_where_people_agree_and_not_what_is_measured(cast: Cast, version: str) -> None:
    question = asked(cast, "pad", version=version)

    for guest in (cast.gil, cast.lou):
        found = agreement(guest, version)[question["id"]]
        assert (found["plain"], found["measured"]) == ("Nobody has answered yet.", [])


def test_of_what_is_not_measured_yet_nothing_is_said(cast: Cast) -> None:
    question = asked(cast, "pad")

    assert measured(cast, str(cast.version), question) == []


@pytest.fixture
def mono(cast: Cast, tmp_path: Path) -> str:
    made = upload(cast.ada, cast.song, write(tmp_path, noise(6.0, dbfs=-30.0)[:1], name="mono"))
    prepare(cast.ada, made["id"])
    id: str = made["id"]
    return id


def test_a_mono_file_is_called_mono(cast: Cast, mono: str) -> None:
    found = measured(cast, mono, asked(cast, "pad", version=mono))

    assert found[0]["plain"] == "The file is mono: left and right are the same."
