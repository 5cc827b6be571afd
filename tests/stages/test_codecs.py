"""What lossy codecs make of a master's peaks, told before it goes out."""

import numpy as np
import pytest

from server.difference.codec_overs import CODECS, peaks_after_codecs
from server.difference.findings.finding import Finding
from server.stages.comparison import compare
from tests.difference.studio import Audio, Studio


def limited(studio: Studio, ceiling: float) -> Audio:
    """Driven hard, and cut off flat: between the samples it is higher, after a codec higher still."""
    song = studio.song()
    return np.asarray(ceiling * np.clip(6 * song / np.abs(song).max(), -1, 1), dtype=np.float32)


def peaks(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.kind in ("true-peak", "codec-overs")]


def test_every_codec_says_how_high_the_peaks_are_after_it(studio: Studio) -> None:
    hot = studio.hear("limited", lambda: limited(studio, 0.97), subtype="PCM_24")
    found = peaks_after_codecs(hot)
    assert [peak.codec for peak in found] == list(CODECS)
    before = hot.analysis.loudness.true_peak_dbtp
    assert before is not None
    assert max(peak.dbtp for peak in found) > before
    assert all(abs(peak.dbtp - before) < 3 for peak in found)
    assert all(0 <= peak.start < peak.end <= hot.duration + 1.5 for peak in found)


def test_a_master_that_codecs_push_over_full_scale_is_told(studio: Studio) -> None:
    hot = studio.hear("limited", lambda: limited(studio, 0.97), subtype="PCM_24")
    [finding] = peaks(compare(studio.base, hot, stage="mastering").findings)
    assert "after a lossy codec AAC 256 kb/s" in finding.detail


def test_a_master_with_room_for_codecs_is_left_alone(studio: Studio) -> None:
    calm = studio.hear("with room", lambda: limited(studio, 0.3), subtype="PCM_24")
    assert peaks(compare(studio.base, calm, stage="mastering").findings) == []
    assert max(peak.dbtp for peak in peaks_after_codecs(calm)) < -1


def test_a_file_that_cannot_be_read_again_has_no_codec_peaks(studio: Studio) -> None:
    from dataclasses import replace

    assert peaks_after_codecs(replace(studio.base, path=None)) == []


@pytest.mark.parametrize(("seconds", "count"), [(0.05, 0), (1.0, len(CODECS))])
def test_a_very_short_file_is_no_trouble(studio: Studio, seconds: float, count: int) -> None:
    """Of half a tenth of a second nothing is left between the edges."""
    short = studio.hear(f"short {seconds}", lambda: studio.song()[: round(seconds * 44100)])
    assert len(peaks_after_codecs(short)) == count
