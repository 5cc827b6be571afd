"""How fast sound is measured, side by side with what others need for the same file, in one run.

    python -m benchmarks.sound [--music FOLDER] [--rounds 5] [--short]

Everything runs warm, in turns, and counts by its median. On a busy machine look at the processor's time.
FOLDER holds FLAC files to be mixed into the song (EARMARK_MUSIC does the same); without it the song is
synthesised. Commands (ffmpeg, audiowaveform) take part
where they are on the PATH.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # before numpy: one thread per core is what the server runs

import av
import numpy as np
import pyebur128
import soundfile
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from server.sound.analysis import analyze, measure
from server.sound.blocks import block_frames
from server.sound.confined import ConfinedProcesses
from server.sound.loudness import Loudness, LoudnessGauge
from server.sound.reading import open_audio
from server.sound.renditions import make_lossless, make_small
from server.sound.waveform import Waveform, WaveformMeter
from tests.sound.signals import music

RATE = 44100
SONG_SECONDS, REHEARSAL_SECONDS = 240, 3 * 3600
Contender = Callable[[Path], object]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench sound", description="How fast sound is measured.")
    parser.add_argument(
        "--music", type=Path, default=os.environ.get("EARMARK_MUSIC"), help="audio to mix the song from"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="leave out the three-hour recording")
    chosen = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="earmark-bench-") as folder:
        song = _song(Path(chosen.music) if chosen.music else None)
        files = _written(song, Path(folder))
        for path in files:
            console.print(_compared(path, chosen.rounds))
        console.print(_agreement(files[0]))
        console.print(_from_upload_to_waveform(files))
        console.print(_renditions(files[0]))
        if not chosen.short:
            console.print(_three_hours(song, Path(folder)))


def _song(folder: Path | None) -> NDArray[np.float32]:
    """(frames, 2): four minutes, its peak at -0.2 dBFS."""
    if folder is None:
        samples = music(SONG_SECONDS).T
    else:
        parts = [soundfile.read(path, always_2d=True)[0] for path in sorted(folder.rglob("*.flac"))]
        shortest = min(map(len, parts))
        samples = np.sum([part[:shortest, :2] for part in parts], axis=0)
        samples = np.tile(samples, (-(-SONG_SECONDS * RATE // shortest), 1))[: SONG_SECONDS * RATE]
    return (samples * 0.977 / np.abs(samples).max()).astype(np.float32)


def _written(song: NDArray[np.float32], folder: Path) -> list[Path]:
    for name, subtype in (("song.wav", "PCM_16"), ("song.flac", "PCM_24"), ("song.mp3", None)):
        soundfile.write(folder / name, song, RATE, subtype=subtype)
    return [folder / name for name in ("song.wav", "song.flac", "song.mp3")]


# --- who takes part ---


def decode(path: Path) -> None:
    """The floor: the decoder alone."""
    if path.suffix == ".mp3":
        with av.open(str(path)) as container:
            for _ in container.decode(audio=0):
                pass
        return
    with soundfile.SoundFile(path) as file:
        buffer = np.empty((65536, file.channels), dtype="int16" if file.subtype == "PCM_16" else "int32")
        while len(file.read(out=buffer)) == len(buffer):
            pass


def libebur128(path: Path) -> pyebur128.R128State:
    """Loudness alone: integrated, range, true peak."""
    mode = pyebur128.MeasurementMode
    with soundfile.SoundFile(path) as file:
        state = pyebur128.R128State(
            file.channels, file.samplerate, mode.MODE_I | mode.MODE_LRA | mode.MODE_TRUE_PEAK
        )
        for block in file.blocks(65536, dtype="float32", always_2d=True):
            state.add_frames(block.reshape(-1), len(block))
    return state


def ffmpeg_in_process(path: Path) -> None:
    """Loudness alone: ebur128=peak=true through PyAV."""
    graph = av.filter.Graph()
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        meter = graph.add("ebur128", "peak=true:framelog=quiet")
        graph.link_nodes(graph.add_abuffer(template=stream), meter, graph.add("abuffersink")).configure()
        for frame in container.decode(stream):
            graph.push(frame)
            while True:
                try:
                    graph.pull()
                except BlockingIOError:
                    break


def ffmpeg_command(path: Path) -> None:
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-nostdin",
        "-nostats",
        "-i",
        path,
        "-af",
        "ebur128=peak=true:framelog=verbose",
    ]
    subprocess.run([*command, "-f", "null", "-"], check=True, capture_output=True)


def peaks(path: Path) -> Waveform:
    with open_audio(path) as reader:
        meter = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        for block in reader.blocks(block_frames(reader.sample_rate)):
            meter.add(block)
        return meter.result()


def peaks_and_loudness(path: Path) -> tuple[Waveform, Loudness]:
    with open_audio(path) as reader:
        waveform = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        loudness = LoudnessGauge(reader.sample_rate, reader.speakers)
        measure(reader, [waveform.add, loudness.add])
        return waveform.result(), loudness.result()


def audiowaveform(path: Path) -> None:
    command = ["audiowaveform", "-q", "-i", path, "-o", path.with_suffix(".dat"), "-z", "256", "-b", "8"]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def _cores(count: int) -> Iterator[None]:
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(everywhere)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, everywhere)


def _contenders() -> dict[str, tuple[Contender, int]]:
    """name: (what runs, on how many cores)."""
    everyone: dict[str, tuple[Contender, int]] = {
        "libebur128: I, range, true peak": (libebur128, 1),
        "FFmpeg in PyAV: ebur128=peak=true": (ffmpeg_in_process, 1),
        "decoding alone": (decode, 1),
        "Earmark: peaks": (peaks, 1),
        "Earmark: peaks, I, range, maxima, true peak": (peaks_and_loudness, 1),
        "Earmark: everything": (analyze, 1),
        "Earmark: everything, two cores": (analyze, 2),
    }
    if shutil.which("ffmpeg"):
        everyone["ffmpeg command (with its start)"] = (ffmpeg_command, 2)
    if shutil.which("audiowaveform"):
        everyone["audiowaveform command (with its start)"] = (audiowaveform, 1)
    return everyone


# --- tables ---


def _compared(path: Path, rounds: int) -> Table:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in _contenders()}
    for _ in range(rounds):
        for name, (contender, cores) in _contenders().items():
            with _cores(cores):
                taken[name].append(_seconds(contender, path))
    medians = {name: np.median(times, axis=0) for name, times in taken.items()}
    reference, floor = medians["libebur128: I, range, true peak"], medians["decoding alone"]
    title = f"{path.name}, four minutes, median of {rounds}; ratios are to libebur128"
    table = Table("what", "s", "ratio", "processor s", "ratio", "to decoding", title=title)
    for name, (wall, processor) in medians.items():
        ratios = wall / reference[0], processor / reference[1], wall / floor[0]
        table.add_row(
            name,
            f"{wall:.3f}",
            f"{ratios[0]:.2f}",
            f"{processor:.3f}",
            f"{ratios[1]:.2f}",
            f"{ratios[2]:.1f}",
        )
    return table


def _seconds(contender: Contender, path: Path) -> tuple[float, float]:
    """(on the clock, of the processors); a command's processor time is not ours to see."""
    began, worked = time.perf_counter(), time.process_time()
    contender(path)
    return time.perf_counter() - began, time.process_time() - worked


def _agreement(path: Path) -> Table:
    state, (waveform, ours) = libebur128(path), peaks_and_loudness(path)
    highest = max(pyebur128.get_true_peak(state, channel) for channel in range(2))
    shorts, _ = soundfile.read(path, dtype="int16")
    table = Table("figure", "Earmark", "libebur128", "difference", title="Do they agree?")
    for name, mine, theirs in (
        ("integrated, LUFS", ours.integrated_lufs, pyebur128.get_loudness_global(state)),
        ("range, LU (ours every 100 ms, theirs every s)", ours.range_lu, pyebur128.get_loudness_range(state)),
        ("true peak, dBTP", ours.true_peak_dbtp, 20 * np.log10(highest)),
    ):
        mine = float("nan") if mine is None else mine
        table.add_row(name, f"{mine:.4f}", f"{theirs:.4f}", f"{abs(mine - theirs):.4f}")
    same = np.array_equal(waveform.peaks[256], _documented_peaks(shorts))
    table.add_row("peaks by audiowaveform's documented rule", "", "", "identical" if same else "DIFFERENT")
    return table


def _documented_peaks(shorts: NDArray[np.int16]) -> NDArray[np.int8]:
    mono = np.trunc(shorts.astype(np.int64).sum(axis=1) / shorts.shape[1])
    pixels = np.split(mono, range(256, len(mono), 256))
    low_high = np.array([(pixel.min(), pixel.max()) for pixel in pixels])
    return np.asarray(np.trunc(low_high / 256), dtype=np.int8)


def _from_upload_to_waveform(files: list[Path]) -> Table:
    table = Table("file", "s", title="From the last byte to the .dat, in a warm confined child")
    processes = ConfinedProcesses()
    try:
        processes.warm_up()
        for path in files:
            began = time.perf_counter()
            processes.run(analyze, path, seconds=60).waveform.to_dat(256)
            table.add_row(path.name, f"{time.perf_counter() - began:.3f}")
    finally:
        processes.close()
    return table


def _renditions(path: Path) -> Table:
    table = Table("rendition", "s", "x real time", "MB", title="Renditions of song.wav")
    for name, make in (("small (AAC in MP4)", make_small), ("lossless (FLAC)", make_lossless)):
        target = path.with_suffix(".rendition")
        began = time.perf_counter()
        make(path, target)
        seconds = time.perf_counter() - began
        table.add_row(
            name, f"{seconds:.2f}", f"{SONG_SECONDS / seconds:.0f}", f"{target.stat().st_size / 1e6:.1f}"
        )
    return table


def analyze_and_weigh(path: Path, *, progress: Callable[[float], None] | None = None) -> tuple[float, float]:
    """(seconds, the process's highest memory in MiB)."""
    began = time.perf_counter()
    analyze(path, progress=progress)
    seconds = time.perf_counter() - began
    # Not ru_maxrss, which a child inherits from whoever started it.
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return seconds, int(line.split()[1]) / 1024


def _three_hours(song: NDArray[np.float32], folder: Path) -> Table:
    path = folder / "rehearsal.wav"
    with soundfile.SoundFile(path, "w", RATE, 2, subtype="PCM_16") as file:
        for _ in range(REHEARSAL_SECONDS // SONG_SECONDS):
            file.write(song)
    processes = ConfinedProcesses()
    try:
        processes.warm_up()
        short, _ = processes.run(analyze_and_weigh, folder / "song.wav", seconds=600)
        ours, memory = processes.run(analyze_and_weigh, path, seconds=3600)
    finally:
        processes.close()
    with _cores(1):
        theirs, _ = _seconds(libebur128, path)
    table = Table("what", "s", "to libebur128", "to 45 songs", "highest memory", title="Three hours of WAV")
    table.add_row("libebur128: I, range, true peak", f"{theirs:.1f}", "1.00", "", "")
    growth = f"{ours / (short * REHEARSAL_SECONDS / SONG_SECONDS):.2f}"
    table.add_row(
        "Earmark: everything, two cores", f"{ours:.1f}", f"{ours / theirs:.2f}", growth, f"{memory:.0f} MiB"
    )
    return table


if __name__ == "__main__":
    main()
