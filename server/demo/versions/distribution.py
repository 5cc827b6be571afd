"""Version 10: what goes to the stores, a little quieter so that the codec does not clip, with some air before it."""

import numpy as np

from server.demo.audio import from_db
from server.demo.changes import Processing
from server.demo.performance import Parts
from server.demo.timelines import DISTRIBUTION_HEAD

GAIN_DB = -0.8


def delivered(master: Parts) -> Parts:
    """The master's parts behind DISTRIBUTION_HEAD frames of silence, shape (frames, 2)."""
    gain = np.float32(from_db(GAIN_DB))
    return {name: np.pad(part * gain, ((DISTRIBUTION_HEAD, 0), (0, 0))) for name, part in master.items()}


def processing() -> Processing:
    return Processing(mix_gain_db=GAIN_DB)
