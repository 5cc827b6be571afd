"""The same piece of music out of two recordings, as two files that only the music tells apart.

For a blind test: one format, one length and one loudness, whatever the recordings are. Loudness is matched over the
piece itself and not over the song, since the louder of two wins a blind test; it is one constant gain, and the
louder side is the one that is turned down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import soundfile
from av import AudioResampler
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from server.sound.blocks import ROW, hop_frames
from server.sound.errors import UnreadableAudio
from server.sound.gated_loudness import LoudnessMeter
from server.sound.reading import Reader, open_audio

LONGEST_SECONDS = 60.0
SHORTEST_SECONDS = 1.0  # loudness is measured over 0.4 s at least
_FADE_SECONDS = 0.005
_BLOCK = 65536
_SPEAKERS = ("FL", "FR")
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Side:
    """A recording, and the second of it at which the piece begins."""

    source: Path
    start: float


def make_side_by_side(
    a: Side,
    b: Side,
    targets: tuple[Path, Path],
    seconds: float,
    song_gain_db: float,
    *,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write both pieces as stereo WAV of 24 bits, 44.1 or 48 kHz, ``seconds`` long to the sample.

    ``song_gain_db``: the gain for B that is used where the piece of either is too quiet to be measured. A
    recording that ends before the piece does goes on in silence. Raises UnreadableAudio for a piece that begins
    after the end, or for a file that cannot be decoded.
    """
    rate = _common_rate(a.source, b.source)
    pieces = [_stereo(side, seconds, rate) for side in (a, b)]
    for piece, gain_db, target in zip(pieces, _gains_db(pieces, rate, song_gain_db), targets, strict=True):
        shaped = piece * np.float32(10 ** (gain_db / 20)) * _fades(piece.shape[1], rate)
        soundfile.write(target, np.clip(shaped, -1.0, 1.0).T, rate, format="WAV", subtype="PCM_24")
    if progress:
        progress(1.0)


def _common_rate(*sources: Path) -> int:
    rates = []
    for source in sources:
        with open_audio(source) as reader:
            rates.append(reader.sample_rate)
    return 44100 if all(rate % 11025 == 0 for rate in rates) else 48000


def _stereo(side: Side, seconds: float, rate: int) -> Floats:
    """(2, frames) at ``rate``, filled up with silence."""
    whole = np.zeros((2, round(seconds * rate)), dtype=np.float32)
    with open_audio(side.source) as reader:
        parts = list(_resampled(reader, side.start, seconds, rate))
    heard = np.concatenate(parts, axis=1)[:, : whole.shape[1]] if parts else whole[:, :0]
    if not heard.shape[1]:
        raise UnreadableAudio("nothing-there")
    whole[:, : heard.shape[1]] = heard
    return whole


def _resampled(reader: Reader, start: float, seconds: float, rate: int) -> list[Floats]:
    first, missing = round(start * reader.sample_rate), ceil(seconds * reader.sample_rate)
    if reader.promised_frames is not None and first >= reader.promised_frames:
        raise UnreadableAudio("nothing-there")
    resampler = AudioResampler("fltp", "stereo", rate)
    frames: list[AudioFrame] = []
    for block in reader.blocks(min(_BLOCK, missing), start=first):
        frames += resampler.resample(_frame(block.samples[:, :missing], reader))
        missing -= block.frames
        if missing <= 0:
            break
    frames += resampler.resample(None) if frames else []
    return [np.asarray(frame.to_ndarray(), dtype=np.float32) for frame in frames]


def _frame(samples: Floats, reader: Reader) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=reader.layout)
    frame.sample_rate = reader.sample_rate
    return frame


def _gains_db(pieces: list[Floats], rate: int, song_gain_db: float) -> tuple[float, float]:
    """For A and for B, neither above 0, and low enough that neither clips."""
    a, b = (_loudness(piece, rate) for piece in pieces)
    for_b = song_gain_db if a is None or b is None else a - b
    gains = (min(0.0, -for_b), min(0.0, for_b))
    peaks = (
        float(np.abs(piece).max()) * 10 ** (gain / 20) for piece, gain in zip(pieces, gains, strict=True)
    )
    over = max(0.0, 20 * np.log10(max(*peaks, 1e-9)))
    return gains[0] - over, gains[1] - over


def _loudness(piece: Floats, rate: int) -> float | None:
    meter = LoudnessMeter(rate, _SPEAKERS)
    hop = hop_frames(rate) * ROW  # whole tenths of a second and whole rows
    for start in range(0, piece.shape[1], hop):
        block = piece[:, start : start + hop]
        meter.add(np.pad(block, ((0, 0), (0, -block.shape[1] % ROW))), block.shape[1])
    return meter.result().integrated


def _fades(frames: int, rate: int) -> Floats:
    """Five milliseconds up and down, so that a loop does not click."""
    ramp = np.minimum(1.0, np.arange(frames) / max(1.0, _FADE_SECONDS * rate))
    return np.asarray(ramp * ramp[::-1], dtype=np.float32)
