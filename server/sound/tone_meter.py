"""The tone of one signal over time: spectra of three lengths, each where the ear needs it.

The top, from 800 Hz, comes from frames of some 20 ms every 10 ms; the middle, 100 to 630 Hz, and the low end
come from the stream at a sixteenth of its rate, with frames of 190 and 740 ms, or a third octave at 25 Hz
could not be told from the next. Only rows of 100 ms are kept, or three hours would fill the memory.
"""

import math

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import ROW
from server.sound.decimation import Decimator
from server.sound.features import ONSETS_PER_SECOND, ROWS_PER_SECOND, hundredths
from server.sound.framing import Framing, fast_length, spectra
from server.sound.growing import Growing
from server.sound.third_octaves import band_matrix, edge_matrix

PER_ROW = ONSETS_PER_SECOND // ROWS_PER_SECOND
_TOP_SECONDS, _MIDDLE_SECONDS, _LOW_SECONDS = 0.0213, 0.185, 0.74
_KEPT_AT_ONCE = 16  # blocks: many small steps cost more than one large one
_SINGLE_FRAMES_AT_ONCE = 64  # where a row is one frame, which are few
_ONSET_BANDS = 24
_ONSET_HERTZ = (40.0, 16000.0)
_ONSET_FLOOR = 1e-8  # a rise below this power is noise, no onset

Floats = NDArray[np.float32]


class Zone:
    """One part of the spectrum: frames in, third-octave levels per row of 100 ms kept."""

    def __init__(
        self, length: int, hop: float, hertz: tuple[float, float], rate: float, per_row: int = 1
    ) -> None:
        self._framing = Framing(length, hop, per_row if per_row > 1 else _SINGLE_FRAMES_AT_ONCE)
        self._per_row = per_row
        bands = band_matrix(*hertz, length=length, rate=rate)
        (used,) = np.nonzero(bands.any(axis=1))
        self._used = slice(int(used[0]), int(used[-1]) + 1)
        self._bands = bands[self._used]
        self._pending: list[Floats] = []
        self._rows = Growing(np.int16, (bands.shape[1],))

    def add(self, samples: Floats) -> Floats:
        """Takes samples (n,); gives the powers of the new frames, (frames, 2 * bins)."""
        return self._take(self._framing.add(samples))

    def finish(self, rows: int) -> Floats:
        powers = self._take(self._framing.finish(rows * self._per_row))
        self._keep()
        return powers

    def _take(self, frames: Floats) -> Floats:
        powers = spectra(frames)
        powers *= powers
        by_row = powers.reshape(-1, self._per_row, powers.shape[1])[:, :, self._used]
        if len(self._pending) == _KEPT_AT_ONCE:
            self._keep()
        self._pending.append(by_row.mean(axis=1) @ self._bands)
        return powers

    def _keep(self) -> None:
        self._rows.add(hundredths(np.concatenate(self._pending)))
        self._pending = []

    def levels(self, rows: int) -> NDArray[np.int16]:
        return self._rows.take()[:rows]


class ToneMeter:
    """Third-octave levels and onset strengths of one signal, the mid or the side."""

    def __init__(self, sample_rate: int, hop: int) -> None:
        self._decimator = Decimator(sample_rate)
        self._skip = round(self._decimator.delay / self._decimator.factor)
        low_rate, low_hop = self._decimator.rate, hop / self._decimator.factor
        top_length = 1 << round(math.log2(_TOP_SECONDS * sample_rate))
        middle_length, low_length = (fast_length(span * low_rate) for span in (_MIDDLE_SECONDS, _LOW_SECONDS))
        self._top = Zone(top_length, hop / PER_ROW, (800, 20000), sample_rate, PER_ROW)
        self._middle = Zone(middle_length, low_hop, (100, 630), low_rate)
        self._low = Zone(low_length, low_hop, (25, 80), low_rate)
        self.top_length, self.low_length, self.low_rate = top_length, low_length, low_rate

    def add(self, samples: Floats) -> tuple[Floats, Floats]:
        """Takes samples (n,); gives the powers of the new frames of the top and of the low end."""
        return self._top.add(samples), self._add_low(samples)

    def _add_low(self, samples: Floats) -> Floats:
        if missing := -len(samples) % ROW:
            samples = np.pad(samples, (0, missing))
        thin = self._decimator.add(samples)
        # What the filter gives before its delay has passed belongs to no sample.
        thin, self._skip = thin[self._skip :], max(0, self._skip - len(thin))
        self._middle.add(thin)
        return self._low.add(thin)

    def finish(self, rows: int) -> tuple[Floats, Floats]:
        """The same for what was still missing to ``rows``."""
        rest = math.ceil(self._decimator.delay / ROW) * ROW
        last = self._add_low(np.zeros(rest, dtype=np.float32))
        self._middle.finish(rows)
        return self._top.finish(rows), np.concatenate((last, self._low.finish(rows)))

    def levels(self, rows: int) -> NDArray[np.int16]:
        """(rows, 30), hundredths of dB."""
        zones = self._low, self._middle, self._top
        return np.concatenate([zone.levels(rows) for zone in zones], axis=1)


class OnsetMeter:
    """How much the bands of a signal rise from one frame to the next."""

    def __init__(self, length: int, sample_rate: int) -> None:
        edges = np.geomspace(*_ONSET_HERTZ, _ONSET_BANDS + 1)
        bands = np.stack((edges[:-1], edges[1:]), axis=1)
        self._matrix = edge_matrix(bands, length=length, rate=sample_rate)
        self._last = np.full((1, _ONSET_BANDS), np.log10(_ONSET_FLOOR), dtype=np.float32)
        self._onsets = Growing(np.float16)

    def add(self, powers: Floats) -> None:
        levels = np.log10(np.maximum(powers @ self._matrix, np.float32(_ONSET_FLOOR)))
        rises = np.maximum(np.diff(levels, axis=0, prepend=self._last), 0)
        self._onsets.add(10 * rises.mean(axis=1))
        self._last = levels[-1:] if len(levels) else self._last

    def onsets(self, rows: int) -> NDArray[np.float16]:
        """(10 a row,): dB."""
        return self._onsets.take()[: rows * PER_ROW]
