"""How the two channels relate, and how much peaks stand out, every 100 ms."""

import numpy as np
from numpy.typing import NDArray

_WIDEST_DB = 99.0  # the balance when one side is silent
Floats = NDArray[np.float32]
_LEFT = {"FL": 1.0, "FC": 0.7071, "SL": 0.7071, "BL": 0.7071, "BC": 0.5}
_RIGHT = {"FR": 1.0, "FC": 0.7071, "SR": 0.7071, "BR": 0.7071, "BC": 0.5}


def fold_to_stereo(samples: Floats, speakers: tuple[str, ...]) -> Floats:
    """(channels, n) to (2, n); mono stays mono. Centre and surround go in 3 dB lower, no LFE (BS.775)."""
    if len(speakers) <= 2:
        return samples
    shares = [[side.get(speaker, 0.0) for speaker in speakers] for side in (_LEFT, _RIGHT)]
    folded: Floats = np.array(shares, dtype=np.float32) @ samples
    return folded


def space_over_time(samples: Floats, hop: int) -> Floats:
    """(rows, 3): correlation (-1 to 1), balance (dB, right over left), crest factor (dB, peak over RMS)."""
    if missing := -samples.shape[1] % hop:
        samples = np.pad(samples, ((0, 0), (0, missing)))
    by_row = samples.reshape(len(samples), -1, hop)
    left, right = by_row[0], by_row[-1]
    left_power = np.einsum("rt,rt->r", left, left)
    right_power = np.einsum("rt,rt->r", right, right) if len(samples) > 1 else left_power
    product = np.einsum("rt,rt->r", left, right) if len(samples) > 1 else left_power
    peak = np.maximum(by_row.max(axis=2), -by_row.min(axis=2)).max(axis=0)
    rms = np.sqrt(np.maximum(left_power, right_power) / hop)
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.nan_to_num(product / np.sqrt(left_power * right_power), posinf=0, neginf=0)
        balance = np.nan_to_num(
            10 * np.log10(right_power / left_power), posinf=_WIDEST_DB, neginf=-_WIDEST_DB
        )
        crest = np.nan_to_num(20 * np.log10(peak / rms), posinf=0, neginf=0)
    return np.stack((np.clip(correlation, -1, 1), np.clip(balance, -_WIDEST_DB, _WIDEST_DB), crest), axis=1)
