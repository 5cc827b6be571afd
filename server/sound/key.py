"""The key, where the notes agree on one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.sound.features import Features

SURE_ENOUGH = 0.35
PITCH_CLASSES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
# How well each note fits a key, as listeners rated it: Krumhansl and Kessler, 1982.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_CLEAR_LEAD = 0.12  # the lead over the second best key at which nobody would doubt


@dataclass(frozen=True)
class Key:
    """``confidence``: how well the notes fit, times how far the next best key is behind, 0 to 1."""

    tonic: str
    mode: str
    confidence: float

    def to_json(self) -> dict[str, Any]:
        return {"tonic": self.tonic, "mode": self.mode, "confidence": round(self.confidence, 2)}


def find_key(features: Features) -> Key | None:
    """None where the notes fit no key well, or several."""
    heard = features.heard()
    if not heard.any():
        return None
    notes = features.chroma[heard].mean(axis=0, dtype=np.float64)
    fits = _fits(notes)
    second, best = np.sort(fits)[-2:]
    confidence = float(max(best, 0) * min(1, (best - second) / _CLEAR_LEAD))
    if confidence < SURE_ENOUGH:
        return None
    mode, tonic = divmod(int(np.argmax(fits)), 12)
    return Key(PITCH_CLASSES[tonic], ("major", "minor")[mode], confidence)


def _fits(notes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlations with the 24 keys: major from C up, then minor from C up."""
    if np.ptp(notes) == 0:
        return np.zeros(24)
    profiles = [np.roll(profile, tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)]
    return np.asarray([np.corrcoef(notes, profile)[0, 1] for profile in profiles])
