"""The demo band plays once for all tests of its sound; what is kept is little beside what it makes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyebur128
import pytest

from server.demo.audio import Audio
from server.demo.band import DemoVersion, versions

KEPT_PARTS = {
    2: ("drums",),
    4: ("drums", "bass"),
    5: ("bass",),
    7: ("lead", "bass", "keys"),
    8: ("lead", "bass", "keys"),
}


@dataclass(frozen=True)
class Heard:
    """A version with only a few of its parts, and how far off their sum was from the mix (worst sample)."""

    version: DemoVersion
    parts: Mapping[str, Audio]
    sum_error: float
    lufs: float


@pytest.fixture(scope="session")
def heard() -> dict[int, Heard]:
    return {version.number: _listen(version) for version in versions()}


def _listen(version: DemoVersion) -> Heard:
    total = np.zeros_like(version.mix)
    for part in version.parts.values():
        total += part
    kept = {name: version.parts[name] for name in KEPT_PARTS.get(version.number, ())}
    slim = DemoVersion(**{**vars(version), "parts": kept})
    return Heard(slim, kept, float(np.abs(total - version.mix).max()), loudness(version.mix))


def loudness(wave: Audio) -> float:
    """Integrated loudness in LUFS."""
    meter = pyebur128.R128State(wave.shape[1], 44_100, pyebur128.MeasurementMode.MODE_I)
    meter.add_frames(np.ascontiguousarray(wave).ravel(), len(wave))
    return float(pyebur128.get_loudness_global(meter))
