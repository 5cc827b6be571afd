"""What a recording sounds like over time, kept small: about 55 kB a minute.

Rows are 100 ms apart, onset strengths 10 ms. Levels are dB of the mean square re full scale (a full-scale
sine has -3.0), stored in hundredths. ``mid`` is (left + right) / 2, ``side`` is (left - right) / 2.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.sound.decibels import rounded
from server.sound.kept_arrays import pack, unpack
from server.sound.third_octaves import CENTRES, NOMINAL

ROWS_PER_SECOND = 10
ONSETS_PER_SECOND = 100
FLOOR_DB = -120.0
_FORMAT = 2
_CHUNK = 4096  # rows
_SUMMARY = ("correlation", "balance_db", "low_end_in_mono", "crest_db", "centroid_hz", "tilt_db_per_octave")
_HEARD_BELOW_MEAN_DB = 20

Levels = NDArray[np.float64]


@dataclass(frozen=True)
class Features:
    """``mid_cdb``, ``side_cdb``: int16 (rows, 30 third octaves from 25 Hz), hundredths of dB.

    ``correlation``: int8 (rows,), hundredths of -1 to 1; ``balance_cdb``: int16 (rows,), right over left;
    ``crest_cdb``: int16 (rows,), peak over RMS; ``chroma``: uint8 (rows, 12) from C, the strongest
    is 255; ``onsets``: float16 (10 a row,), mean rise of the bands' levels in dB per 10 ms.
    """

    mid_cdb: NDArray[np.int16]
    side_cdb: NDArray[np.int16]
    correlation: NDArray[np.int8]
    balance_cdb: NDArray[np.int16]
    crest_cdb: NDArray[np.int16]
    chroma: NDArray[np.uint8]
    onsets: NDArray[np.float16]

    def to_bytes(self) -> bytes:
        return pack({field.name: getattr(self, field.name) for field in fields(self)}, format=_FORMAT)

    @classmethod
    def from_bytes(cls, content: bytes) -> "Features":
        """Raises ValueError for features of another format."""
        return cls(**unpack(content, format=_FORMAT))

    @property
    def mid_db(self) -> Levels:
        return self.mid_cdb / 100.0

    @property
    def side_db(self) -> Levels:
        return self.side_cdb / 100.0

    def row_powers(self) -> Levels:
        """(rows,): the mean square of everything from 25 Hz to 20 kHz, the mean of both channels."""
        return self._by_row(lambda mid, side: (mid + side).sum(axis=1))

    def centroid_hz(self) -> Levels:
        """(rows,): where the middle of the spectrum's power lies."""
        return self._by_row(lambda mid, side: (mid + side) @ CENTRES / (mid + side).sum(axis=1))

    def tilt_db_per_octave(self) -> Levels:
        """(rows,): the slope of the third-octave levels from 50 Hz to 16 kHz; pink noise has 0, white 3."""
        used = (CENTRES > 45) & (CENTRES < 17000)
        octaves = np.log2(CENTRES[used])
        octaves -= octaves.mean()
        return self._by_row(lambda mid, side: _db((mid + side)[:, used]) @ octaves / np.sum(octaves**2))

    def low_end_in_mono(self) -> Levels:
        """(rows,): how much of the power below 140 Hz is left in mono: 1 all of it, 0 nothing."""
        low = CENTRES < 140
        return self._by_row(lambda mid, side: mid[:, low].sum(axis=1) / (mid + side)[:, low].sum(axis=1))

    def _by_row(self, figure: Callable[[Levels, Levels], Levels]) -> Levels:
        """``figure`` of the powers of mid and side, (n, 30) each, some rows at a time: three hours are many."""
        chunks = range(0, len(self.mid_cdb), _CHUNK)
        pairs = ((self.mid_cdb[at : at + _CHUNK], self.side_cdb[at : at + _CHUNK]) for at in chunks)
        return np.concatenate([figure(_power(mid / 100), _power(side / 100)) for mid, side in pairs])

    def heard(self) -> NDArray[np.bool_]:
        """(rows,): those not much softer than the recording's mean, which a summary is made of."""
        powers = self.row_powers()
        gate = max(_power(FLOOR_DB + 30), powers.mean() * _power(-_HEARD_BELOW_MEAN_DB))
        heard: NDArray[np.bool_] = powers >= gate
        return heard

    def mean_tone(self, rows: NDArray[np.bool_]) -> tuple[Levels, Levels]:
        """(30,) each: the levels of mid and side over ``rows``, powers averaged."""
        mid, side = (
            sum(_power(levels[at : at + _CHUNK][rows[at : at + _CHUNK]] / 100).sum(axis=0) for at in chunks)
            for levels, chunks in ((cdb, range(0, len(cdb), _CHUNK)) for cdb in (self.mid_cdb, self.side_cdb))
        )
        count = max(1, np.count_nonzero(rows))
        return _db(mid / count), _db(side / count)

    def to_json(self) -> dict[str, Any]:
        """A summary over what is heard; the curves themselves travel as bytes."""
        heard = self.heard()
        if not heard.any():
            return {"tone": [], **dict.fromkeys(_SUMMARY)}
        mid, side = self.mean_tone(heard)
        return {
            "tone": [
                {"hz": hertz, "mid_db": rounded(middle, 2), "side_db": rounded(edge, 2)}
                for hertz, middle, edge in zip(NOMINAL, mid.tolist(), side.tolist(), strict=True)
            ],
            "correlation": _mean(self.correlation[heard] / 100, 2),
            "balance_db": _mean(self.balance_cdb[heard] / 100, 2),
            "low_end_in_mono": _mean(self.low_end_in_mono()[heard], 3),
            "crest_db": _mean(self.crest_cdb[heard] / 100, 2),
            "centroid_hz": _mean(self.centroid_hz()[heard], 1),
            "tilt_db_per_octave": _mean(self.tilt_db_per_octave()[heard], 2),
        }


def hundredths(powers: NDArray[np.float32]) -> NDArray[np.int16]:
    """Powers to hundredths of dB, in whole tenths: a row of 100 ms is not known better, and it takes a quarter
    less to keep."""
    return np.rint(10 * _db(np.asarray(powers, dtype=np.float64))).astype(np.int16) * np.int16(10)


def _mean(values: NDArray[Any], digits: int) -> float | None:
    return rounded(float(values.mean()), digits)


def _power(levels: Any) -> Any:
    return 10 ** (np.asarray(levels) / 10)


def _db(powers: NDArray[np.float64]) -> Levels:
    levels: Levels = 10 * np.log10(np.maximum(powers, 10 ** (FLOOR_DB / 10)))
    return levels
