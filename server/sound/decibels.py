"""Ratios to decibels and back, with None for what has no level."""

import math


def decibels(amplitude: float) -> float | None:
    """20 log10 of an amplitude; None for silence."""
    return 20 * math.log10(amplitude) if amplitude > 0 else None


def power_decibels(power: float) -> float | None:
    """10 log10 of a power; None for silence."""
    return 10 * math.log10(power) if power > 0 else None


def rounded(value: float | None, digits: int = 3) -> float | None:
    """For JSON: None for None, and for what JSON cannot say (infinities, not-a-number)."""
    return round(value, digits) + 0.0 if value is not None and math.isfinite(value) else None  # no -0.0
