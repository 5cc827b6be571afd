"""A small band whose every note is known, and a place to hear what was done to its songs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from server.demo.processing.equaliser import Band
from server.demo.processing.equaliser import equalised as demo_equalised
from server.difference.analysed import Analysed, listen_to
from tests.sound.signals import write

RATE = 44100
BEATS = 48
Audio = NDArray[np.float32]  # (frames, 2)
Parts = dict[str, Audio]
Clock = Callable[[float], float]  # beat to second

_PANS = {"drums": 0.0, "bass": 0.0, "chords": -0.4, "lead": 0.25}
_DEGREES = (0, 2, 4, 5, 7, 9, 11)


def steady(bpm: float) -> Clock:
    return lambda beat: beat * 60 / bpm


def wandering(bpm: float) -> Clock:
    """Within four percent of the tempo, coming and going."""
    return lambda beat: beat * 60 / bpm + 0.18 * np.sin(beat / 4.1) + 0.06 * np.sin(beat / 1.7)


def play(clock: Clock, *, song: int = 1, beats: int = BEATS, take: int = 0, transpose: int = 0) -> Parts:
    """Each part (frames, 2). ``song`` seeds what is played, ``take`` how: another take, other samples."""
    rng, hand = np.random.default_rng(song), np.random.default_rng(1000 + 17 * song + take)
    frames = round((clock(beats) + 0.5) * RATE)
    parts = {name: np.zeros(frames, dtype=np.float32) for name in _PANS}
    chord = 0
    for step in range(2 * beats):
        beat = step / 2
        start = clock(beat) + (hand.normal(0, 0.003) if take else 0.0)
        length = clock(beat + 0.5) - clock(beat)
        if step % 8 == 0:
            chord = int(rng.integers(0, 6))
            for third in (0, 2, 4):
                _add(parts["chords"], start, 8 * length, _hertz(chord + third, 48 + transpose), 0.06, 5, hand)
        if step % 2 == 0 or rng.random() < 0.3:
            _add(parts["bass"], start, length * 1.5, _hertz(chord, 36 + transpose), 0.2, 4, hand)
        if rng.random() < 0.6:
            _add(
                parts["lead"],
                start,
                length,
                _hertz(chord + int(rng.integers(0, 9)), 60 + transpose),
                0.16,
                8,
                hand,
            )
        if step % 4 in (0, 3) or rng.random() < 0.2:
            _hit(parts["drums"], start, 0.5, 90, 0.09, hand, noise=0.1)
        if step % 4 == 2 or rng.random() < 0.15:
            _hit(parts["drums"], start, 0.25, 190, 0.06, hand, noise=1.0)
    return {name: _panned(part, _PANS[name]) for name, part in parts.items()}


def loops(bpm: float) -> Audio:
    """A song as it is made of loops: twice a verse and a hook, each of a loop that comes twice, all of them copies to
    the sample. The drums are the same throughout."""
    clock = steady(bpm)
    length = round(clock(8) * RATE)
    one, other = (play(clock, song=song, beats=8) for song in (21, 22))
    verse = mixed({name: one[name] for name in ("drums", "bass", "chords")})
    hook = mixed(other | {"drums": one["drums"]})
    song = np.zeros((8 * length + RATE, 2), dtype=np.float32)
    for number, loop in enumerate((verse, verse, hook, hook) * 2):
        song[number * length : number * length + len(loop)] += loop
    return song


def mixed(parts: Parts) -> Audio:
    return np.asarray(0.6 * np.sum(list(parts.values()), axis=0), dtype=np.float32)


def _hertz(degree: int, root: int) -> float:
    return float(440 * 2 ** ((root + 12 * (degree // 7) + _DEGREES[degree % 7] - 69) / 12))


def _add(
    part: Audio,
    start: float,
    length: float,
    hertz: float,
    level: float,
    harmonics: int,
    hand: np.random.Generator,
) -> None:
    at = max(0, round(start * RATE))
    time = np.arange(min(round(length * RATE), len(part) - at)) / RATE
    if not len(time):
        return
    envelope = (
        np.minimum(1, time / 0.006) * np.exp(-1.5 * time / length) * np.minimum(1, (time[-1] - time) / 0.02)
    )
    wave = sum(
        np.sin(2 * np.pi * n * hertz * time + hand.uniform(0, 6.28)) / n**1.2 for n in range(1, harmonics + 1)
    )
    part[at : at + len(time)] += (level * envelope * wave).astype(np.float32)


def _hit(
    part: Audio,
    start: float,
    level: float,
    hertz: float,
    decay: float,
    hand: np.random.Generator,
    *,
    noise: float,
) -> None:
    at = max(0, round(start * RATE))
    time = np.arange(min(round(5 * decay * RATE), len(part) - at)) / RATE
    wave = np.sin(2 * np.pi * hertz * time) + noise * hand.standard_normal(len(time))
    part[at : at + len(time)] += (level * 0.5 * np.exp(-time / decay) * wave).astype(np.float32)


def _panned(part: Audio, pan: float) -> Audio:
    return np.stack((part * (1 - pan), part * (1 + pan)), axis=1).astype(np.float32)


def equalised(samples: Audio, hertz: float, db: float, octaves: float = 1 / 3) -> Audio:
    """A plateau of ``octaves`` around ``hertz``, of linear phase, raised by ``db``."""
    size = 1 << (len(samples) + RATE).bit_length()
    away = np.abs(np.log2(np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1) / hertz)) - octaves / 2
    gain = 10 ** (db * np.clip(1 - away / 0.02, 0, 1) / 20)
    spectrum = np.fft.rfft(samples, size, axis=0) * gain[:, None]
    return np.fft.irfft(spectrum, size, axis=0)[: len(samples)].astype(np.float32)


def by_phone(samples: Audio, head: int) -> Audio:
    """As a phone records it ``head`` samples after it was started: one channel, no bass, phases turned by what took
    it away, a little noise, too loud."""
    bands = (Band("low cut", 250), Band("low cut", 200), Band("high cut", 5500))
    one = demo_equalised(samples.mean(axis=1, keepdims=True), bands)
    one = np.pad(one, ((head, 0), (0, 0)))
    one += np.float32(0.02 * one.std()) * np.random.default_rng(head).standard_normal(one.shape)
    return np.asarray(np.repeat(np.tanh(4 * one / np.abs(one).max()), 2, axis=1), dtype=np.float32)


def decibels(db: float) -> np.float32:
    return np.float32(10 ** (db / 20))


def spliced(samples: Audio, *pieces: tuple[float, float]) -> Audio:
    """Pieces (seconds from, to) one after the other, with short fades."""
    fade = np.linspace(0, 1, 128, dtype=np.float32)[:, None]
    out = [samples[round(start * RATE) : round(end * RATE)].copy() for start, end in pieces]
    for piece in out[1:]:
        piece[:128] *= fade
    for piece in out[:-1]:
        piece[-128:] *= fade[::-1]
    return np.concatenate(out)


@dataclass
class Studio:
    """Files under ``folder``; what was heard once is not listened to again."""

    folder: Path
    heard: dict[str, Analysed] = field(default_factory=dict)

    def hear(
        self,
        name: str,
        make: Callable[[], Audio],
        *,
        subtype: str = "FLOAT",
        rate: int = RATE,
        ending: str = "wav",
    ) -> Analysed:
        if name not in self.heard:
            path = self.folder / f"{name}.{ending}"
            soundfile.write(path, make(), rate, subtype=subtype)
            self.heard[name] = listen_to(path)
        return self.heard[name]

    def hear_coded(self, name: str, make: Callable[[], Audio], format: str) -> Analysed:
        if name not in self.heard:
            path = write(self.folder, make().T.astype(np.float64), format=format, rate=RATE, name=name)
            self.heard[name] = listen_to(path)
        return self.heard[name]

    @property
    def parts(self) -> Parts:
        if not hasattr(self, "_parts"):
            self._parts = play(steady(112))
        return {name: part.copy() for name, part in self._parts.items()}

    def song(self) -> Audio:
        return mixed(self.parts)

    @property
    def base(self) -> Analysed:
        return self.hear("song", self.song)
