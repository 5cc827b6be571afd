"""A piece cut out of a recording, to the sample, for someone to keep: pydub fades, gains and writes it.

Only the piece is read, so that a clip from the third hour costs no more than one from the first minute.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from server.sound.aac import small_rate
from server.sound.errors import UnreadableAudio
from server.sound.reading import USUAL_LAYOUTS, Reader, open_audio

with warnings.catch_warnings():
    # pydub looks for an ffmpeg program as it is imported; it is never asked to start one here.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

FADE_MILLISECONDS = 5
LONGEST_SECONDS = 600
MEDIA_TYPES = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg"}
_BLOCK = 65536
_MP3_BITS_PER_SECOND = 192_000
_SAMPLE_WIDTH = 4  # bytes that pydub works with: 32 bit, so that a gain does not round 24-bit audio


@dataclass(frozen=True)
class Piece:
    """What to cut, in seconds."""

    start: float
    end: float
    gain_db: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("A clip must begin before it ends.")
        if self.end - self.start > LONGEST_SECONDS:
            raise ValueError(f"A clip may be {LONGEST_SECONDS // 60} minutes long at most.")


def make_clip(
    source: Path,
    target: Path,
    piece: Piece,
    format: str = "wav",
    *,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write ``piece`` of ``source`` to ``target`` as ``wav``, ``flac`` or ``mp3``.

    WAV and FLAC keep the depth (24 bit for what has none). A piece that begins after the end of the recording
    is refused, one that ends there ends with it.
    """
    if format not in MEDIA_TYPES:
        raise ValueError(f"A clip can be {', '.join(MEDIA_TYPES)}, not {format}.")
    with open_audio(source) as reader:
        samples = _read(reader, piece)
        segment = _shaped(samples, reader.sample_rate, piece.gain_db)
        deep = reader.bit_depth is None or reader.bit_depth > 16
        if format == "mp3":
            target.write_bytes(_as_mp3(segment))
        else:
            _write(segment, target, format, "PCM_24" if deep else "PCM_16")
    if progress:
        progress(1.0)


def _read(reader: Reader, piece: Piece) -> NDArray[np.float32]:
    """float32 (channels, frames) from the sample nearest to the start up to the one nearest to the end."""
    start, end = round(piece.start * reader.sample_rate), round(piece.end * reader.sample_rate)
    if reader.promised_frames is not None and start >= reader.promised_frames:
        raise UnreadableAudio("nothing-there")
    parts, missing = [], end - start
    for block in reader.blocks(min(_BLOCK, missing), start=start):
        parts.append(block.samples[:, :missing])
        missing -= parts[-1].shape[1]
        if missing <= 0:
            break
    if not parts:
        raise UnreadableAudio("nothing-there")
    return np.concatenate(parts, axis=1)


def _shaped(samples: NDArray[np.float32], sample_rate: int, gain_db: float) -> AudioSegment:
    whole = np.clip(np.rint(samples.T.astype(np.float64) * 2**31), -(2**31), 2**31 - 1).astype("<i4")
    # pydub cuts and fades at whole milliseconds. At 1000 frames a second a millisecond is a sample.
    kind = {"sample_width": _SAMPLE_WIDTH, "channels": len(samples)}
    by_sample = AudioSegment(whole.tobytes(), frame_rate=1000, **kind)
    fade = min(FADE_MILLISECONDS * sample_rate // 1000, len(by_sample) // 2)
    shaped = by_sample.fade_in(fade).fade_out(fade) if fade else by_sample
    shaped = shaped.apply_gain(gain_db) if gain_db else shaped
    return AudioSegment(shaped.raw_data, frame_rate=sample_rate, **kind)


def _samples(segment: AudioSegment) -> NDArray[np.int32]:
    return np.frombuffer(segment.raw_data, dtype="<i4").reshape(-1, segment.channels)


def _write(segment: AudioSegment, target: Path, format: str, subtype: str) -> None:
    # pydub's own export would have to find an ffmpeg on this machine, for FLAC at least.
    soundfile.write(target, _samples(segment), segment.frame_rate, format=format.upper(), subtype=subtype)


def _as_mp3(segment: AudioSegment) -> bytes:
    """MP3 through PyAV, since pydub's export needs an ffmpeg on the machine. At most stereo and 48 kHz."""
    output = io.BytesIO()
    given, wanted = (USUAL_LAYOUTS[channels][0] for channels in (segment.channels, min(segment.channels, 2)))
    frame = AudioFrame.from_ndarray(_samples(segment).reshape(1, -1), "s32", given)
    frame.sample_rate, frame.pts, frame.time_base = segment.frame_rate, 0, Fraction(1, segment.frame_rate)
    with av.open(output, "w", format="mp3") as mp3:
        stream = mp3.add_stream("libmp3lame", rate=small_rate(segment.frame_rate), layout=wanted)
        stream.bit_rate = _MP3_BITS_PER_SECOND
        resampler = av.AudioResampler("fltp", wanted, stream.rate, frame_size=1152)
        for ready in [*resampler.resample(frame), *resampler.resample(None)]:
            mp3.mux(stream.encode(ready))
        mp3.mux(stream.encode(None))
    return output.getvalue()
