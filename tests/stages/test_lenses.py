"""What each stage must hear, and what it must keep silent about."""

import pytest

from server.difference.findings.finding import Finding
from server.stages import StageKey
from server.stages.comparison import compare
from tests.difference.studio import Studio
from tests.stages.changes import version

# stage, before, after, the kind of the finding, its amount (None: any), and where it starts (None: throughout)
FOUND: list[tuple[StageKey, str, str, str, float | None, float | None]] = [
    ("songwriting", "song", "cut", "cut", 5.27, 9.14),
    ("songwriting", "song", "inserted", "added", 6.6, 11.0),
    ("songwriting", "song", "reordered", "moved", -6.0, 6.0),
    ("songwriting", "song", "faster take", "tempo", 6.25, None),
    ("songwriting", "song", "higher take", "key", 2.0, None),
    ("pre-production", "song", "drums out", "layer", None, 12.0),
    ("pre-production", "song", "reordered", "moved", -6.0, 6.0),
    ("pre-production", "song", "faster take", "tempo", 6.25, None),
    ("recording", "paused", "hum", "hum", None, None),
    ("recording", "paused", "noisy", "noise", None, None),
    ("recording", "song", "clipped", "clipping", None, None),
    ("recording", "song", "offset", "dc-offset", 2.0, None),
    ("recording", "song", "one channel flipped", "polarity", None, None),
    ("editing", "song", "moved joint", "moved-joint", -30.0, 12.0),
    ("editing", "song", "mended", "edited", None, 10.0),
    ("editing", "no drums", "clicking", "click", None, 8.3),
    ("editing", "song", "cut", "cut", 5.27, 9.14),
    ("post-production", "song", "drums out", "layer", None, 12.0),
    ("post-production", "song", "pad in", "layer", None, 8.0),
    ("post-production", "song", "hit", "hit", None, 15.0),
    ("post-production", "paused", "reverb", "tails", None, None),
    ("post-production", "song", "wider", "width", 6.0, None),
    ("mixing", "song", "lead up", "louder", None, 14.0),
    ("mixing", "song", "brighter", "tone", 4.0, None),
    ("mixing", "song", "wider", "width", 6.0, None),
    ("mixing", "song", "drums out", "quieter", None, 12.0),
    ("mastering", "song", "squashed", "dynamics", None, None),
    ("mastering", "song", "squashed", "level", None, None),
    ("mastering", "song", "brighter", "tilt", None, None),
    ("mastering", "song", "trimmed", "trim", -0.167, 0.0),
    ("distribution", "song", "coded", "coded", None, None),
    ("distribution", "song", "brighter", "not-the-master", None, None),
    ("distribution", "song", "squashed", "platforms", None, None),
    ("distribution", "song", "upside down", "polarity", None, None),
    ("distribution", "song", "one channel flipped", "polarity", None, None),
    ("distribution", "mono", "mono, one channel flipped", "polarity", None, None),
    ("mastering", "song", "one channel flipped", "polarity", None, None),
    ("distribution", "song", "trimmed", "trim", -0.167, 0.0),
]

SILENT: list[tuple[StageKey, str, str]] = [
    ("songwriting", "song", "wider"),
    ("songwriting", "song", "brighter"),
    ("songwriting", "song", "moved joint"),
    ("pre-production", "song", "wider"),
    ("pre-production", "song", "trimmed"),
    ("recording", "song", "wider"),
    ("recording", "song", "lead up"),
    ("editing", "song", "brighter"),
    ("editing", "song", "wider"),
    ("post-production", "song", "trimmed"),
    ("post-production", "song", "moved joint"),
    ("mixing", "song", "trimmed"),
    ("mixing", "song", "moved joint"),
    ("mastering", "song", "mended"),
    ("mastering", "song", "moved joint"),
    ("distribution", "16 bit", "flac"),
    ("distribution", "16 bit", "16 bit, dithered"),
]


def findings(studio: Studio, stage: StageKey, before: str, after: str) -> tuple[Finding, ...]:
    return compare(version(studio, before), version(studio, after), stage=stage).findings


@pytest.mark.parametrize(("stage", "before", "after", "kind", "amount", "start"), FOUND)
def test_it_is_heard(
    studio: Studio,
    stage: StageKey,
    before: str,
    after: str,
    kind: str,
    amount: float | None,
    start: float | None,
) -> None:
    heard = [finding for finding in findings(studio, stage, before, after) if finding.kind == kind]
    assert heard, [finding.plain for finding in findings(studio, stage, before, after)]
    if amount is not None:
        assert min(abs((finding.amount or 0) - amount) for finding in heard) <= max(0.05 * abs(amount), 0.01)
    if start is not None:
        assert min(abs((finding.start or 0) - start) for finding in heard) <= 0.5


@pytest.mark.parametrize(("stage", "before", "after"), SILENT)
def test_silence_is_an_answer(studio: Studio, stage: StageKey, before: str, after: str) -> None:
    heard = findings(studio, stage, before, after)
    assert [(finding.kind, finding.plain) for finding in heard if finding.kind != "nothing"] == []


def test_a_gap_shorter_than_a_breath_is_told_in_thousandths(studio: Studio) -> None:
    [finding] = findings(studio, "editing", "song", "moved joint")
    assert "sooner by 30 thousandths" in finding.plain


def test_a_cut_with_a_crossfade_is_one_thing(studio: Studio) -> None:
    [finding] = findings(studio, "editing", "song", "crossfaded cut")
    assert finding.kind == "cut"
    assert finding.amount == pytest.approx(5.3, abs=0.05)


@pytest.mark.parametrize("flipped", ["upside down", "one channel flipped"])
def test_the_master_upside_down_is_still_the_master(studio: Studio, flipped: str) -> None:
    kinds = {finding.kind for finding in findings(studio, "distribution", "song", flipped)}
    assert "polarity" in kinds
    assert "not-the-master" not in kinds
