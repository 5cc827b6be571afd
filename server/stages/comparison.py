"""Two versions compared, as a stage sees them: what ``earmark compare`` prints and the page shows."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from server.difference.analysed import Analysed
from server.difference.findings.finding import Finding, ranked
from server.difference.findings.level import level
from server.difference.line import Line
from server.difference.measurements import Difference, measure_difference
from server.difference.time_map import Span
from server.sound.analysis import ANALYSIS_VERSION
from server.sound.decibels import rounded
from server.sound.third_octaves import NOMINAL
from server.stages import StageKey, stage_of

_SAME_TONE_DB, _SAME_DYNAMICS_DB, _HEARD_GAIN_DB = 0.15, 0.15, 0.05


@dataclass(frozen=True)
class Comparison:
    difference: Difference
    stage: StageKey
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        difference, time_map = self.difference, self.difference.time_map
        return {
            "a": difference.a.analysis.to_json(),
            "b": difference.b.analysis.to_json(),
            "stage": self.stage,
            "analysis_version": ANALYSIS_VERSION,
            "time_map": {
                "confidence": rounded(time_map.confidence, 3),
                "segments": [
                    {**_places(line), "confidence": rounded(line.confidence, 3)} for line in time_map.lines
                ],
            },
            "only_in_a": [_span(span) for span in time_map.only_in_a],
            "only_in_b": [_span(span) for span in time_map.only_in_b],
            "moved": [_places(line) for line in time_map.moved],
            "matched_gain_db": rounded(difference.matched_gain_db),
            "tone": [
                {"hz": hertz, "db": rounded(db)}
                for hertz, db in zip(NOMINAL, difference.tone_db.tolist(), strict=True)
            ],
            "findings": [finding.to_json() for finding in self.findings],
        }


def compare(a: Analysed, b: Analysed, *, stage: StageKey) -> Comparison:
    """What changed from A to B; raises KeyError for what is no stage."""
    return compare_for(measure_difference(a, b), stage_of(stage).key)


def compare_for(difference: Difference, stage: StageKey) -> Comparison:
    """What was measured, as one stage sees it."""
    return Comparison(difference, stage, tuple(_findings(difference, stage)))


def _findings(difference: Difference, stage: StageKey) -> list[Finding]:
    if difference.identical:
        return [NOTHING]
    if not difference.time_map.related:
        return [_unrelated(difference)]
    if only_gain(difference):
        return level(difference) or [NOTHING]
    chosen = stage_of(stage)
    return ranked(chosen.lens(difference), most=chosen.most) or [NOTHING_HERE]


NOTHING = Finding("nothing", "Nothing changed.", "every measurement is the same", weight=1)
NOTHING_HERE = Finding(
    "nothing",
    "Nothing changed that matters at this stage.",
    "no measurement that this stage looks at differs by more than can be heard",
    weight=1,
)


def _unrelated(difference: Difference) -> Finding:
    return Finding(
        "unrelated",
        "These two seem to have nothing to do with each other.",
        "no place of the one was found in the other, neither by waveform nor by notes",
        weight=10,
        amount=difference.time_map.confidence,
        unit="confidence",
        confidence=1 - difference.time_map.confidence,
    )


def only_gain(difference: Difference) -> bool:
    """One constant gain explains everything."""
    time_map = difference.time_map
    ours, theirs = difference.a.analysis, difference.b.analysis
    same_place = (
        len(time_map.lines) == 1
        and time_map.lines[0].sign > 0
        and abs(time_map.lines[0].b_start - time_map.lines[0].a_start) < 0.001
        and abs(ours.facts.frames / ours.facts.sample_rate - theirs.facts.frames / theirs.facts.sample_rate)
        < 0.001
    )
    if not same_place or abs(difference.matched_gain_db) < _HEARD_GAIN_DB or difference.places:
        return False
    same_tone = float(np.abs(difference.tone_db).max()) < _SAME_TONE_DB
    widths, mono = difference.width_db(), difference.mono_loss_db()
    same_space = abs(widths[0] - widths[1]) < _SAME_TONE_DB and abs(mono[0] - mono[1]) < _SAME_TONE_DB
    plr = (ours.loudness.plr_db, theirs.loudness.plr_db)
    same_peaks = plr[0] is None or plr[1] is None or abs(plr[0] - plr[1]) < _SAME_DYNAMICS_DB
    clipped = theirs.loudness.clipped_samples > ours.loudness.clipped_samples
    return same_tone and same_space and same_peaks and not clipped


def _places(line: Line) -> dict[str, float | None]:
    return {
        "a_start": rounded(line.a_start, 6),
        "a_end": rounded(line.a_end, 6),
        "b_start": rounded(line.b_start, 6),
        "b_end": rounded(line.b_end, 6),
    }


def _span(span: Span) -> list[float | None]:
    return [rounded(span[0]), rounded(span[1])]
