"""What a recording sounds like over time, kept small: about 90 kB a minute before compression.

Rows are 100 ms apart, onset strengths 10 ms. Levels are dB of the mean square re full scale (a full-scale
sine has -3.0), stored in hundredths. ``mid`` is (left + right) / 2, ``side`` is (left - right) / 2.
"""

import io
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.sound.decibels import rounded
from server.sound.third_octaves import CENTRES, NOMINAL

ROWS_PER_SECOND = 10
ONSETS_PER_SECOND = 100
FLOOR_DB = -120.0
_FORMAT = 1
_LOW_END = CENTRES < 140
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
        file = io.BytesIO()
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(file, format=np.array(_FORMAT), **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Features":
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if int(arrays["format"]) != _FORMAT:
                raise ValueError("features of another format")
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    @property
    def mid_db(self) -> Levels:
        return self.mid_cdb / 100.0

    @property
    def side_db(self) -> Levels:
        return self.side_cdb / 100.0

    @property
    def level_db(self) -> Levels:
        """(rows, 30): mid and side together, the mean of the two channels."""
        return _db(_power(self.mid_db) + _power(self.side_db))

    def centroid_hz(self) -> Levels:
        """(rows,): where the middle of the spectrum's power lies; 0 in silence."""
        powers = _power(self.level_db)
        total = powers.sum(axis=1)
        return np.where(total > _power(FLOOR_DB + 20), powers @ CENTRES / np.maximum(total, 1e-30), 0.0)

    def tilt_db_per_octave(self) -> Levels:
        """(rows,): the slope of the third-octave levels from 50 Hz to 16 kHz; pink noise has 0, white 3."""
        used = (CENTRES > 45) & (CENTRES < 17000)
        octaves = np.log2(CENTRES[used])
        octaves -= octaves.mean()
        levels: Levels = self.level_db[:, used] @ octaves / np.sum(octaves**2)
        return levels

    def low_end_in_mono(self) -> Levels:
        """(rows,): how much of the power below 140 Hz is left in mono: 1 all of it, 0 nothing."""
        mid, side = (_power(levels[:, _LOW_END]).sum(axis=1) for levels in (self.mid_db, self.side_db))
        left: Levels = mid / np.maximum(mid + side, 1e-30)
        return left

    def heard(self) -> NDArray[np.bool_]:
        """(rows,): those not much softer than the recording's mean, which a summary is made of."""
        powers = _power(self.level_db).sum(axis=1)
        gate = max(_power(FLOOR_DB + 20), powers.mean() * _power(-_HEARD_BELOW_MEAN_DB))
        heard: NDArray[np.bool_] = powers >= gate
        return heard

    def to_json(self) -> dict[str, Any]:
        """A summary over what is heard; the curves themselves travel as bytes."""
        heard = self.heard()
        if not heard.any():
            return {"tone": [], "correlation": None, "balance_db": None, "low_end_in_mono": None,
                    "crest_db": None, "centroid_hz": None, "tilt_db_per_octave": None}  # fmt: skip
        mid, side = (_db(_power(levels[heard]).mean(axis=0)) for levels in (self.mid_db, self.side_db))
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
    """Powers to hundredths of dB."""
    return np.rint(100 * _db(np.asarray(powers, dtype=np.float64))).astype(np.int16)


def _mean(values: NDArray[Any], digits: int) -> float | None:
    return rounded(float(values.mean()), digits)


def _power(levels: Any) -> Any:
    return 10 ** (np.asarray(levels) / 10)


def _db(powers: NDArray[np.float64]) -> Levels:
    levels: Levels = 10 * np.log10(np.maximum(powers, 10 ** (FLOOR_DB / 10)))
    return levels
