"""How long a block is: whole tenths of a second and whole filter rows, small enough for the processor's cache, and
large enough that calling NumPy, where one thread may have to wait for the other, takes little beside its work."""

import math

ROW = 48  # samples that the filters take at a time
_ABOUT = 131072


def hop_frames(sample_rate: int) -> int:
    """Samples in 100 ms, the step of everything measured over time; rounded as libebur128 rounds it."""
    return (sample_rate + 5) // 10


def block_frames(sample_rate: int) -> int:
    hop = hop_frames(sample_rate)
    unit = math.lcm(hop, ROW)
    return unit * max(1, round(_ABOUT / unit))
