"""Version 9: the second mix trimmed, tilted a little, and made loud."""

import numpy as np

from server.demo.audio import from_db
from server.demo.changes import Processing
from server.demo.performance import Parts, sum_of
from server.demo.processing.equaliser import Band, equalised
from server.demo.processing.limiter import limiting_gain
from server.demo.timelines import MASTER_HEAD_TRIM, MASTER_TAIL_TRIM

TILT = (Band("low shelf", 90, -0.8), Band("high shelf", 5000, 1.5))
GAIN_DB = 6.0
CEILING_DBFS = -1.2


def mastered(mix: Parts) -> Parts:
    """The parts through the master chain, shape (frames, 2). The limiter is one gain curve, so their sum is still
    exactly the master."""
    gain = np.float32(from_db(GAIN_DB))
    louder = {
        name: equalised(part[MASTER_HEAD_TRIM : len(part) - MASTER_TAIL_TRIM], TILT) * gain for name, part in mix.items()
    }
    limiter = limiting_gain(sum_of(louder), CEILING_DBFS)[:, None]
    for part in louder.values():
        part *= limiter
    return louder


def processing() -> Processing:
    return Processing(mix_bands=TILT, mix_gain_db=GAIN_DB, ceiling_dbfs=CEILING_DBFS)
