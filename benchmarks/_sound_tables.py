"""The tables of the benchmark of sound."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyebur128
import soundfile
from numpy.typing import NDArray
from rich.table import Table

from benchmarks._audiowaveform import peaks_in, run
from benchmarks._sound_contenders import (
    FLOOR,
    PEAKS,
    PEAKS_ON_BOTH,
    PEAKS_REFERENCE,
    REFERENCE,
    contenders,
    libebur128,
    peaks,
    peaks_and_loudness,
    taken,
)
from tests.sound.references import ffmpeg_loudness


def compared(path: Path, rounds: int, audiowaveform: Path | None) -> Table:
    """Everybody in turns; medians."""
    everyone = contenders(audiowaveform)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in everyone}
    for _ in range(rounds):
        for name, (contender, count) in everyone.items():
            times[name].append(taken(contender, path, count))
    medians = {name: np.median(rows, axis=0) for name, rows in times.items()}
    reference, floor = medians[REFERENCE], medians[FLOOR]
    title = f"{path.name}, four minutes, median of {rounds}; ratios are to libebur128"
    table = Table("what", "cores", "s", "ratio", "processor s", "ratio", "to decoding", title=title)
    for name, (wall, processor) in medians.items():
        ratios = wall / reference[0], processor / reference[1], wall / floor[0]
        table.add_row(
            name,
            str(everyone[name][1]),
            f"{wall:.3f}",
            f"{ratios[0]:.2f}",
            f"{processor:.3f}",
            f"{ratios[1]:.2f}",
            f"{ratios[2]:.1f}",
        )
    if PEAKS_REFERENCE in medians:
        one, both = (medians[name][0] / medians[PEAKS_REFERENCE][0] for name in (PEAKS, PEAKS_ON_BOTH))
        table.caption = f"Peaks to audiowaveform: {one:.2f} on one core, {both:.2f} on both"
    return table


def agreement(files: Sequence[Path], audiowaveform: Path | None) -> Table:
    path = files[0]
    state, (waveform, ours) = libebur128(path), peaks_and_loudness(path)
    highest = max(pyebur128.get_true_peak(state, channel) for channel in range(2))
    shorts, _ = soundfile.read(path, dtype="int16")
    ffmpeg_integrated, ffmpeg_range = ffmpeg_loudness(path)
    table = Table("figure", "Earmark", "the other", "difference", title="Do they agree?")
    for name, mine, theirs in (
        ("libebur128: integrated, LUFS", ours.integrated_lufs, pyebur128.get_loudness_global(state)),
        (
            "libebur128: range, LU (theirs every second)",
            ours.range_lu,
            pyebur128.get_loudness_range(state),
        ),
        ("libebur128: true peak, dBTP", ours.true_peak_dbtp, 20 * np.log10(highest)),
        ("FFmpeg: integrated, LUFS", ours.integrated_lufs, ffmpeg_integrated),
        ("FFmpeg: range, LU", ours.range_lu, ffmpeg_range),
    ):
        mine = float("nan") if mine is None else mine
        table.add_row(name, f"{mine:.4f}", f"{theirs:.4f}", f"{abs(mine - theirs):.4f}")
    same = np.array_equal(waveform.peaks[256], _documented_peaks(shorts))
    table.add_row("peaks by audiowaveform's documented rule", "", "", "identical" if same else "DIFFERENT")
    if audiowaveform:
        for lossless in files[:2]:
            same = peaks(lossless).peaks[256].tobytes() == peaks_in(run(audiowaveform, lossless))
            name = f"peaks of {lossless.name} by audiowaveform itself"
            table.add_row(name, "", "", "identical" if same else "DIFFERENT")
    return table


def _documented_peaks(shorts: NDArray[np.int16]) -> NDArray[np.int8]:
    mono = np.trunc(shorts.astype(np.int64).sum(axis=1) / shorts.shape[1])
    pixels = np.split(mono, range(256, len(mono), 256))
    low_high = np.array([(pixel.min(), pixel.max()) for pixel in pixels])
    return np.asarray(np.trunc(low_high / 256), dtype=np.int8)
