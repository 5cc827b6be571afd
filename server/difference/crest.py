"""How far peaks stand out in each part of the spectrum: what limiting and compression took, and from whom."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from server.difference.aligned import Aligned, Doubles
from server.difference.analysed import Analysed
from server.difference.places import REGIONS
from server.sound.features import ROWS_PER_SECOND
from server.sound.reading import open_audio

_PLACES, _SECONDS, _APART = 5, 4.0, 60  # pieces read, their length, rows between them
_HEARD_SHARE = 1e-5

Floats = NDArray[np.float32]


def crest_by_region(a: Analysed, b: Analysed, aligned: Aligned) -> Doubles | None:
    """(6,): dB by which peak over RMS of B exceeds that of A, the middle of the loudest places; 0 where a region
    is empty. None where a file cannot be read or there is too little of it."""
    starts = _loudest(aligned)
    if a.path is None or b.path is None or not starts:
        return None
    ours = _crests(a.path, [float(aligned.a_times[row]) for row in starts])
    theirs = _crests(b.path, [float(aligned.b_times[row]) for row in starts])
    pairs = [there - here for here, there in zip(ours, theirs, strict=False)]
    return np.median(np.array(pairs), axis=0) if pairs else None


def _loudest(aligned: Aligned) -> list[int]:
    """First rows of places that run on in both for four seconds."""
    length = round(_SECONDS * ROWS_PER_SECOND)
    if len(aligned.a_times) <= length:
        return []
    sums = np.convolve(aligned.a.loudness, np.ones(length), "valid")
    sums[np.abs(aligned.a_times[length - 1 :] - aligned.a_times[: len(sums)] - (length - 1) / 10) > 0.05] = 0
    starts: list[int] = []
    for row in np.argsort(sums)[::-1].tolist():
        if sums[row] > 0 and all(abs(row - other) >= _APART for other in starts):
            starts.append(row)
        if len(starts) == _PLACES:
            break
    return starts


def _crests(path: Path, starts: list[float]) -> Iterator[Doubles]:
    """(6,) for each place."""
    with open_audio(path) as reader:
        for start in starts:
            frames = round(_SECONDS * reader.sample_rate)
            block = next(reader.blocks(frames, start=round(start * reader.sample_rate)), None)
            if block is None or block.frames < frames // 2:
                return
            yield _by_region(block.samples.mean(axis=0), reader.sample_rate)


def _by_region(samples: Floats, rate: int) -> Doubles:
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    whole = float(np.mean(np.square(samples, dtype=np.float64)))
    crests = []
    for region in REGIONS:
        inside = (hertz >= region.low_hertz) & (hertz < region.high_hertz)
        part = np.fft.irfft(np.where(inside, spectrum, 0), len(samples))
        power = float(np.mean(np.square(part)))
        crests.append(
            10 * np.log10(float(np.square(part).max()) / power) if power > _HEARD_SHARE * whole > 0 else 0.0
        )
    return np.array(crests)
