"""A recording between its samples: band-limited interpolation by a windowed sinc (Smith and Gossett 1984)."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

_HALF = 32  # samples on both sides
_PHASES = 512
_KAISER = 9.0  # 90 dB
_CHUNK = 1 << 14
_EXACT = 1e-3  # of a sample: as good as met

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def reach(step: float) -> int:
    """How many samples beside the first and the last place have to be there, for places ``step`` samples apart."""
    return math.ceil(_HALF * max(1.0, step)) + 1


def at_places(samples: Floats, places: Doubles) -> Floats:
    """(channels, n) at ``places`` (m,), evenly spaced and counted in samples, to (channels, m).

    Beyond the ends there is silence. Places that meet the samples give them bit for bit; above half the rate of the
    places nothing is left, so a lower rate does not fold back.
    """
    if not len(places):
        return samples[:, :0]
    step = (places[-1] - places[0]) / max(1, len(places) - 1)
    margin = reach(step)
    padded = np.pad(samples, ((0, 0), (margin, margin)))
    places = np.clip(places + margin, margin - 1, samples.shape[1] + margin)
    nearest = np.rint(places).astype(np.intp)
    if float(np.abs(places - nearest).max()) < _EXACT:
        return padded[:, nearest]
    if abs(step - 1) * len(places) < _EXACT:
        return _turned(
            padded[:, nearest[0] - margin + 1 : nearest[-1] + margin], places[0] - nearest[0], margin - 1
        )
    kernels = _kernels(round(max(1.0, step), 9))
    pieces = [
        _interpolated(padded, places[at : at + _CHUNK], kernels) for at in range(0, len(places), _CHUNK)
    ]
    return np.concatenate(pieces, axis=1)


def _turned(samples: Floats, early: float, margin: int) -> Floats:
    """All places the same fraction of a sample beside one: a turn of phase, which is exact to half the rate."""
    length = samples.shape[1]
    turn = np.exp(2j * np.pi * np.fft.rfftfreq(length) * early)
    turned = np.fft.irfft(np.fft.rfft(samples, axis=1) * turn, length, axis=1)
    return np.asarray(turned[:, margin : length - margin], dtype=np.float32)


def _interpolated(samples: Floats, places: Doubles, kernels: Floats) -> Floats:
    whole = np.floor(places).astype(np.intp)
    phase = (places - whole) * _PHASES
    low = phase.astype(np.intp)
    share = (phase - low)[:, None].astype(np.float32)
    weights = kernels[low] * (1 - share) + kernels[low + 1] * share
    half = kernels.shape[1] // 2
    first = int(whole[0]) - half + 1
    windows = np.lib.stride_tricks.sliding_window_view(
        samples[:, first : int(whole[-1]) + half + 1], 2 * half, axis=1
    )
    return np.stack([np.einsum("nk,nk->n", channel[whole - whole[0]], weights) for channel in windows])


@cache
def _kernels(step: float) -> Floats:
    """(phases + 1, taps): what the samples around a place count, for each fraction that it lies after one."""
    half = reach(step) - 1
    away = np.arange(1 - half, half + 1)[None, :] - np.linspace(0, 1, _PHASES + 1)[:, None]
    window = np.i0(_KAISER * np.sqrt(np.maximum(0, 1 - (away / half) ** 2))) / np.i0(_KAISER)
    kernels = np.sinc(away / step) * window / step
    return np.asarray(kernels / kernels.sum(axis=1, keepdims=True), dtype=np.float32)
