"""One song, changed in every way that some stage cares for and others do not."""

from collections.abc import Callable

import numpy as np

from server.difference.analysed import Analysed
from tests.difference.studio import RATE, Audio, Studio, decibels, equalised, mixed, play, spliced, steady


def _paused(studio: Studio) -> Audio:
    """The song with two seconds in which nobody plays."""
    song = studio.song()
    song[10 * RATE : 12 * RATE] = 0
    return _noise(song, 0.0001)


def _noise(samples: Audio, level: float) -> Audio:
    return samples + level * np.random.default_rng(8).standard_normal(samples.shape).astype(np.float32)


def _lead_up(studio: Studio) -> Audio:
    parts = studio.parts
    parts["lead"][14 * RATE : 19 * RATE] *= decibels(6)
    return mixed(parts)


def _drums_out(studio: Studio) -> Audio:
    parts = studio.parts
    parts["drums"][12 * RATE : 18 * RATE] = 0
    return mixed(parts)


def _pad_in(studio: Studio) -> Audio:
    song = studio.song()
    time = np.arange(6 * RATE) / RATE
    pad = sum(np.sin(2 * np.pi * hertz * time) for hertz in (3520.0, 4186.0, 2637.0))
    song[8 * RATE : 14 * RATE] += (0.05 * np.asarray(pad))[:, None].astype(np.float32)
    return song


def _hit(studio: Studio) -> Audio:
    song = studio.song()
    time = np.arange(RATE) / RATE
    song[15 * RATE : 16 * RATE] += (0.8 * np.sin(2 * np.pi * 42 * time) * np.exp(-4 * time))[:, None].astype(
        np.float32
    )
    return song


def _reverb(studio: Studio) -> Audio:
    song = _paused(studio)
    wet = song.copy()
    rng = np.random.default_rng(5)
    for delay in range(1500, 40000, 700):
        at = delay + int(rng.integers(0, 600))
        wet[at:] += np.float32(0.25 * np.exp(-at / 15000) * rng.choice((-1, 1))) * song[:-at]
    return wet


def _wider(studio: Studio) -> Audio:
    song = studio.song()
    mid, side = song.mean(axis=1, keepdims=True), (song[:, :1] - song[:, 1:]) / 2
    return np.concatenate((mid + 2 * side, mid - 2 * side), axis=1)


def _hum(studio: Studio) -> Audio:
    time = np.arange(len(studio.song())) / RATE
    lines = sum(np.sin(2 * np.pi * 50 * n * time) / n for n in (1, 2, 3, 4, 5))
    return _paused(studio) + (0.02 * np.asarray(lines))[:, None].astype(np.float32)


def _clicking(studio: Studio) -> Audio:
    """Two pieces butted together without a fade, at a place where the waveform is far from zero."""
    song = _no_drums(studio)
    first = song[: round(8.3 * RATE)].copy()
    second = song[round(13.1 * RATE) :].copy()
    first[-1] += 0.5
    return np.concatenate((first, second))


def _crossfaded_cut(studio: Studio) -> Audio:
    """Left out as editors do it: for 0.2 s both sides of the joint are heard."""
    song, fade = studio.song(), np.linspace(0, 1, RATE // 5, dtype=np.float32)[:, None]
    before, after = song[: round(9.1 * RATE)], song[round(14.2 * RATE) :]
    meeting = before[-len(fade) :] * fade[::-1] + after[: len(fade)] * fade
    return np.concatenate((before[: -len(fade)], meeting, after[len(fade) :]))


def _no_drums(studio: Studio) -> Audio:
    return mixed({name: part for name, part in studio.parts.items() if name != "drums"})


def _mended(studio: Studio) -> Audio:
    parts = studio.parts
    parts["lead"][10 * RATE : round(10.6 * RATE)] *= -0.2
    return mixed(parts)


def _one_channel_flipped(studio: Studio) -> Audio:
    return studio.song() * np.array([1, -1], dtype=np.float32)


def _upside_down(studio: Studio) -> Audio:
    return -studio.song()


def _mono(studio: Studio) -> Audio:
    return np.repeat(studio.song().mean(axis=1, keepdims=True), 2, axis=1)


def _squashed(studio: Studio) -> Audio:
    song = studio.song()
    return np.asarray(0.8 * np.tanh(5 * song / np.abs(song).max()), dtype=np.float32)


MAKERS: dict[str, Callable[[Studio], Audio]] = {
    "song": lambda studio: studio.song(),
    "paused": _paused,
    "mono": _mono,
    "no drums": _no_drums,
    "cut": lambda studio: spliced(studio.song(), (0, 9.137), (14.411, studio.base.duration)),
    "crossfaded cut": _crossfaded_cut,
    "inserted": lambda studio: np.concatenate(
        (
            studio.song()[: 11 * RATE],
            2 * play(steady(97), song=9, beats=10)["lead"],
            studio.song()[11 * RATE :],
        )
    ),
    "reordered": lambda studio: spliced(studio.song(), (0, 6), (12, 16), (6, 12), (16, studio.base.duration)),
    "faster take": lambda studio: mixed(play(steady(119), take=2)),
    "higher take": lambda studio: mixed(play(steady(112), take=3, transpose=2)),
    "lead up": _lead_up,
    "drums out": _drums_out,
    "pad in": _pad_in,
    "hit": _hit,
    "reverb": _reverb,
    "wider": _wider,
    "brighter": lambda studio: equalised(studio.song(), 8000, 4, 3),
    "hum": _hum,
    "noisy": lambda studio: _noise(_paused(studio), 0.003),
    "clipped": lambda studio: np.clip(studio.song() * 4, -1, 1),
    "offset": lambda studio: studio.song() + np.float32(0.02),
    "one channel flipped": _one_channel_flipped,
    "mono, one channel flipped": lambda studio: _mono(studio) * np.array([1, -1], dtype=np.float32),
    "upside down": _upside_down,
    "trimmed": lambda studio: studio.song()[7351:],
    "moved joint": lambda studio: spliced(studio.song(), (0, 12), (12.03, studio.base.duration)),
    "clicking": _clicking,
    "mended": _mended,
    "squashed": _squashed,
    "hot": lambda studio: studio.song() * np.float32(0.99 / np.abs(studio.song()).max()),
}


def version(studio: Studio, change: str) -> Analysed:
    if change == "coded":
        return studio.hear_coded("coded", studio.song, "mp3")
    if change == "flac":
        return studio.hear("flac", studio.song, subtype="PCM_16", ending="flac")
    if change in ("16 bit", "16 bit, dithered"):
        dither = 0.5 / 32768 if "dithered" in change else 0.0
        return studio.hear(change, lambda: _noise(studio.song(), dither), subtype="PCM_16")
    return studio.hear(change, lambda: MAKERS[change](studio))
