"""What is there when nobody plays: the noise floor, and mains hum."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.sound.decibels import rounded
from server.sound.features import FLOOR_DB, ROWS_PER_SECOND, Features
from server.sound.growing import Growing

HUM_HERTZ = 360.0  # as far up as the lines of a hum are looked for
_QUIET_SHARE = 10  # per cent of the seconds
_PAUSE_DB = 15  # so much softer than the recording must its quietest moments be to tell of a floor
_MAINS = (50.0, 60.0)
_HARMONICS = 6
_LINE_DB = 10.0
_LINES = 3
_NOTHING = np.float32(1e-30)
Floats = NDArray[np.float32]
Hum = tuple[float, float]  # (50 or 60, power of its lines)


@dataclass(frozen=True)
class Background:
    """dB of the mean square re full scale. ``noise_floor_db``: None where there is no pause to hear it in.

    ``hum_hertz``: 50 or 60, None where there is none; ``hum_db``: the level of its lines together.
    """

    noise_floor_db: float | None
    hum_hertz: float | None
    hum_db: float | None

    def to_json(self) -> dict[str, Any]:
        return {
            "noise_floor_db": rounded(self.noise_floor_db, 1),
            "hum_hertz": self.hum_hertz,
            "hum_db": rounded(self.hum_db, 1),
        }


class HumMeter:
    """Keeps, for each second, the least of each bin below 360 Hz: music comes and goes, hum stays."""

    def __init__(self, length: int, rate: float) -> None:
        self._width = rate / length
        self._bins = int(HUM_HERTZ / self._width) + 1
        self._least = Growing(np.int16, (self._bins,))  # hundredths of dB: they take half as much as powers
        self._pending = np.empty((0, self._bins), dtype=np.float32)

    def add(self, powers: Floats) -> None:
        """``powers``: (frames, 2 * bins), squares of real and imaginary parts."""
        bins = powers[:, 0 : 2 * self._bins : 2] + powers[:, 1 : 2 * self._bins : 2]
        self._pending = np.concatenate((self._pending, bins))
        whole = len(self._pending) - len(self._pending) % ROWS_PER_SECOND
        least = self._pending[:whole].reshape(-1, ROWS_PER_SECOND, self._bins).min(axis=1)
        self._least.add(np.rint(1000 * np.log10(np.maximum(least, _NOTHING))))
        self._pending = self._pending[whole:]

    def result(self) -> Hum | None:
        """None where no hum stands out."""
        least = self._least.take()
        sounding = (least > round(1000 * math.log10(_NOTHING))).any(axis=1)
        if not sounding.all():  # else three hours of it would be copied for nothing
            least = least[sounding]
        if not len(least):
            return None
        quiet = np.array([np.percentile(10 ** (column / 1000), _QUIET_SHARE) for column in least.T])
        found = [(lines, mains) for mains in _MAINS if (lines := self._lines(quiet, mains))]
        if not found:
            return None
        lines, mains = max(found, key=lambda hum: sum(hum[0]))
        return mains, sum(lines)

    def _lines(self, powers: NDArray[np.float64], mains: float) -> list[float]:
        """Powers of the harmonics that stand out from what lies beside them, if there are several."""
        lines = []
        for hertz in mains * np.arange(1, _HARMONICS + 1):
            at = round(hertz / self._width)
            line = powers[max(at - 1, 0) : at + 2]
            beside = np.concatenate((powers[max(at - 9, 0) : max(at - 3, 0)], powers[at + 4 : at + 10]))
            if len(line) and len(beside) and line.max() > np.median(beside) * 10 ** (_LINE_DB / 10) + 1e-13:
                lines.append(float(line.sum()))
        return lines if len(lines) >= _LINES else []


def find_background(features: Features, hum: Hum | None) -> Background:
    level = 10 * np.log10(hum[1]) if hum else None
    return Background(_noise_floor(features), hum[0] if hum else None, level)


def _noise_floor(features: Features) -> float | None:
    """The level of the quietest tenth, digital silence aside, if it is a pause."""
    powers = features.row_powers()
    sounding = powers[powers > 10 ** ((FLOOR_DB + 30) / 10)]
    if len(sounding) < ROWS_PER_SECOND:
        return None
    floor, usual = np.percentile(sounding, _QUIET_SHARE / 2), sounding.mean()
    return float(10 * np.log10(floor)) if floor < usual / 10 ** (_PAUSE_DB / 10) else None
