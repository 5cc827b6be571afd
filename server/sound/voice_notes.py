"""A spoken note: decoded, its silent ends trimmed, its level set, and written small. pydub cuts and gains."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from server.sound.errors import UnreadableAudio
from server.sound.reading import open_audio
from server.sound.renditions import Progress, make_small

with warnings.catch_warnings():
    # pydub looks for an ffmpeg program as it is imported; it is never asked to start one here.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

LONGEST_SECONDS = 120
_SLACK_SECONDS = 3  # a finger does not let go on the second
_RATE = 48000
_SILENT_BELOW_LOUDEST_DB, _NOTHING_DBFS = 38.0, -60.0
_KEPT_BESIDE_MS = 120
_SPEECH_DBFS, _HIGHEST_DBFS = -20.0, -1.5
_PEAKS = 48
_WEBM = b"\x1aE\xdf\xa3"
_WEBM_CODECS = ("opus", "vorbis", "pcm_s16le", "pcm_f32le")


@dataclass(frozen=True)
class VoiceNote:
    """``seconds`` after trimming; ``peaks``: 48 heights of 0 to 100, evenly over the note."""

    seconds: float
    peaks: tuple[int, ...]


def make_voice_note(source: Path, target: Path, *, progress: Progress | None = None) -> VoiceNote:
    """Write what is spoken in ``source`` to ``target`` as AAC in MP4; raises UnreadableAudio."""
    spoken = _levelled(_trimmed(_segment(_mono(source))))
    with TemporaryDirectory(dir=target.parent) as folder:
        wav = Path(folder) / "note.wav"
        samples = np.frombuffer(spoken.raw_data, dtype="<i2")
        soundfile.write(wav, samples, _RATE, subtype="PCM_16")
        make_small(wav, target, progress=progress)
    return VoiceNote(len(samples) / _RATE, _heights(samples))


def _mono(source: Path) -> NDArray[np.float32]:
    """(frames,) at 48 kHz."""
    parts, frames = [], 0
    for part in _webm(source) if _is_webm(source) else _file(source):
        parts.append(part)
        frames += len(part)
        if frames > (LONGEST_SECONDS + _SLACK_SECONDS) * _RATE:
            raise UnreadableAudio("note-too-long", minutes=LONGEST_SECONDS // 60)
    if not frames:
        raise UnreadableAudio("no-audio")
    return np.concatenate(parts)


def _is_webm(source: Path) -> bool:
    with source.open("rb") as file:
        return file.read(len(_WEBM)) == _WEBM


def _file(source: Path) -> Iterator[NDArray[np.float32]]:
    with open_audio(source) as reader:
        resampler = av.AudioResampler("flt", "mono", _RATE)
        for block in reader.blocks(_RATE):
            mono = np.ascontiguousarray(block.samples.mean(axis=0, dtype=np.float32)[None])
            frame = AudioFrame.from_ndarray(mono, "flt", "mono")
            frame.sample_rate = reader.sample_rate
            yield from _resampled(resampler, frame)
        yield from _resampled(resampler, None)


def _webm(source: Path) -> Iterator[NDArray[np.float32]]:
    """What browsers record into. Only here: nobody uploads a song in it."""
    resampler = av.AudioResampler("flt", "mono", _RATE)
    try:
        with av.open(str(source), format="matroska", options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise UnreadableAudio("no-sound")
            codec = container.streams.audio[0].codec_context.name
            if codec not in _WEBM_CODECS:
                raise UnreadableAudio("unsupported-codec", codec=codec)
            for frame in container.decode(audio=0):
                frame.pts = None
                yield from _resampled(resampler, frame)
            yield from _resampled(resampler, None)
    except av.error.FFmpegError as error:
        raise UnreadableAudio("damaged") from error


def _resampled(resampler: av.AudioResampler, frame: AudioFrame | None) -> Iterator[NDArray[np.float32]]:
    for ready in resampler.resample(frame):
        yield np.asarray(ready.to_ndarray(), dtype=np.float32).reshape(-1)


def _segment(samples: NDArray[np.float32]) -> AudioSegment:
    whole = np.clip(np.rint(samples * 32767), -32768, 32767).astype("<i2")
    return AudioSegment(whole.tobytes(), frame_rate=_RATE, sample_width=2, channels=1)


def _trimmed(segment: AudioSegment) -> AudioSegment:
    if segment.max_dBFS < _NOTHING_DBFS:
        raise UnreadableAudio("silent-note")
    threshold = segment.max_dBFS - _SILENT_BELOW_LOUDEST_DB
    start = detect_leading_silence(segment, threshold) - _KEPT_BESIDE_MS
    end = len(segment) - detect_leading_silence(segment.reverse(), threshold) + _KEPT_BESIDE_MS
    return segment[max(0, start) : max(1, end)].fade_in(5).fade_out(5)


def _levelled(segment: AudioSegment) -> AudioSegment:
    """One gain: as loud as speech should be, unless its peaks would clip."""
    return segment.apply_gain(min(_SPEECH_DBFS - segment.dBFS, _HIGHEST_DBFS - segment.max_dBFS))


def _heights(samples: NDArray[np.int16]) -> tuple[int, ...]:
    slots = np.array_split(np.abs(samples.astype(np.int32)), _PEAKS)
    loudest = [int(slot.max(initial=0)) for slot in slots]
    return tuple(round(100 * height / max(1, *loudest)) for height in loudest)
