"""How true the time map is, per kind of change; how sure it is; how an equaliser is read; what it all costs.

    python3 run.py bench difference [FOLDER OF PARTS ...]

A folder holds the parts of one song as FLAC files of equal length; EARMARK_BENCH_AUDIO may name folders too,
separated by colons. Without any, the demo band and a song made for it are measured. It takes some minutes.
"""

import itertools
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks._difference_costs import print_costs, print_kept
from benchmarks._equaliser_readings import print_readings
from benchmarks._other_song import other_song, other_song_pairs, other_song_parts
from benchmarks._version_pairs import (
    RATE,
    SAME_AUDIO,
    Audio,
    Line,
    Pair,
    demo_pairs,
    song_of,
    song_pairs,
    unrelated_pairs,
)
from server.demo.band import versions
from server.difference.features import Traces
from server.difference.time_map import TimeMap, map_time
from server.difference.trace_meter import TraceMeter
from server.sound.reading import Block

_STEP = 0.05
_NEAR_EDGE = 0.1  # seconds around an edge that decide nothing
_SHORTEST_GAP = 0.6
_LOUD, _SILENT = 95, -38.0  # percent of the time; dB below that, as the noise of a quiet room
_MIX = 8  # the demo band's version that is neither a sketch nor a master


@dataclass(frozen=True)
class Score:
    """Shares of seconds; errors in seconds."""

    placed: float
    within_50_ms: float
    gone: float
    new: float
    edge: float
    worst: float
    median: float
    confidence: float
    seconds: float


def main() -> None:
    folders = [
        Path(name) for name in [*sys.argv[1:], *os.environ.get("EARMARK_BENCH_AUDIO", "").split(":")] if name
    ]
    print(
        f"{'kind':20} {'pair':28} {'<50ms':>6} {'gone':>6} {'new':>6} {'edge s':>6} {'median':>8} {'99 %':>8} "
        f"{'conf':>5} {'time':>6}"
    )
    songs = {folder.name: song_of(folder) for folder in folders}
    songs["demo band"] = next(version.mix for version in versions() if version.number == _MIX)
    songs |= {f"other song {number}": other_song(number) for number in (5, 6)}
    scores: dict[str, list[Score]] = defaultdict(list)
    for pair in itertools.chain(_related(folders), unrelated_pairs(songs)):
        score = _score(pair)
        scores[pair.kind].append(score)
        print(_row(pair.kind, pair.name, score), flush=True)
    _print_summary(scores)
    print_readings({**songs, **other_song_parts(5)})
    takes = next(other_song_pairs(5))
    a, b = traces_of(takes.a), traces_of(takes.b)
    print_kept(
        {"other song 5": (takes.a, a)} | {name: (song, traces_of(song)) for name, song in songs.items()}
    )
    print_costs(a, b)


def _related(folders: list[Path]) -> Iterator[Pair]:
    for folder in folders:
        yield from song_pairs(folder)
        yield from song_pairs(folder, seed=31)
        yield from song_pairs(folder, drums=False)
    for song in (0, 9):
        yield from other_song_pairs(song)
    yield from demo_pairs()


def traces_of(samples: Audio) -> Traces:
    meter = TraceMeter(RATE)
    for start in range(0, len(samples), 66150):
        meter.add(Block(np.ascontiguousarray(samples[start : start + 66150].T)))
    return meter.result()


def _score(pair: Pair) -> Score:
    a, b = traces_of(pair.a), traces_of(pair.b)
    started = time.perf_counter()
    found = map_time(a, b)
    return measure(pair, found, time.perf_counter() - started)


def measure(pair: Pair, found: TimeMap, seconds: float) -> Score:
    """Against the truth that suits best: of what is played twice either may be the one that was there before."""
    scores = [_measured(pair, list(truth), found, seconds) for truth in (pair.truth, *pair.or_else)]
    return max(scores, key=lambda score: float(np.nansum([score.within_50_ms, score.gone, score.new])))


def _measured(pair: Pair, truth: list[Line], found: TimeMap, seconds: float) -> Score:
    lines = [(line.a_start, line.a_end, line.b_start, line.b_end) for line in found.lines]
    times = np.arange(_STEP / 2, len(pair.a) / RATE, _STEP)
    true, got = _places(truth, times), _places(lines, times)
    edges = [edge for line in truth for edge in line[:2]]
    inside = _away_from(times, edges if pair.kind != "retake, wandering" else [])
    there = ~np.isnan(true) & inside
    errors = np.abs(got - true)[there]
    placed = errors[~np.isnan(errors)]
    back = np.arange(_STEP / 2, len(pair.b) / RATE, _STEP)
    turned_truth = [(c, d, a, b) for a, b, c, d in truth]
    new = np.isnan(_places(turned_truth, back)) & _away_from(
        back, [e for line in turned_truth for e in line[:2]]
    )
    found_new = np.isnan(_places([(c, d, a, b) for a, b, c, d in lines], back))
    gone = np.isnan(true) & inside
    heard_a, heard_b = Heard.of(pair.a), Heard.of(pair.b)
    late = [
        *_edges_off(gaps([line[:2] for line in truth], len(pair.a) / RATE), found.only_in_a, heard_a),
        *_edges_off(gaps([line[2:] for line in truth], len(pair.b) / RATE), found.only_in_b, heard_b),
    ]
    return Score(
        placed=_share(~np.isnan(errors)),
        within_50_ms=_share(errors < 0.05),
        gone=_share(np.isnan(got)[gone & heard_a.at(times)]),
        new=_share(found_new[new & heard_b.at(back)]),
        edge=max(late, default=float("nan")),
        worst=float(np.percentile(placed, 99)) if len(placed) else float("nan"),
        median=float(np.median(placed)) if len(placed) else float("nan"),
        confidence=found.confidence,
        seconds=seconds,
    )


def gaps(covered: list[tuple[float, float]], duration: float) -> list[tuple[float, float]]:
    edges = [(0.0, 0.0), *sorted(covered), (duration, duration)]
    return [(end, start) for (_, end), (start, _) in itertools.pairwise(edges) if start - end > _SHORTEST_GAP]


@dataclass(frozen=True)
class Heard:
    """Where a version is not silent. Silence has no place of its own: nobody can tell which second of it is gone,
    nor where in it a cut is. ``seconds``: (steps + 1,), how many up to each step of 50 ms are heard."""

    seconds: NDArray[np.float64]

    @classmethod
    def of(cls, samples: Audio) -> "Heard":
        step = round(_STEP * RATE)
        powers = np.square(samples[: len(samples) // step * step].reshape(-1, step * samples.shape[1])).mean(
            axis=1
        )
        heard = powers > np.percentile(powers, _LOUD) * 10 ** (_SILENT / 10)
        return cls(np.concatenate(([0.0], np.cumsum(heard * _STEP))))

    def at(self, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        steps = np.clip((times / _STEP).astype(int), 0, len(self.seconds) - 2)
        heard: NDArray[np.bool_] = self.seconds[steps + 1] > self.seconds[steps]
        return heard

    def between(self, one: float, other: float) -> float:
        at = np.interp([one, other], np.arange(len(self.seconds)) * _STEP, self.seconds)
        return float(abs(at[1] - at[0]))


def _edges_off(
    true: list[tuple[float, float]], found: tuple[tuple[float, float], ...], heard: Heard
) -> list[float]:
    """Seconds by which the nearest edge that was found is away from each that is true."""
    return [
        min((heard.between(edge, other) for span in found for other in span), default=float("inf"))
        for span in true
        if heard.between(*span) > _NEAR_EDGE
        for edge in span
    ]


def _places(
    lines: list[tuple[float, float, float, float]], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    places = np.full(len(times), np.nan)
    for a_start, a_end, b_start, b_end in lines:
        inside = (times >= a_start) & (times < a_end)
        places[inside] = b_start + (times[inside] - a_start) * (b_end - b_start) / (a_end - a_start)
    return places


def _away_from(times: NDArray[np.float64], edges: list[float]) -> NDArray[np.bool_]:
    """Times that no end of a cut is near: there the hearing of it is allowed to blur."""
    lonely = [e for e in edges if sum(abs(e - other) < 1e-6 for other in edges) == 1]
    near = [np.abs(times - edge) < _NEAR_EDGE for edge in lonely]
    return ~np.any(near, axis=0) if near else np.ones(len(times), dtype=bool)


def _share(hits: NDArray[np.bool_]) -> float:
    return float(np.mean(hits)) if len(hits) else float("nan")


def _row(kind: str, name: str, s: Score) -> str:
    return (
        f"{kind:20} {name:28} {s.within_50_ms:6.3f} {s.gone:6.3f} {s.new:6.3f} {s.edge:6.3f} {1000 * s.median:6.2f}ms "
        f"{1000 * s.worst:6.1f}ms {s.confidence:5.2f} {s.seconds:5.2f}s"
    )


def _print_summary(scores: dict[str, list[Score]]) -> None:
    print("\nby kind (means; confidence: the least, or for unrelated pairs the most)")
    for kind, rows in scores.items():
        confidence = (max if kind == "unrelated" else min)(score.confidence for score in rows)
        means = {
            name: float(np.nanmean([getattr(score, name) for score in rows] or [np.nan]))
            for name in ("placed", "within_50_ms", "gone", "new", "edge", "worst", "median", "seconds")
            if not all(np.isnan(getattr(score, name)) for score in rows)
        }
        blank = dict.fromkeys(Score.__dataclass_fields__, float("nan"))
        print(_row(kind, f"{len(rows)} pairs", Score(**{**blank, **means, "confidence": confidence})))
    related = {kind: rows for kind, rows in scores.items() if kind != "unrelated"}
    every = [score for rows in related.values() for score in rows]
    placed = [score.within_50_ms for score in every]
    same = [score.worst for kind, rows in related.items() if kind in SAME_AUDIO for score in rows]
    found = [share for score in every for share in (score.gone, score.new) if not np.isnan(share)]
    edges = [score.edge for score in every if not np.isnan(score.edge)]
    print(f"\nwithin 50 ms: {np.mean(placed):.4f} overall, {np.min(placed):.4f} in the worst pair")
    print(f"same audio: 99 % of the places within {1000 * np.max(same):.2f} ms in the worst pair")
    print(
        f"gone or new: {np.mean(found):.3f} of the seconds, {np.min(found):.3f} at worst; all edges within 100 ms in "
        f"{np.count_nonzero(np.array(edges) <= 0.1)} of {len(edges)} pairs, within half a second in "
        f"{np.count_nonzero(np.array(edges) <= 0.5)}"
    )
    strangers = [score.confidence for score in scores["unrelated"]]
    print(
        f"confidence: related at least {min(score.confidence for score in every):.2f}; {len(strangers)} pairs of "
        f"strangers at most {max(strangers, default=float('nan')):.2f}"
    )
