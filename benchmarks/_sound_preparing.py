"""How long people wait for what is played, and for three hours."""

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import numpy as np
from rich.table import Table

from benchmarks._sound_contenders import Contender, libebur128, taken
from benchmarks._sound_material import REHEARSAL_SECONDS, SONG_SECONDS
from benchmarks._weighing import hear, weighed
from server.sound import halves
from server.sound.analysis import analyze
from server.sound.confined import ConfinedProcesses
from server.sound.renditions import make_lossless, make_opus, make_small

Make = Callable[[Path, Path], None]
_LIBOPUS, _OPUSENC = "libopus, 128 kbit/s, in one piece", "opusenc --bitrate 128"


def renditions(path: Path, rounds: int) -> Table:
    """What is made for listeners, beside the encoder of opusenc, and that itself where it is on the PATH."""
    everyone: dict[str, tuple[Contender, int]] = {
        "opus (Ogg), in one piece": (partial(_in_one_piece, make_opus), 1),
        "opus (Ogg), in two halves at once": (partial(_as_served, make_opus), 2),
        "small (AAC in MP4), in one piece": (partial(_in_one_piece, make_small), 1),
        "small (AAC in MP4), in two halves at once": (partial(_as_served, make_small), 2),
        "lossless (FLAC)": (partial(_as_served, make_lossless), 1),
        _LIBOPUS: (_libopus, 1),
    }
    if shutil.which("opusenc"):
        everyone[_OPUSENC] = (_opusenc, 1)
    reference = _OPUSENC if _OPUSENC in everyone else _LIBOPUS
    columns = (
        "rendition",
        "cores",
        "s",
        "processor s",
        "x real time",
        "MB",
        f"to {reference.split()[0].strip(',')}",
    )
    table = Table(*columns, title=path.name)
    medians, sizes = {}, {}
    for name, (make, count) in everyone.items():
        medians[name] = np.median([taken(make, path, count) for _ in range(rounds)], axis=0)
        sizes[name] = _made(path).stat().st_size / 1e6
    for name, (wall, processor) in medians.items():
        ratio = f"{wall / medians[reference][0]:.2f}"
        numbers = f"{wall:.2f}", f"{processor:.2f}", f"{SONG_SECONDS / wall:.0f}", f"{sizes[name]:.1f}"
        table.add_row(name, str(everyone[name][1]), *numbers, ratio)
    return table


def _made(source: Path) -> Path:
    return source.with_suffix(".rendition")


def _as_served(make: Make, source: Path) -> None:
    make(source, _made(source))


def _in_one_piece(make: Make, source: Path) -> None:
    usual, halves.SHORTEST_SECONDS = halves.SHORTEST_SECONDS, 24 * 3600
    try:
        make(source, _made(source))
    finally:
        halves.SHORTEST_SECONDS = usual


def _libopus(source: Path) -> None:
    """What opusenc does, with its settings, in this process: decode, resample to 48 kHz, encode."""
    with av.open(str(source)) as recording, av.open(str(_made(source)), "w", format="ogg") as ogg:
        stream = ogg.add_stream("libopus", rate=48000, layout="stereo")
        stream.bit_rate = 128_000
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=48000)
        for frame in (*recording.decode(audio=0), None):
            for ready in resampler.resample(frame):
                ogg.mux(stream.encode(ready))
        ogg.mux(stream.encode(None))


def _opusenc(source: Path) -> None:
    subprocess.run(["opusenc", "--quiet", "--bitrate", "128", source, _made(source)], check=True)


def three_hours(rehearsal: Path, song: Path) -> Table:
    """In a confined child; the time should be that of as many songs, the memory that of one."""
    theirs = taken(libebur128, rehearsal, 1)
    table = Table(
        "what", "s", "processor s", "ratio", "to 45 songs", "highest memory", title="Three hours of WAV"
    )
    table.add_row("libebur128: I, range, true peak", *(f"{number:.1f}" for number in theirs), "1.00", "", "")
    works = {
        "Earmark: everything, both cores": analyze,
        "Earmark: as the server does it": hear,
    }
    for name, work in works.items():
        processes = ConfinedProcesses()
        try:
            processes.warm_up()
            short, _ = processes.run(weighed, work, song, seconds=3600)
            ours, memory = processes.run(weighed, work, rehearsal, seconds=6 * 3600)
        finally:
            processes.close()
        growth = ours[1] / (short[1] * REHEARSAL_SECONDS / SONG_SECONDS)
        ratios = f"{ours[0] / theirs[0]:.2f}", f"{growth:.2f}", f"{memory / 1e6:.0f} MB"
        table.add_row(name, *(f"{number:.1f}" for number in ours), *ratios)
    return table
