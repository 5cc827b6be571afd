"""How long people wait: from the last byte to the waveform, for what is played, and for three hours."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks._sound_contenders import Contender, libebur128, taken
from benchmarks._sound_material import REHEARSAL_SECONDS, SONG_SECONDS
from server.difference.analysed import Analysed, listen_to
from server.sound import halves
from server.sound.analysis import Analysis, analyze
from server.sound.confined import ConfinedProcesses
from server.sound.renditions import make_lossless, make_small

_OPUSENC = "opusenc --bitrate 128"


def from_upload_to_waveform(files: list[Path], rounds: int) -> Table:
    """As the server does it: heard in a warm confined child, every zoom level written as a file."""
    title = f"From the last byte to the waveform's files, both cores, median of {rounds}"
    table = Table("file", "s", "slowest", "without what comparisons need, s", title=title)
    processes = ConfinedProcesses()
    try:
        processes.warm_up()
        for path in files:
            heard = [_until_the_waveform(processes, listen_to, path) for _ in range(rounds)]
            alone = [_until_the_waveform(processes, analyze, path) for _ in range(rounds)]
            numbers = np.median(heard), max(heard), np.median(alone)
            table.add_row(path.name, *(f"{number:.3f}" for number in numbers))
    finally:
        processes.close()
    return table


def _until_the_waveform(
    processes: ConfinedProcesses, hear: Callable[..., Analysis | Analysed], path: Path
) -> float:
    began = time.perf_counter()
    heard = processes.run(hear, path, seconds=600)
    waveform = (heard.analysis if isinstance(heard, Analysed) else heard).waveform
    for level in waveform.levels:
        path.with_suffix(f".{level}.dat").write_bytes(waveform.to_dat(level))
    return time.perf_counter() - began


def renditions(path: Path, rounds: int) -> Table:
    """What is made for listeners, and opusenc (one core) beside it where it is on the PATH."""
    everyone: dict[str, tuple[Contender, int]] = {
        "small (AAC in MP4), in one piece": (_in_one_piece, 1),
        "small (AAC in MP4), in two halves at once": (lambda source: make_small(source, _made(source)), 2),
        "lossless (FLAC)": (lambda source: make_lossless(source, _made(source)), 1),
    }
    if shutil.which("opusenc"):
        everyone[_OPUSENC] = (_opusenc, 1)
    table = Table(
        "rendition", "cores", "s", "processor s", "x real time", "MB", "to opusenc", title=path.name
    )
    medians, sizes = {}, {}
    for name, (make, count) in everyone.items():
        medians[name] = np.median([taken(make, path, count) for _ in range(rounds)], axis=0)
        sizes[name] = _made(path).stat().st_size / 1e6
    for name, (wall, processor) in medians.items():
        ratio = f"{wall / medians[_OPUSENC][0]:.2f}" if _OPUSENC in medians else ""
        numbers = f"{wall:.2f}", f"{processor:.2f}", f"{SONG_SECONDS / wall:.0f}", f"{sizes[name]:.1f}"
        table.add_row(name, str(everyone[name][1]), *numbers, ratio)
    return table


def _made(source: Path) -> Path:
    return source.with_suffix(".rendition")


def _in_one_piece(source: Path) -> None:
    usual, halves.SHORTEST_SECONDS = halves.SHORTEST_SECONDS, 24 * 3600
    try:
        make_small(source, _made(source))
    finally:
        halves.SHORTEST_SECONDS = usual


def _opusenc(source: Path) -> None:
    subprocess.run(["opusenc", "--quiet", "--bitrate", "128", source, _made(source)], check=True)


def three_hours(rehearsal: Path, song: Path) -> Table:
    """In a confined child; its time should be that of as many songs, its memory that of one."""
    processes = ConfinedProcesses()
    try:
        processes.warm_up()
        short, _ = processes.run(analyze_and_weigh, song, seconds=3600)
        ours, memory = processes.run(analyze_and_weigh, rehearsal, seconds=6 * 3600)
    finally:
        processes.close()
    theirs = taken(libebur128, rehearsal, 1)
    table = Table(
        "what", "s", "processor s", "ratio", "to 45 songs", "highest memory", title="Three hours of WAV"
    )
    table.add_row("libebur128: I, range, true peak", *(f"{number:.1f}" for number in theirs), "1.00", "", "")
    growth = ours[1] / (short[1] * REHEARSAL_SECONDS / SONG_SECONDS)
    table.add_row(
        "Earmark: everything, both cores",
        *(f"{number:.1f}" for number in ours),
        f"{ours[0] / theirs[0]:.2f}",
        f"{growth:.2f}",
        f"{memory:.0f} MiB",
    )
    return table


def analyze_and_weigh(
    path: Path, *, progress: Callable[[float], None] | None = None
) -> tuple[tuple[float, float], float]:
    """((seconds on the clock, of the processors), the process's highest memory in MiB)."""
    began, worked = time.perf_counter(), time.process_time()
    analyze(path, progress=progress)
    seconds = time.perf_counter() - began, time.process_time() - worked
    # Not ru_maxrss, which a child inherits from whoever started it.
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return seconds, int(line.split()[1]) / 1024
