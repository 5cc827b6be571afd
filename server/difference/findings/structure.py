"""What was cut, added, moved; tempo and key."""

import math

from server.difference.findings.finding import Finding, clock, during
from server.difference.line import Line
from server.difference.measurements import Difference
from server.difference.time_map import joined

_BREATH = 0.6  # seconds: less at an end is a trim
_SHORT = 0.25
_TEMPO_SHARE = 0.006
_STEADY_SECONDS = 4.0


def structure(difference: Difference) -> list[Finding]:
    return [*cuts(difference), *additions(difference), *moves(difference), *trims(difference)]


def cuts(difference: Difference, *, least: float = _BREATH) -> list[Finding]:
    found = []
    for start, end in difference.time_map.only_in_a:
        at_edge = start < 0.01 or end > difference.a.duration - 0.01
        if end - start < (max(least, _BREATH) if at_edge else least):
            continue
        where = _joint_in_b(difference, start)
        place = "at the start" if start < 0.01 else "at the end" if at_edge else f"at {clock(where)}"
        found.append(
            Finding(
                "cut",
                f"{_seconds(end - start)} were taken out {place}.",
                f"{start:.2f} to {end:.2f} s of the version before is in no place of this one",
                weight=4 + 2 * math.log2(1 + end - start),
                amount=end - start,
                unit="s",
                start=where,
                end=where,
                confidence=difference.time_map.confidence,
            )
        )
    return found


def additions(difference: Difference, *, least: float = _BREATH) -> list[Finding]:
    found = []
    for start, end in difference.time_map.only_in_b:
        at_edge = start < 0.01 or end > difference.b.duration - 0.01
        if end - start < (max(least, _BREATH) if at_edge else least):
            continue
        place = "at the start" if start < 0.01 else "at the end" if at_edge else during(start, end)
        found.append(
            Finding(
                "added",
                f"{_seconds(end - start)} are new {place}.",
                f"{start:.2f} to {end:.2f} s is in no place of the version before",
                weight=4 + 2 * math.log2(1 + end - start),
                amount=end - start,
                unit="s",
                start=start,
                end=end,
                confidence=difference.time_map.confidence,
            )
        )
    return found


def moves(difference: Difference) -> list[Finding]:
    return [
        Finding(
            "moved",
            f"What was at {clock(line.a_start)} now comes at {clock(line.b_start)} "
            f"({round(line.b_end - line.b_start)} seconds long).",
            f"{line.a_start:.2f} to {line.a_end:.2f} s is now {line.b_start:.2f} to {line.b_end:.2f} s",
            weight=5 + 2 * math.log2(1 + line.b_end - line.b_start),
            amount=line.b_start - line.a_start,
            unit="s",
            start=line.b_start,
            end=line.b_end,
            confidence=line.confidence,
        )
        for line in difference.time_map.moved
        if line.b_end - line.b_start > 1
    ]


def trims(difference: Difference) -> list[Finding]:
    """A shorter or longer breath before the first sound, told together with the one after the last."""
    lines = difference.time_map.lines
    if not lines:
        return []
    first = min(lines, key=lambda line: line.b_start)
    last = max(lines, key=lambda line: line.b_end)
    head = first.b_start - first.a_start if first.a_start < _BREATH and first.b_start < _BREATH else 0.0
    tail = (difference.b.duration - last.b_end) - (difference.a.duration - last.a_end)
    tail = tail if abs(tail) < _BREATH else 0.0
    if max(abs(head), abs(tail)) < 0.02:
        return []
    words = [
        _trim_words(shift, where) for shift, where in ((head, "start"), (tail, "end")) if abs(shift) >= 0.02
    ]
    return [
        Finding(
            "trim",
            f"{' and '.join(words).capitalize()}.",
            f"start {1000 * head:+.1f} ms, end {1000 * tail:+.1f} ms",
            weight=1.2,
            amount=head or tail,
            unit="s",
            start=0.0,
            end=first.b_start,
            confidence=difference.time_map.confidence,
        )
    ]


def tempo(difference: Difference) -> list[Finding]:
    """How much faster B is played, and where it was played faster or slower than the rest of it."""
    lines = difference.time_map.lines
    if not lines:
        return []
    ours, theirs = (sum(end - start for start, end in spans) for spans in (_in_a(lines), _in_b(lines)))
    faster = ours / theirs - 1
    if abs(faster) < _TEMPO_SHARE:
        return []
    estimate = difference.a.analysis.tempo
    from_to = f"about {estimate.bpm:.1f} to {estimate.bpm * (1 + faster):.1f} BPM; " if estimate else ""
    return [
        Finding(
            "tempo",
            f"It is played {'faster' if faster > 0 else 'slower'}, by {abs(faster):.1%}.".replace(
                "%", " percent"
            ),
            f"{from_to}{100 * faster:+.2f} % along the map",
            weight=3 + 100 * abs(faster),
            amount=100 * faster,
            unit="%",
            confidence=difference.time_map.confidence,
        )
    ]


def drift(difference: Difference) -> list[Finding]:
    """How unevenly B's tempo runs against A's."""
    lines = [line for line in difference.time_map.lines if not line.shared]
    speeds = [line.speed for run in _runs_of(lines) for line in _pieces(run)]
    if len(speeds) < 4:
        return []
    mean = sum(speeds) / len(speeds)
    spread = math.sqrt(sum((speed - mean) ** 2 for speed in speeds) / len(speeds)) / mean
    if spread < 0.012:
        return []
    return [
        Finding(
            "drift",
            "The tempo wanders against the version before.",
            f"{100 * spread:.1f} % standard deviation over stretches of {_STEADY_SECONDS:.0f} s",
            weight=2 + 80 * spread,
            amount=100 * spread,
            unit="%",
            confidence=difference.time_map.confidence,
        )
    ]


def key(difference: Difference) -> list[Finding]:
    semitones = difference.time_map.semitones
    if not semitones:
        return []
    ours, theirs = difference.a.analysis.key, difference.b.analysis.key
    names = f"{ours.tonic} {ours.mode} to {theirs.tonic} {theirs.mode}, " if ours and theirs else ""
    steps = "semitone" if abs(semitones) == 1 else "semitones"
    return [
        Finding(
            "key",
            f"It is {abs(semitones)} {steps} {'higher' if semitones > 0 else 'lower'}.",
            f"{names}{semitones:+d} semitones",
            weight=9,
            amount=float(semitones),
            unit="semitones",
            confidence=difference.time_map.confidence,
        )
    ]


def _joint_in_b(difference: Difference, a: float) -> float:
    before = [line for line in difference.time_map.lines if line.a_end <= a + 0.02]
    return max(before, key=lambda line: line.a_end).b_end if before else 0.0


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{round(seconds)} seconds"


def _trim_words(shift: float, where: str) -> str:
    return f"the {where} has {abs(shift):.2f} seconds {'more' if shift > 0 else 'less'}"


def _in_a(lines: tuple[Line, ...]) -> list[tuple[float, float]]:
    return [(line.a_start, line.a_end) for line in lines]


def _in_b(lines: tuple[Line, ...]) -> list[tuple[float, float]]:
    return [(line.b_start, line.b_end) for line in lines]


def _runs_of(lines: list[Line]) -> list[list[Line]]:
    runs: list[list[Line]] = []
    for line in lines:
        if runs and len(joined([runs[-1][-1], line])) == 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _pieces(run: list[Line]) -> list[Line]:
    """Neighbouring lines together, until each piece is some seconds long: less is no tempo."""
    pieces: list[Line] = []
    gathered: list[Line] = []
    for line in run:
        gathered.append(line)
        if line.a_end - gathered[0].a_start >= _STEADY_SECONDS:
            pieces += joined(gathered)
            gathered = []
    return pieces
