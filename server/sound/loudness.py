"""How loud a recording is, and how it treats full scale: all figures together, measured block by block."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from server.sound.blocks import ROW, hop_frames
from server.sound.decibels import decibels, rounded
from server.sound.gated_loudness import SHORT_TERM_HOPS, LoudnessMeter, LoudnessOverTime
from server.sound.growing import Growing
from server.sound.levels import LevelMeter, Levels, row_peaks
from server.sound.reading import Block
from server.sound.true_peak import TruePeakMeter

# Places closer together than this are one place for a listener, and so many are listed.
_SAME_PLACE_SECONDS = 0.1
_MOST_PLACES = 500
_PSR_GATE_LU = 20
_HOPS_PER_SECOND = 10

Times = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Loudness:
    """LUFS, LU, dBTP, dBFS and dB; None where a figure is not defined (silence, too short).

    ``short_term_lufs``: the 3 s loudness once a second, beginning at 3 s. ``plr_db``: true peak over
    integrated; ``psr_db``: the smallest distance of the sample peak of 3 s from their loudness, quiet
    passages aside. ``clips``: seconds (from, to) where three or more samples in a row are at full scale;
    ``overs``: where the true peak goes over it. ``dc_offset``: mean per channel. Silences: digital silence,
    in seconds.
    """

    integrated_lufs: float | None
    range_lu: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    short_term_lufs: tuple[float | None, ...]
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    plr_db: float | None
    psr_db: float | None
    clipped_samples: int
    clips: Times
    overs: Times
    dc_offset: tuple[float, ...]
    silence_at_start: float
    silence_at_end: float

    def to_json(self) -> dict[str, Any]:
        return {
            "integrated_lufs": rounded(self.integrated_lufs),
            "range_lu": rounded(self.range_lu),
            "max_momentary_lufs": rounded(self.max_momentary_lufs),
            "max_short_term_lufs": rounded(self.max_short_term_lufs),
            "short_term_lufs": [rounded(value, 1) for value in self.short_term_lufs],
            "true_peak_dbtp": rounded(self.true_peak_dbtp),
            "sample_peak_dbfs": rounded(self.sample_peak_dbfs),
            "plr_db": rounded(self.plr_db),
            "psr_db": rounded(self.psr_db),
            "clipped_samples": self.clipped_samples,
            "clips": [[round(start, 3), round(end, 3)] for start, end in self.clips],
            "overs": [[round(start, 3), round(end, 3)] for start, end in self.overs],
            "dc_offset": [round(offset, 7) for offset in self.dc_offset],
            "silence_at_start": round(self.silence_at_start, 6),
            "silence_at_end": round(self.silence_at_end, 6),
        }


class LoudnessGauge:
    """Feed blocks, take Loudness."""

    def __init__(self, sample_rate: int, speakers: tuple[str, ...]) -> None:
        self._sample_rate = sample_rate
        self._hop = hop_frames(sample_rate)
        self._loudness = LoudnessMeter(sample_rate, speakers)
        self._true_peak = TruePeakMeter(len(speakers))
        self._levels = LevelMeter(len(speakers))
        self._channels = len(speakers)
        self._frames = 0
        self._sample_peak = 0.0
        self._hop_peaks = Growing(np.float32)
        self._over_rows = Growing(np.intp)

    def add(self, block: Block) -> None:
        samples = block.samples
        if missing := -block.frames % ROW:
            samples = np.pad(samples, ((0, 0), (0, missing)))
        peaks = row_peaks(samples)
        self._loudness.add(samples, block.frames)
        self._over_rows.add(self._true_peak.add(samples, peaks) + self._frames // ROW)
        self._levels.add(samples, peaks)
        if hops := block.frames // self._hop:
            starts = np.arange(hops) * self._hop // ROW
            self._hop_peaks.add(np.maximum.reduceat(peaks.max(axis=0), starts))
        self._sample_peak = max(self._sample_peak, float(peaks.max(initial=0)))
        self._frames += block.frames

    def result(self) -> Loudness:
        silence = np.zeros((self._channels, ROW), dtype=np.float32)
        self._true_peak.add(silence, row_peaks(silence))  # what rings on after the last sample
        levels, over_time = self._levels.result(self._frames), self._loudness.result()
        true_peak = decibels(self._true_peak.peak)
        integrated = over_time.integrated
        return Loudness(
            integrated_lufs=integrated,
            range_lu=over_time.range,
            max_momentary_lufs=over_time.max_momentary,
            max_short_term_lufs=over_time.max_short_term,
            short_term_lufs=tuple(map(_finite, over_time.short_term[::_HOPS_PER_SECOND].tolist())),
            true_peak_dbtp=true_peak,
            sample_peak_dbfs=decibels(self._sample_peak),
            plr_db=None if true_peak is None or integrated is None else true_peak - integrated,
            psr_db=self._psr(over_time),
            **self._places(levels),
        )

    def _places(self, levels: Levels) -> dict[str, Any]:
        seconds = self._sample_rate
        rows = self._over_rows.take()
        overs = [(row * ROW / seconds, (row + 1) * ROW / seconds) for row in rows.tolist()]
        return {
            "clipped_samples": sum(end - start for start, end in levels.clipped),
            "clips": _places([(start / seconds, end / seconds) for start, end in levels.clipped]),
            "overs": _places(overs),
            "dc_offset": levels.dc_offset,
            "silence_at_start": levels.silence_at_start / seconds,
            "silence_at_end": levels.silence_at_end / seconds,
        }

    def _psr(self, over_time: LoudnessOverTime) -> float | None:
        short_term = over_time.short_term
        if over_time.integrated is None or not len(short_term):
            return None
        peaks = self._hop_peaks.take()
        highest = np.lib.stride_tricks.sliding_window_view(peaks, SHORT_TERM_HOPS).max(axis=1)
        heard = short_term > over_time.integrated - _PSR_GATE_LU
        ratios = 20 * np.log10(highest[heard]) - short_term[heard]
        return float(ratios.min()) if len(ratios) else None


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _places(spans: list[tuple[float, float]]) -> Times:
    """Spans in order of time, neighbours joined."""
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < _SAME_PLACE_SECONDS:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined[:_MOST_PLACES])
