"""Signals whose truth is known, and files of every format that hold them."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

Samples = NDArray[np.float64]  # (channels, frames)

RATE = 48000

# format: (file name ending, container for PyAV or None for soundfile, codec or subtype)
FORMATS: dict[str, tuple[str, str | None, str]] = {
    "wav16": ("wav", None, "PCM_16"),
    "wav24": ("wav", None, "PCM_24"),
    "wav32": ("wav", None, "PCM_32"),
    "wavfloat": ("wav", None, "FLOAT"),
    "aiff": ("aiff", None, "PCM_24"),
    "flac": ("flac", None, "PCM_24"),
    "vorbis": ("ogg", None, "VORBIS"),
    "alac": ("m4a", "ipod", "alac"),
    "mp3": ("mp3", "mp3", "libmp3lame"),
    "aac": ("m4a", "ipod", "aac"),
    "adts": ("aac", "adts", "aac"),
    "opus": ("opus", "ogg", "libopus"),
}
LOSSLESS = ("wav16", "wav24", "wav32", "wavfloat", "aiff", "flac", "alac")


def sine(
    hertz: float,
    seconds: float,
    *,
    dbfs: float = -20.0,
    channels: int = 2,
    rate: int = RATE,
    degrees: float = 0.0,
) -> Samples:
    """The same sine in every channel; ``dbfs`` is its peak."""
    turns = hertz * np.arange(round(seconds * rate)) / rate + degrees / 360
    return np.tile(10 ** (dbfs / 20) * np.sin(2 * np.pi * turns), (channels, 1))


def silence(seconds: float, *, channels: int = 2, rate: int = RATE) -> Samples:
    return np.zeros((channels, round(seconds * rate)))


def noise(
    seconds: float, *, channels: int = 2, rate: int = RATE, seed: int = 440, dbfs: float = -12.0
) -> Samples:
    """White noise, different in every channel; ``dbfs`` is its level (RMS)."""
    generator = np.random.default_rng(seed)
    return 10 ** (dbfs / 20) * generator.standard_normal((channels, round(seconds * rate)))


def clicks(times: list[float], seconds: float, *, channels: int = 2, rate: int = RATE) -> Samples:
    """A click, five milliseconds of a falling tone, beginning at each of ``times``."""
    samples = silence(seconds, channels=channels, rate=rate)
    n = np.arange(round(0.005 * rate))
    click = 0.8 * np.cos(2 * np.pi * 1000 * n / rate) * np.exp(-n / (0.001 * rate))
    for time in times:
        at = round(time * rate)
        samples[:, at : at + len(n)] = click[: samples.shape[1] - at]
    return samples


def music(seconds: float, *, rate: int = 44100, seed: int = 7) -> Samples:
    """Something like music: chords that swell and fall, drums, a verse and a chorus."""
    generator = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    loud = np.where((time // 8) % 2 == 0, 0.25, 0.9) * (0.7 + 0.3 * np.sin(2 * np.pi * time / 3.1))
    chord = sum(np.sin(2 * np.pi * hertz * time + phase) / n for n, (hertz, phase) in enumerate(_VOICES, 1))
    beat = np.exp(-(time % 0.5) * 18)
    drums = beat * generator.standard_normal(len(time)) + np.exp(-(time % 1.0) * 12) * np.sin(
        2 * np.pi * 60 * time
    )
    left = loud * (0.12 * chord + 0.2 * drums)
    right = loud * (0.12 * np.roll(chord, 300) + 0.15 * drums)
    return np.stack((left, right))


_VOICES = [
    (110.0, 0.0),
    (220.0, 1.0),
    (277.18, 2.0),
    (329.63, 0.5),
    (440.0, 0.3),
    (659.25, 2.2),
    (1760.0, 1.1),
]


def write(
    folder: Path, samples: Samples, *, format: str = "wav16", rate: int = RATE, name: str = "a"
) -> Path:
    """Write ``samples`` in one of FORMATS; the path."""
    ending, container, codec = FORMATS[format]
    path = folder / f"{name}-{format}.{ending}"
    if container is None:
        wanted = {"format": "OGG"} if ending == "ogg" else {}
        soundfile.write(path, samples.T, rate, subtype=codec, **wanted)
    else:
        _encode(path, samples, container, codec, rate)
    return path


def _encode(path: Path, samples: Samples, container: str, codec: str, rate: int) -> None:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(samples)]
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        if codec != "alac":
            stream.bit_rate = 96_000 * len(samples)
        source = AudioFrame.from_ndarray(np.ascontiguousarray(samples, dtype=np.float32), "fltp", layout)
        source.sample_rate, source.pts, source.time_base = rate, 0, Fraction(1, rate)
        to_encoder = av.AudioResampler(
            stream.format, layout, rate, frame_size=stream.codec_context.frame_size or 4096
        )
        for frame in [*to_encoder.resample(source), *to_encoder.resample(None)]:
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
