"""Pairs of versions whose truth is known: parts of a song, mixed, cut, moved and played in every way that
the time map has to hold for."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from server.demo.band import versions
from server.demo.processing.convolution import convolve
from server.demo.processing.equaliser import Band, equalised
from server.demo.processing.limiter import limiting_gain
from server.demo.processing.reverb import add_room
from server.demo.truth import time_map

Audio = NDArray[np.float32]  # (frames, 2) at 44.1 kHz
Parts = list[Audio]
Line = tuple[float, float, float, float]  # a_start, a_end, b_start, b_end in seconds
Truth = tuple[Line, ...]
RATE = 44_100


@dataclass(frozen=True)
class Pair:
    """Two versions; ``truth``: the straight lines between their times, ``or_else``: others that are as true.
    ``same``: they share their audio."""

    kind: str
    name: str
    a: Audio
    b: Audio
    truth: Truth
    or_else: tuple[Truth, ...] = ()
    same: bool = True


def song_pairs(folder: Path, seed: int = 1, *, drums: bool = True) -> Iterator[Pair]:
    """Every kind of change to one song given as parts. Without the drums there are rests, in which a channel that is
    open gives its last bit or not."""
    parts = _parts(folder, drums=drums)
    name = folder.name if drums else f"{folder.name}, no drums"
    rng = np.random.default_rng(seed)
    mix = _sum(parts)
    for kind, make in KINDS.items():
        b, truth, *or_else = make(parts, mix, rng)
        others = tuple(map(tuple, or_else))
        yield Pair(kind, name, mix, b, tuple(truth), others, same=kind not in PLAYED_ANEW)


def song_of(folder: Path) -> Audio:
    return _sum(_parts(folder))


def _parts(folder: Path, *, drums: bool = True) -> Parts:
    paths = [path for path in sorted(folder.glob("*.flac")) if drums or "drums" not in path.name]
    return [soundfile.read(path, dtype="float32", always_2d=True)[0] for path in paths]


def unrelated_pairs(songs: dict[str, Audio]) -> Iterator[Pair]:
    for (here, a), (there, b) in itertools.combinations(songs.items(), 2):
        yield Pair("unrelated", f"{here} / {there}", a, b, (), same=False)


DEMO_PAIRS = tuple(itertools.combinations(range(1, 11), 2))


def demo_pairs() -> Iterator[Pair]:
    mixes = {version.number: version.mix for version in versions()}
    for a, b in DEMO_PAIRS:
        lines = tuple((s.a_start, s.a_end, s.b_start, s.b_end) for s in time_map(a, b).segments)
        kind = "demo, same take" if {a, b} == {2, 3} or min(a, b) >= 4 else "demo, played anew"
        yield Pair(kind, f"demo {a} / {b}", mixes[a], mixes[b], lines, same=kind == "demo, same take")


def _sum(parts: Parts) -> Audio:
    mix: Audio = np.sum(parts, axis=0, dtype=np.float32)
    return np.asarray(0.5 * mix / np.abs(mix).max(), dtype=np.float32)


Made = tuple[Audio, list[Line]]
Make = Callable[[Parts, Audio, np.random.Generator], Made | tuple[Audio, list[Line], list[Line]]]


def _whole(mix: Audio, head: int = 0, frames: int | None = None) -> list[Line]:
    """A trimmed by ``head`` frames at its start gives B."""
    end = len(mix) if frames is None else head + frames
    return [(max(head, 0) / RATE, end / RATE, max(-head, 0) / RATE, (end - head) / RATE)]


def _remix(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    changed = []
    for part in parts:
        bands = (Band("peak", rng.uniform(200, 4000), rng.uniform(-5, 5), 1.0),)
        louder = equalised(part, bands) * np.float32(10 ** (rng.uniform(-6, 6) / 20))
        pan = rng.uniform(-0.5, 0.5)
        louder *= np.array([1 - pan, 1 + pan], dtype=np.float32)
        add_room(louder, "plate" if rng.random() < 0.5 else "room", rng.uniform(-14, -6))
        changed.append(louder)
    return _sum(changed), _whole(mix)


def _master(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    head = int(rng.integers(1000, 60000)) | 1
    loud = equalised(mix[head:], (Band("low shelf", 90, 1.5), Band("high shelf", 6000, 2))) * np.float32(3)
    return loud * limiting_gain(loud, -1.0)[:, None], _whole(mix, head)


def _phone(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    heard = mix.mean(axis=1, keepdims=True)
    room = rng.standard_normal((round(0.35 * RATE), 1)).astype(np.float32)
    room *= np.exp(-np.arange(len(room)) / (0.06 * RATE))[:, None].astype(np.float32)
    room[: round(0.004 * RATE)] = 0
    room *= np.float32(0.8 / np.sqrt(np.sum(room**2)))
    room[0] = 1
    heard = convolve(heard, room[:, 0])
    heard = equalised(heard, (Band("low cut", 250), Band("low cut", 200), Band("high cut", 5500)))
    head = -int(rng.integers(5000, 90000))
    heard = np.pad(heard, ((-head, 0), (0, 0)))
    heard += (rng.standard_normal(heard.shape) * 0.02 * heard.std()).astype(np.float32)
    heard = np.tanh(4 * heard / np.abs(heard).max())
    return np.repeat(heard, 2, axis=1).astype(np.float32), _whole(mix, head)


def _spliced(mix: Audio, kept: list[tuple[int, int]]) -> Made:
    """Pieces of A, in the order they have in B; a piece of negative start is of no place in A."""
    out, lines, at = [], [], 0
    for start, end in kept:
        out.append(mix[start:end])
        lines.append((start / RATE, end / RATE, at / RATE, (at + end - start) / RATE))
        at += end - start
    fade = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    for before, after in itertools.pairwise(out):
        before[-256:] = before[-256:] * fade[::-1]
        after[:256] = after[:256] * fade
    return np.concatenate(out), sorted(lines)


def _cut(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    start = int(rng.uniform(25, 45) * RATE)
    length = int(rng.uniform(8, 20) * RATE)
    return _spliced(mix.copy(), [(0, start), (start + length, len(mix))])


def _inserted(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    at, length = int(rng.uniform(25, 45) * RATE), int(rng.uniform(8, 15) * RATE)
    new = mix[::-1][len(mix) // 5 : len(mix) // 5 + length] * np.float32(0.8)  # backwards: in no place of A
    b = np.concatenate((mix[:at], new, mix[at:]))
    return b, [
        (0, at / RATE, 0, at / RATE),
        (at / RATE, len(mix) / RATE, (at + length) / RATE, len(b) / RATE),
    ]


def _reordered(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    edges = [0, *(int(s * RATE) for s in (22.3, 41.1, 63.7, 80.2)), len(mix)]
    pieces = list(itertools.pairwise(edges))
    return _spliced(mix.copy(), [pieces[i] for i in (0, 2, 1, 3, 4)])


def _repeated(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    start, end = int(40 * RATE), int(56.5 * RATE)
    b = np.concatenate((mix[:end], mix[start:]))
    return b, [
        (0, end / RATE, 0, end / RATE),
        (end / RATE, len(mix) / RATE, (2 * end - start) / RATE, len(b) / RATE),
    ]


def _moved_joint(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    at, shift = int(rng.uniform(35, 65) * RATE), int(0.030 * RATE)
    return _spliced(mix.copy(), [(0, at), (at + shift, len(mix))])


def _lossy(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    """What a codec does below its limits: noise under the signal in every band, no treble, and a delay."""
    size = 1024
    out = np.zeros_like(mix)
    for start in range(0, len(mix) - size, size):
        spectrum = np.fft.rfft(mix[start : start + size], axis=0)
        step = 0.3 * np.abs(spectrum).reshape(-1)[:512].reshape(-1, 16).mean(axis=1).repeat(16)[:513].mean()
        noise = rng.normal(size=spectrum.shape) + 1j * rng.normal(size=spectrum.shape)
        spectrum += noise * step * 0.2
        spectrum[370:] = 0
        out[start : start + size] = np.fft.irfft(spectrum, size, axis=0)
    return np.pad(out, ((1105, 0), (0, 0))), _whole(mix, -1105)


def _stretched(mix: Audio, times: NDArray[np.float64]) -> Audio:
    """A phase vocoder: output frame i (every 512 samples) shows the input at ``times[i]`` seconds."""
    size, hop = 2048, 512
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    padded = np.pad(mix, ((size, 2 * size), (0, 0)))
    out = np.zeros((len(times) * hop + size, mix.shape[1]), dtype=np.float32)
    advance = 2 * np.pi * np.arange(size // 2 + 1)[:, None] * hop / size
    phase = None
    for index, time in enumerate(times):
        at = round(time * RATE) + size - size // 2
        now = np.fft.rfft(padded[at : at + size] * window[:, None], axis=0)
        before = np.fft.rfft(padded[at - hop : at - hop + size] * window[:, None], axis=0)
        turn = np.angle(now) - np.angle(before) - advance
        turn -= 2 * np.pi * np.round(turn / (2 * np.pi))
        phase = np.angle(now) if phase is None else phase + advance + turn
        # A loud onset starts afresh, or every drum would be smeared.
        if np.sum(np.abs(now)) > 1.6 * np.sum(np.abs(before)):
            phase = np.angle(now)
        frame = np.fft.irfft(np.abs(now) * np.exp(1j * phase), size, axis=0) * window[:, None]
        out[index * hop : index * hop + size] += frame.astype(np.float32) / 1.5
    return out[size // 2 :]


def _lines(times: NDArray[np.float64]) -> list[Line]:
    places = np.arange(len(times)) * 512 / RATE
    picks = [*range(0, len(times) - 1, 20), len(times) - 1]
    return [
        (float(times[i]), float(times[j]), float(places[i]), float(places[j]))
        for i, j in itertools.pairwise(picks)
    ]


def _retake(parts: Parts, mix: Audio, rng: np.random.Generator, speed: float | None = None) -> Made:
    speed = float(rng.choice([0.92, 0.95, 1.05, 1.08])) if speed is None else speed
    changed = _remix(parts, mix, rng)[0]
    times = np.arange(0, len(mix) / RATE - 0.1, 512 / RATE * speed)
    return _stretched(changed, times), _lines(times)


def _wandering(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    changed = _remix(parts, mix, rng)[0]
    places = np.arange(0, 1.15 * len(mix) / RATE, 512 / RATE)
    speeds = 1.03 + 0.04 * np.sin(2 * np.pi * places / 23) + 0.015 * np.sin(2 * np.pi * places / 7.1)
    times = np.cumsum(speeds) * 512 / RATE
    times = times[times < len(mix) / RATE - 0.1]
    return _stretched(changed, times), _lines(times)


def _varispeed(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    """The tape faster: another pitch too."""
    speed = 1.04
    changed = _remix(parts, mix, rng)[0]
    at = np.arange(0, len(mix) - 1, speed)
    b = np.stack([np.interp(at, np.arange(len(mix)), changed[:, c]) for c in (0, 1)], axis=1)
    return b.astype(np.float32), [(0, len(mix) / RATE, 0, len(b) / RATE)]


def _retake_cut(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    """Played anew and shorter by a section."""
    b, lines = _retake(parts, mix, rng, 0.96)
    out = list(lines)
    start, end = 30.0, 45.0
    cut = (end - start) / 0.96
    b = np.concatenate((b[: round(start / 0.96 * RATE)], b[round(end / 0.96 * RATE) :]))
    whole = out[-1][1], out[-1][3]
    return b, [(0, start, 0, start / 0.96), (end, whole[0], end / 0.96 - cut, whole[1] - cut)]


def _retake_in_pieces(
    parts: Parts, mix: Audio, rng: np.random.Generator, *pieces: tuple[float, float]
) -> Made:
    """Played anew, these seconds of A one after the other; each stretched alone, so that no cut can be heard."""
    speed = float(rng.choice([0.93, 0.96, 1.05, 1.07]))
    changed = _remix(parts, mix, rng)[0]
    out, lines, at = [], [], 0
    for start, end in pieces:
        piece = _stretched(changed, np.arange(start, end, 512 / RATE * speed))[
            : round((end - start) / speed * RATE)
        ]
        out.append(piece)
        lines.append((start, end, at / RATE, (at + len(piece)) / RATE))
        at += len(piece)
    return np.concatenate(out), lines


def _retake_repeated(
    parts: Parts, mix: Audio, rng: np.random.Generator
) -> tuple[Audio, list[Line], list[Line]]:
    start, end, whole = 38.0, 55.0, len(mix) / RATE - 0.1
    b, lines = _retake_in_pieces(parts, mix, rng, (0, end), (start, whole))
    speed = end / lines[0][3]
    split = start / speed
    later = [(0, start, 0, split), (start, whole, lines[1][2], lines[1][3])]
    return b, [lines[0], (end, whole, lines[1][2] + (end - start) / speed, lines[1][3])], later


def _retake_longer(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    """An intro that was not there: backwards, it is in no place of A."""
    b, lines = _retake(parts, mix, rng, 1.06)
    intro = mix[::-1][len(mix) // 5 : len(mix) // 5 + round(6 * RATE)] * np.float32(0.8)
    return np.concatenate((intro, b)), [(s, e, c + 6, d + 6) for s, e, c, d in lines]


def _retake_without(parts: Parts, mix: Audio, rng: np.random.Generator) -> Made:
    return _retake_in_pieces(parts, mix, rng, (0, 47.5), (66.0, len(mix) / RATE - 0.1))


KINDS: dict[str, Make] = {
    "remix": _remix,
    "master": _master,
    "lossy": _lossy,
    "phone": _phone,
    "cut": _cut,
    "insert": _inserted,
    "other order": _reordered,
    "repeat": _repeated,
    "moved joint": _moved_joint,
    "retake": _retake,
    "retake, wandering": _wandering,
    "retake, cut": _retake_cut,
    "retake, repeated": _retake_repeated,
    "retake, intro": _retake_longer,
    "retake, dropped": _retake_without,
    "varispeed": _varispeed,
}
PLAYED_ANEW = {"varispeed", *(kind for kind in KINDS if kind.startswith("retake"))}
SAME_AUDIO = {"demo, same take", *(kind for kind in KINDS if kind not in PLAYED_ANEW)}
