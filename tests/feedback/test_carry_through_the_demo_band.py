"""The demo band's ten versions, held to what its synthesiser did: a comment stays within a tenth of a second of its
music, or is rightly called cut. The maps are those that a comparison makes; everything else goes through the API."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlmodel import Session, delete

from server.compare.models import Comparison
from server.database import Database
from server.demo.audio import SAMPLE_RATE
from server.demo.band import COMMENTS, versions, write_version
from server.demo.timelines import timeline
from server.demo.truth import time_map, true_time, true_times
from server.difference.features import Traces
from server.difference.time_map import map_time
from server.difference.trace_meter import TraceMeter
from server.songs.models import Version
from server.sound.blocks import block_frames
from server.sound.one_pass import follow
from server.sound.reading import open_audio
from tests.cast import Cast, another_version
from tests.feedback.compared import carried
from tests.feedback.saying import said

pytestmark = [pytest.mark.xdist_group("demo band"), pytest.mark.timeout(600)]

Pair = tuple[int, int]
NUMBERS = range(1, 11)
PAIRS = list(combinations(NUMBERS, 2))
NEAR = 0.1
# So near to an edit a comment may be meant for either side.
AT_AN_EDIT = 0.15
# From the first takes the music was played anew. There a place may be called unsure within a second of a joint, and
# after the last chord was struck: then nothing begins any more, and every player slows down as he likes.
ANEW, BESIDE_A_JOINT, LAST_CHORD = 3, 1.0, 160


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> dict[Pair, dict[str, Any]]:
    """Of all pairs, as a comparison keeps them; from the files that the band uploads, lossy ones included."""
    folder = tmp_path_factory.mktemp("band")
    traces = {version.number: traces_of(write_version(version, folder)) for version in versions()}
    return {(a, b): as_json(traces[a], traces[b]) for a, b in PAIRS}


def traces_of(path: Path) -> Traces:
    with open_audio(path) as reader:
        meter = TraceMeter(reader.sample_rate)
        follow(reader.blocks(block_frames(reader.sample_rate)), [meter.add])
        return meter.result()


def as_json(a: Traces, b: Traces) -> dict[str, Any]:
    found = map_time(a, b)
    names = ("a_start", "a_end", "b_start", "b_end", "confidence")
    segments = [{name: getattr(line, name) for name in names} for line in found.lines]
    return {"confidence": found.confidence, "segments": segments}


@pytest.fixture
def band(cast: Cast, database: Database) -> dict[int, UUID]:
    """Ten versions as long as the band's, with comments all over the first nine."""
    ids = {1: cast.version}
    for number in NUMBERS[1:]:
        ids[number] = another_version(cast, database, number_of_seconds=timeline(number).duration)
    for number in NUMBERS[:-1]:
        for at, until in places(number):
            said(cast.ada, cast, f"v{number}", at=at, until=until, version=ids[number])
    return ids


@cache
def places(number: int) -> list[tuple[float, float | None]]:
    """Where the demo's people spoke, and eight seconds spread over the rest, kept away from the edits by a hair."""
    spread = np.linspace(1.7, timeline(number).duration - 1.7, 8).tolist()
    seconds = [(comment.at, comment.until) for comment in COMMENTS if comment.version == number]
    kept = [at for at in spread if all(abs(at - edge) > AT_AN_EDIT for edge in edges(number))]
    return [*seconds, *((round(at, 3), None) for at in kept)]


def edges(number: int) -> Iterator[float]:
    """Where, seen from this version, any other begins or ends a stretch of the same music."""
    for other in NUMBERS:
        if other != number:
            yield from joints(number, other)


@cache
def joints(a: int, b: int) -> list[float]:
    segments = time_map(a, b).segments
    found = [segments[0].a_start, segments[-1].a_end]
    for before, after in pairwise(segments):
        if after.a_start - before.a_end > 0.01 or abs(after.b_start - before.b_end) > 0.01:
            found += [before.a_end, after.a_start]
    return found


def write_maps(
    database: Database, song: UUID, ids: dict[int, UUID], found: dict[Pair, dict[str, Any]]
) -> None:
    def write(session: Session) -> None:
        session.execute(delete(Comparison))
        for (a, b), kept in found.items():
            session.add(
                Comparison(
                    song_id=song, a_id=ids[a], b_id=ids[b], status="ready", time_map=kept, matched_gain_db=0.0
                )
            )

    database.write(write)


def wrong(item: dict[str, Any], a: int, b: int) -> str | None:
    """What is not true of a carried comment; None where all is well."""
    at, until, place = item["comment"]["at"], item["comment"]["until"], item["place"]
    said = f"v{a} {at} in v{b}: {place} at {item['at']}"
    if place == "cut":
        # Of what one version plays twice and the other once, the one that is left out is cut.
        left = [
            second for second in np.arange(at, until or at + 0.1, 0.1) if true_time(a, b, second) is not None
        ]
        return f"{said}, but it is there: {left}" if (until is None and left) or len(left) > 10 else None
    if place == "found":
        truth = true_times(a, b, at)
        off = min((abs(item["at"] - there) for there in truth), default=None)
        return f"{said}, truly {truth}" if off is None or off > NEAR else None
    if place == "unsure":
        return f"{said}, truly {true_times(a, b, at)}" if not rightly_unsure(a, b, at, item["at"]) else None
    return f"{said}: still {place}"


def rightly_unsure(a: int, b: int, at: float, there: float | None) -> bool:
    """Where it cannot be known; and the place to check is the right one all the same."""
    truth = true_time(a, b, at)
    if a > ANEW or (a, b) == (2, 3) or truth is None or there is None:
        return False
    under_the_last_chord = at * SAMPLE_RATE > timeline(a).sounding(LAST_CHORD)
    near_a_joint = min(abs(at - edge) for edge in joints(a, b)) < BESIDE_A_JOINT
    return abs(there - truth) < NEAR and (under_the_last_chord or near_a_joint)


def test_every_comment_is_at_its_music_or_rightly_called_cut(
    cast: Cast, database: Database, band: dict[int, UUID], maps: dict[Pair, dict[str, Any]]
) -> None:
    write_maps(database, cast.song, band, maps)
    number_of = {str(id): number for number, id in band.items()}
    seen: dict[str, int] = {"found": 0, "cut": 0, "unsure": 0}
    mistakes = []
    for b in NUMBERS[1:]:
        items = carried(cast.ada, band[b])
        assert len(items) == sum(len(places(a)) for a in range(1, b))
        for item in items:
            a = number_of[item["comment"]["version"]]
            assert item["via"] == []
            seen[item["place"]] += 1
            mistakes.append(wrong(item, a, b))

    assert [mistake for mistake in mistakes if mistake] == []
    assert len(mistakes) > 400
    assert seen["found"] > 0.8 * len(mistakes)
    assert seen["cut"] > 25
    assert seen["unsure"] < 0.11 * len(mistakes)


def test_chained_through_every_version_in_between_it_is_just_as_true(
    cast: Cast, database: Database, band: dict[int, UUID], maps: dict[Pair, dict[str, Any]]
) -> None:
    """Only neighbours are compared, as it is in the minutes after an upload."""
    write_maps(database, cast.song, band, {(a, b): kept for (a, b), kept in maps.items() if b == a + 1})
    number_of = {str(id): number for number, id in band.items()}
    mistakes = []
    for item in carried(cast.ada, band[10]):
        a = number_of[item["comment"]["version"]]
        assert item["via"] == [str(band[number]) for number in range(a + 1, 10)]
        # On its way a comment of a first take passes every take that was played anew.
        if item["place"] != "unsure" or a > ANEW:
            mistakes.append(wrong(item, a, 10))

    assert [mistake for mistake in mistakes if mistake] == []
    assert len(mistakes) > 60


def test_the_band_in_the_database_is_the_band(database: Database, band: dict[int, UUID]) -> None:
    """Or the truth above would be about something else."""
    lengths = database.read(lambda session: [session.get_one(Version, id).duration for id in band.values()])

    assert lengths[1:] == [timeline(number).duration for number in NUMBERS[1:]]
