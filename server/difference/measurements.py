"""Everything measured between two recordings, along the map, at equal loudness."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from server.difference.aligned import Aligned, Doubles, align, decibels_between, ratio_db
from server.difference.analysed import Analysed
from server.difference.crest import crest_by_region
from server.difference.decays import Decay, find_decay
from server.difference.null import Null, find_null
from server.difference.places import Place, places_that_differ
from server.difference.time_map import TimeMap, map_time
from server.sound.features import ONSETS_PER_SECOND

_SOFTEST = 20  # per cent of the time, in each band
_ROWS = 30  # 3 s, as short-term loudness
_SAME_DB, _OTHER_DB = 1.5, 3.0


@dataclass(frozen=True)
class Difference:
    """What a stage's lens reads. B minus A everywhere; times are seconds of B unless they say otherwise."""

    a: Analysed
    b: Analysed
    time_map: TimeMap
    aligned: Aligned

    @cached_property
    def identical(self) -> bool:
        """The same samples, as far as every measurement of both can tell."""
        ours, theirs = self.a.analysis, self.b.analysis
        return (
            self.a.traces.packed_signs.tobytes() == self.b.traces.packed_signs.tobytes()
            and ours.loudness == theirs.loudness
            and ours.features.mid_cdb.tobytes() == theirs.features.mid_cdb.tobytes()
            and ours.features.side_cdb.tobytes() == theirs.features.side_cdb.tobytes()
        )

    @property
    def matched_gain_db(self) -> float:
        return self.aligned.matched_gain_db

    @cached_property
    def tone_db(self) -> Doubles:
        """(30,): per third octave."""
        return self.aligned.tone_db()

    @cached_property
    def places(self) -> list[Place]:
        return places_that_differ(self.aligned, shared=self.time_map.shared)

    @cached_property
    def null(self) -> Null | None:
        """Reads both files once more."""
        return find_null(self.a, self.b, self.time_map, flipped=self.one_channel_flipped)

    @cached_property
    def decay(self) -> Decay | None:
        return find_decay(self.aligned)

    @cached_property
    def crest_by_region(self) -> Doubles | None:
        """(6 regions,): how much further B's peaks stand out. Reads a few places of both files."""
        return crest_by_region(self.a, self.b, self.aligned)

    @cached_property
    def upside_down(self) -> bool:
        return any(line.sign < 0 for line in self.time_map.lines)

    @cached_property
    def one_channel_flipped(self) -> bool:
        """Upside down in one of two channels: what was in the middle is at the sides, band by band."""
        if not self.aligned.heard.any():
            return False
        before, now = self.correlation()
        if now < -0.3 and before > 0.2:
            return True
        ours, theirs = (
            [part[self.aligned.heard].sum(axis=0) for part in (rows.mid, rows.side)]
            for rows in (self.aligned.a, self.aligned.b)
        )
        gain = 10 ** (self.matched_gain_db / 10)
        weight = (ours[0] + ours[1]) / (ours[0] + ours[1]).sum()

        def apart(left: Doubles, right: Doubles) -> float:
            floor = 1e-6 * float(ours[0].sum() + ours[1].sum())
            return float(weight @ np.abs(ratio_db(left * gain, right, floor=floor)))

        swapped = apart(theirs[0], ours[1]) + apart(theirs[1], ours[0])
        straight = apart(theirs[0], ours[0]) + apart(theirs[1], ours[1])
        return swapped < _SAME_DB and straight > swapped + _OTHER_DB

    def width_db(self) -> tuple[float, float]:
        """Side over mid of A and of B, where heard."""
        return tuple(  # type: ignore[return-value]
            decibels_between(rows.side[self.aligned.heard].sum(), rows.mid[self.aligned.heard].sum())
            for rows in (self.aligned.a, self.aligned.b)
        )

    def mono_loss_db(self) -> tuple[float, float]:
        """How much softer A and B get when both channels are added up; 0 loses nothing."""
        return tuple(  # type: ignore[return-value]
            decibels_between(rows.both[self.aligned.heard].sum(), rows.mid[self.aligned.heard].sum())
            for rows in (self.aligned.a, self.aligned.b)
        )

    def balance_db(self) -> float:
        """How much further right B is."""
        return self._median(self.aligned.b.balance) - self._median(self.aligned.a.balance)

    def correlation(self) -> tuple[float, float]:
        return self._median(self.aligned.a.correlation), self._median(self.aligned.b.correlation)

    def crest_db(self) -> float:
        """How much further B's peaks stand out of 100 ms."""
        return self._median(self.aligned.b.crest) - self._median(self.aligned.a.crest)

    def _median(self, values: Doubles) -> float:
        heard = values[self.aligned.heard]
        return float(np.median(heard)) if len(heard) else 0.0

    def loudness_curves(self) -> tuple[Doubles, Doubles, Doubles]:
        """Times in B and the short-term loudness (LUFS) of A and of B at the same places in the music."""
        if len(self.aligned.b_times) < _ROWS:
            return np.empty(0), np.empty(0), np.empty(0)
        kernel = np.ones(_ROWS) / _ROWS
        ours, theirs = (
            -0.691 + 10 * np.log10(np.maximum(np.convolve(rows.loudness, kernel, "valid"), 1e-12))
            for rows in (self.aligned.a, self.aligned.b)
        )
        return np.convolve(self.aligned.b_times, kernel, "valid"), ours, theirs

    def quiet_tails_db(self) -> float | None:
        """How much more of B there is where each band is softest, beyond what differs in it throughout: room,
        reverb, noise."""
        ours, theirs = self.aligned.a.both, self.aligned.b.both
        if len(ours) < 100:
            return None
        heard = np.flatnonzero(ours.sum(axis=0) > 1e-4 * ours.sum())
        more = []
        for band in heard.tolist():
            middle = ours[:, band] * theirs[:, band]
            sounding = middle > 1e-18
            if np.count_nonzero(sounding) < 100:
                continue
            soft = sounding & (middle <= np.percentile(middle[sounding], _SOFTEST))
            loud = sounding & ~soft
            more.append(
                decibels_between(theirs[soft, band].sum(), ours[soft, band].sum())
                - decibels_between(theirs[loud, band].sum(), ours[loud, band].sum())
            )
        return float(np.median(more)) if more else None

    def attack(self) -> float:
        """B's strongest onsets over A's, in dB of rise; 1 is the same."""
        strengths = []
        for side in (self.a, self.b):
            onsets = side.analysis.features.onsets.astype(np.float64)
            # Two neighbouring frames share an onset, by chance the one or the other has more of it.
            pairs = onsets[1:] + onsets[:-1]
            strongest = np.sort(pairs[: len(pairs) // 10 * 10].reshape(-1, 10).max(axis=1))
            strongest = strongest[-max(1, len(strongest) // 5) :]
            strengths.append(float(strongest.mean()) if len(strongest) else 0.0)
        return strengths[1] / strengths[0] if strengths[0] > 0.1 else 1.0

    def onsets_per_second(self) -> tuple[float, float]:
        return _onsets_per_second(self.a), _onsets_per_second(self.b)


def _onsets_per_second(side: Analysed) -> float:
    onsets = side.analysis.features.onsets.astype(np.float64)
    if len(onsets) < 3:
        return 0.0
    least = max(0.5, 0.2 * float(np.percentile(onsets, 98)))
    tops = (onsets[1:-1] > onsets[:-2]) & (onsets[1:-1] >= onsets[2:]) & (onsets[1:-1] > least)
    return float(np.count_nonzero(tops) * ONSETS_PER_SECOND / len(onsets))


def measure_difference(a: Analysed, b: Analysed) -> Difference:
    time_map = map_time(a.traces, b.traces)
    return Difference(a, b, time_map, align(a, b, time_map))
