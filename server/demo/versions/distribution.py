"""Version 10: for the stores, a little quieter so that the codec does not clip, with some air before it."""

from collections.abc import Iterator, Mapping

import numpy as np

from server.demo.audio import Audio, from_db
from server.demo.changes import Processing
from server.demo.timelines import DISTRIBUTION_HEAD
from server.demo.versions.mastering import Mastered

GAIN_DB = -0.8


class Delivered(Mapping[str, Audio]):
    """The master after DISTRIBUTION_HEAD frames of silence: `mix` at once, a part when it is asked for."""

    def __init__(self, master: Mastered) -> None:
        self._master = master
        self.mix = _delivered(master.mix)

    def __getitem__(self, name: str) -> Audio:
        return _delivered(self._master[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._master)

    def __len__(self) -> int:
        return len(self._master)


def processing() -> Processing:
    return Processing(mix_gain_db=GAIN_DB)


def _delivered(wave: Audio) -> Audio:
    return np.pad(wave * np.float32(from_db(GAIN_DB)), ((DISTRIBUTION_HEAD, 0), (0, 0)))
