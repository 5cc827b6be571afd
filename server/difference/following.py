"""A passage followed beyond its ends, a few seconds at a time, as long as it fits: music that is there twice has two
ways on, and two ways back."""

from dataclasses import replace

import numpy as np

from server.difference.features import FRAMES_PER_SECOND
from server.difference.fitting import Fitting, frames_between
from server.difference.pace import PIECE
from server.difference.passages import SURE, Doubles, Passage
from server.difference.releases import let_go_together
from server.difference.sharpening import sharpened
from server.difference.takes import CELL_SECONDS

_STRIDE, _CHECK, _STILL_FITS = 6.0, 2.0, 0.3  # seconds; and of what fitting means
_PIECE_SECONDS = PIECE / FRAMES_PER_SECOND


def follow_on(passage: Passage, until: float, fitting: Fitting) -> None:
    """From its last time to as late as ``until``."""
    while passage.times[-1] < until - _CHECK:
        start, end = float(passage.times[-1]), min(float(passage.times[-1]) + _STRIDE, until)
        low = max(float(passage.times[0]), start - _CHECK)
        times = np.concatenate((np.arange(low, end, CELL_SECONDS), [end]))
        if passage.b_of(end) > fitting.b.duration:
            return
        on = _lengthened(passage, times, fitting)
        frames = frames_between(start, end)
        gains = np.cumsum(fitting.gains(on, frames))
        fitted = float(frames[int(gains.argmax())]) if gains.max() > 0 else start
        _keep(passage, on, float(on.times[0]), fitted)
        if gains[-1] < _STILL_FITS * len(frames):
            return


def follow_back(passage: Passage, since: float, fitting: Fitting) -> None:
    """From its first time to as early as ``since``."""
    while passage.times[0] > since + _CHECK:
        start, end = max(float(passage.times[0]) - _STRIDE, since), float(passage.times[0])
        high = min(float(passage.times[-1]), end + _CHECK)
        times = np.concatenate((np.arange(start, high, CELL_SECONDS), [high]))
        if passage.b_of(start) < 0:
            return
        on = _lengthened(passage, times, fitting)
        frames = frames_between(start, end)[::-1]
        gains = np.cumsum(fitting.gains(on, frames))
        fitted = float(frames[int(gains.argmax())]) if gains.max() > 0 else end
        _keep(passage, on, fitted, float(on.times[-1]))
        if gains[-1] < _STILL_FITS * len(frames):
            return


def run_on(passage: Passage, fitting: Fitting) -> None:
    """Towards its end, where no place is sure any more, at the pace it had, unless what is there says otherwise: under
    a last chord nothing begins, and what decays has no pace, but both let it go."""
    sure = np.flatnonzero(passage.margins >= SURE)
    if not len(sure) or sure[-1] == len(passage.times) - 1:
        return
    # The last piece that was sure reaches into what is not.
    settled = passage.times <= passage.times[sure[-1]] - _PIECE_SECONDS
    if np.count_nonzero(settled) < 2:
        return
    steady = replace(passage, times=passage.times[settled], places=passage.places[settled])
    frames = frames_between(float(steady.times[-1]), float(passage.times[-1]))
    gained = fitting.gains(passage, frames).sum() - fitting.gains(steady, frames).sum()
    if gained < _STILL_FITS * len(frames):
        last = float(passage.times[-1])
        passage.places = let_go_together(steady, last, fitting).b_at(passage.times)


def _lengthened(passage: Passage, times: Doubles, fitting: Fitting) -> Passage:
    """With those of the times that lie beyond its own, where the music says."""
    times, places, margins = sharpened(times, passage.b_at(times), fitting.a.frames, fitting.b.frames)
    early, late = times < passage.times[0], times > passage.times[-1]
    first = np.minimum(places[early], passage.places[0])
    return Passage(
        np.concatenate((times[early], passage.times, times[late])),
        np.maximum.accumulate(np.concatenate((first, passage.places, places[late]))),
        np.concatenate((margins[early], passage.margins, margins[late])),
        passage.start,
        passage.end,
    )


def _keep(passage: Passage, on: Passage, first: float, last: float) -> None:
    kept = (on.times >= first) & (on.times <= last)
    passage.times, passage.places, passage.margins = on.times[kept], on.places[kept], on.margins[kept]
