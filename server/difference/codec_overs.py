"""What lossy codecs do to a master's peaks: its few highest places there and back through each.

A codec keeps the sound and not the waveform: peaks that were limited to full scale grow by up to a few decibels
and are cut off when the listener's player makes integers of them (AES TD1008 asks for 1 dB of headroom for it).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from server.difference.analysed import Analysed
from server.sound.aac import small_rate
from server.sound.blocks import ROW
from server.sound.features import ROWS_PER_SECOND
from server.sound.levels import row_peaks
from server.sound.reading import open_audio
from server.sound.true_peak import TruePeakMeter

_PIECES, _PIECE_SECONDS = 3, 3.0
_EDGE_SECONDS = 0.1  # where a piece was cut out of the song, a codec hears a click

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Codec:
    """``container`` and ``encoder`` as FFmpeg calls them."""

    name: str
    container: str
    encoder: str
    bit_rate: int
    only_48_khz: bool = False


CODECS = (
    Codec("AAC", "adts", "aac", 256_000),
    Codec("Opus", "ogg", "libopus", 128_000, only_48_khz=True),
    Codec("MP3", "mp3", "libmp3lame", 128_000),
)


@dataclass(frozen=True)
class CodedPeak:
    """The highest true peak after ``codec``, and where in the recording (seconds) its piece lies."""

    codec: Codec
    dbtp: float
    start: float
    end: float


def peaks_after_codecs(side: Analysed) -> list[CodedPeak]:
    """One for each codec, over the few places with the highest peaks; none where the file cannot be read."""
    if side.path is None or not side.analysis.facts.frames:
        return []
    pieces = list(_highest_pieces(side))
    found = []
    for codec in CODECS:
        peaks = [
            CodedPeak(codec, true_peak_dbtp(_there_and_back(samples, rate, codec)), at, at + _PIECE_SECONDS)
            for at, samples, rate in pieces
        ]
        found += [max(peaks, key=lambda peak: peak.dbtp)] if peaks else []
    return found


def true_peak_dbtp(samples: Floats) -> float:
    """Of samples (channels, frames), as BS.1770-4 has it."""
    padded = np.pad(samples, ((0, 0), (0, -samples.shape[1] % ROW)))
    meter = TruePeakMeter(len(padded))
    meter.add(padded, row_peaks(padded))
    return 20 * float(np.log10(max(meter.peak, 1e-6)))


def _highest_pieces(side: Analysed) -> Iterator[tuple[float, Floats, int]]:
    """(start in seconds, samples of at most two channels, sample rate)."""
    features = side.analysis.features
    peaks = 10 * np.log10(np.maximum(features.row_powers(), 1e-12)) + features.crest_cdb / 100
    starts: list[float] = []
    for row in np.argsort(peaks)[::-1].tolist():
        at = max(0.0, (row + 0.5) / ROWS_PER_SECOND - _PIECE_SECONDS / 2)
        if all(abs(at - other) > _PIECE_SECONDS for other in starts):
            starts.append(at)
        if len(starts) == _PIECES:
            break
    assert side.path is not None
    with open_audio(side.path) as reader:
        for at in starts:
            frames = round(_PIECE_SECONDS * reader.sample_rate)
            block = next(reader.blocks(frames, start=round(at * reader.sample_rate)), None)
            if block is not None and block.frames >= reader.sample_rate / 2:
                yield at, block.samples[:2], reader.sample_rate


def _there_and_back(samples: Floats, rate: int, codec: Codec) -> Floats:
    """(channels, frames) as a listener's player decodes it, without the edges."""
    coded = io.BytesIO()
    target = 48000 if codec.only_48_khz else small_rate(rate)
    layout = "mono" if len(samples) == 1 else "stereo"
    with av.open(coded, "w", format=codec.container) as container:
        stream = container.add_stream(codec.encoder, rate=target, layout=layout)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = codec.bit_rate * len(samples) // 2
        context = stream.codec_context
        context.open()
        resampler = AudioResampler(context.format, layout, target, frame_size=context.frame_size)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    coded.seek(0)
    edge = round(_EDGE_SECONDS * target)
    with av.open(coded, "r") as heard_back:
        to_floats = AudioResampler("fltp", layout, target)
        decoded = [
            piece.to_ndarray() for frame in heard_back.decode(audio=0) for piece in to_floats.resample(frame)
        ]
    heard: Floats = np.concatenate(decoded, axis=1).astype(np.float32)
    return heard[:, edge:-edge]
