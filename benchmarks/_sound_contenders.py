"""Who takes part in the benchmark of sound: we, and what others need for the same file."""

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import av
import numpy as np
import pyebur128
import soundfile

from benchmarks import _audiowaveform
from server.difference.analysed import listen_to
from server.sound.analysis import analyze
from server.sound.blocks import block_frames
from server.sound.loudness import Loudness, LoudnessGauge
from server.sound.one_pass import follow
from server.sound.reading import open_audio
from server.sound.waveform import Waveform, WaveformMeter

Contender = Callable[[Path], object]
REFERENCE, FLOOR = "libebur128: I, range, true peak", "decoding alone"
PEAKS, PEAKS_ON_BOTH = "Earmark: peaks", "Earmark: peaks, both cores"
PEAKS_REFERENCE = "audiowaveform (with its start)"


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
        str(path),
        "-af",
        "ebur128=peak=true:framelog=verbose",
    ]
    subprocess.run([*command, "-f", "null", "-"], check=True, capture_output=True)


def peaks(path: Path) -> Waveform:
    with open_audio(path) as reader:
        meter = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        follow(reader.blocks(block_frames(reader.sample_rate)), [meter.add])
        return meter.result()


def peaks_and_loudness(path: Path) -> tuple[Waveform, Loudness]:
    with open_audio(path) as reader:
        waveform = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        loudness = LoudnessGauge(reader.sample_rate, reader.speakers)
        follow(reader.blocks(block_frames(reader.sample_rate)), [waveform.add, loudness.add])
        return waveform.result(), loudness.result()


@contextmanager
def cores(count: int) -> Iterator[None]:
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(everywhere)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, everywhere)


def contenders(audiowaveform: Path | None) -> dict[str, tuple[Contender, int]]:
    """name: (what runs, on how many cores)."""
    everyone: dict[str, tuple[Contender, int]] = {
        REFERENCE: (libebur128, 1),
        "FFmpeg in PyAV: ebur128=peak=true": (ffmpeg_in_process, 1),
        FLOOR: (decode, 1),
        PEAKS: (peaks, 1),
        PEAKS_ON_BOTH: (peaks, 2),
        "Earmark: peaks, I, range, maxima, true peak": (peaks_and_loudness, 1),
        "Earmark: the same, both cores": (peaks_and_loudness, 2),
        "Earmark: everything": (analyze, 1),
        "Earmark: everything, both cores": (analyze, 2),
        "Earmark: and what comparisons need": (listen_to, 1),
        "Earmark: the same, on both cores": (listen_to, 2),
    }
    if shutil.which("ffmpeg"):
        everyone["ffmpeg command (with its start)"] = (ffmpeg_command, 2)
    if audiowaveform:
        everyone[PEAKS_REFERENCE] = (partial(_audiowaveform.run, audiowaveform), 1)
    return everyone


def taken(contender: Contender, path: Path, count: int) -> tuple[float, float]:
    """(seconds on the clock, seconds of the processors, those of its own commands too) on so many cores."""
    with cores(count):
        began, worked = time.perf_counter(), _worked()
        contender(path)
        return time.perf_counter() - began, _worked() - worked


def _worked() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
