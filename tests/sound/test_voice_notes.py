"""A spoken note comes out without its silent ends, at one level, and small."""

import math
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from server.sound.errors import UnreadableAudio
from server.sound.reading import open_audio
from server.sound.voice_notes import LONGEST_SECONDS, make_voice_note
from tests.sound.signals import RATE, write

TRIM_SECONDS = 0.15  # is left of the silence at either end


def spoken(before: float, speech: float, after: float, *, level: float = 0.05) -> NDArray[np.float64]:
    """(1, frames): a tone that swells like syllables, between two silences."""
    time = np.arange(round(speech * RATE)) / RATE
    voice = level * np.sin(2 * math.pi * 220 * time) * (0.6 + 0.4 * np.sin(2 * math.pi * 3 * time))
    ends = [np.zeros(round(seconds * RATE)) for seconds in (before, after)]
    return np.concatenate((ends[0], voice, ends[1]))[None]


def as_a_browser_records_it(folder: Path, samples: NDArray[np.float64]) -> Path:
    """WebM with Opus, whose header says nothing of its length."""
    path = folder / "said.webm"
    with av.open(str(path), "w", format="webm", options={"live": "1"}) as webm:
        stream = webm.add_stream("libopus", rate=RATE, layout="mono")
        frame = AudioFrame.from_ndarray(samples.astype(np.float32), "flt", "mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler("flt", "mono", RATE, frame_size=960)
        for ready in [*resampler.resample(frame), *resampler.resample(None)]:
            webm.mux(stream.encode(ready))
        webm.mux(stream.encode(None))
    return path


def level_of(note: Path) -> tuple[float, float, float]:
    """(seconds, RMS in dBFS, highest in dBFS)."""
    with open_audio(note) as reader:
        samples = np.concatenate([block.samples for block in reader.blocks(RATE)], axis=1)
    rms, highest = np.sqrt(np.mean(samples**2)), np.abs(samples).max()
    return samples.shape[1] / reader.sample_rate, 20 * math.log10(rms), 20 * math.log10(highest)


@pytest.mark.parametrize("level", [0.003, 0.05, 0.9])
def test_silent_ends_go_and_the_level_is_that_of_speech(tmp_path: Path, level: float) -> None:
    file = write(tmp_path, spoken(1.5, 3.0, 2.0, level=level), name="said")

    note = make_voice_note(file, tmp_path / "note.m4a")

    seconds, rms, highest = level_of(tmp_path / "note.m4a")
    assert 3.0 <= note.seconds <= 3.0 + 2 * TRIM_SECONDS
    assert seconds == pytest.approx(note.seconds, abs=0.03)
    assert rms == pytest.approx(-20, abs=0.5)
    assert highest < -1


def test_what_a_browser_records_is_understood(tmp_path: Path) -> None:
    said = as_a_browser_records_it(tmp_path, spoken(0.7, 2.0, 0.7))

    note = make_voice_note(said, tmp_path / "note.m4a")

    assert note.seconds == pytest.approx(2.0, abs=2 * TRIM_SECONDS)


def test_its_little_waveform_shows_where_somebody_spoke(tmp_path: Path) -> None:
    halves = np.concatenate((spoken(0, 2.0, 0, level=0.02), spoken(0, 2.0, 0, level=0.2)), axis=1)

    note = make_voice_note(write(tmp_path, halves, name="said"), tmp_path / "note.m4a")

    first, second = note.peaks[4:20], note.peaks[28:44]
    assert max(first) < 20 < 50 < min(second)
    assert max(note.peaks) == 100


@pytest.mark.parametrize(
    ("samples", "code"),
    [(np.zeros((1, RATE)), "silent-note"), (spoken(0, LONGEST_SECONDS + 5, 0), "note-too-long")],
)
def test_what_cannot_be_a_note_is_refused_in_words(
    tmp_path: Path, samples: NDArray[np.float64], code: str
) -> None:
    with pytest.raises(UnreadableAudio) as refused:
        make_voice_note(write(tmp_path, samples, name="said"), tmp_path / "note.m4a")

    assert refused.value.code == code
    assert not (tmp_path / "note.m4a").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x1aE\xdf\xa3", b"\x1aE\xdf\xa3" + bytes(5000), b"#EXTM3U\n", b"no"]
)
def test_nonsense_is_refused(tmp_path: Path, content: bytes) -> None:
    said = tmp_path / "said.webm"
    said.write_bytes(content)

    with pytest.raises(UnreadableAudio):
        make_voice_note(said, tmp_path / "note.m4a")


def test_a_webm_cut_in_half_is_taken_as_far_as_it_goes_or_refused(tmp_path: Path) -> None:
    said = as_a_browser_records_it(tmp_path, spoken(0, 4.0, 0))
    said.write_bytes(said.read_bytes()[: said.stat().st_size // 2])

    assert 0.5 < make_voice_note(said, tmp_path / "note.m4a").seconds < 3.5
