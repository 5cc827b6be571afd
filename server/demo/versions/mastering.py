"""Version 9: the second mix trimmed, tilted a little, and made loud."""

from collections.abc import Iterator, Mapping

from server.demo.audio import Audio, from_db
from server.demo.changes import Processing
from server.demo.performance import Parts, sum_of
from server.demo.processing.equaliser import Band, equalised
from server.demo.processing.limiter import limiting_gain
from server.demo.timelines import MASTER_HEAD_TRIM, MASTER_TAIL_TRIM

TILT = (Band("low shelf", 90, -0.8), Band("high shelf", 5000, 1.5))
GAIN_DB = 7.0
CEILING_DBFS = -1.5


class Mastered(Mapping[str, Audio]):
    """The second mix through the master chain: `mix` at once, each (frames, 2) part when it is asked for.

    The limiter is one gain curve over the whole mix, so the parts through it still add up to the master.
    They are made late because only those who study them need them, and eight would take longer than the
    master itself.
    """

    def __init__(self, mixed: Parts) -> None:
        self._mixed = mixed
        louder = _tilted(sum_of(mixed))
        self._limiter = limiting_gain(louder, CEILING_DBFS)[:, None]
        self.mix = louder * self._limiter

    def __getitem__(self, name: str) -> Audio:
        return _tilted(self._mixed[name]) * self._limiter

    def __iter__(self) -> Iterator[str]:
        return iter(self._mixed)

    def __len__(self) -> int:
        return len(self._mixed)


def processing() -> Processing:
    return Processing(mix_bands=TILT, mix_gain_db=GAIN_DB, ceiling_dbfs=CEILING_DBFS)


def _tilted(wave: Audio) -> Audio:
    tilted = equalised(wave[MASTER_HEAD_TRIM : len(wave) - MASTER_TAIL_TRIM], TILT)
    tilted *= from_db(GAIN_DB)
    return tilted
