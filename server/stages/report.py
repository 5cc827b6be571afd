"""A comparison as one page that opens from disk: the two waveforms, the map between them, the findings."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from server.difference.analysed import Analysed
from server.difference.findings.finding import Finding, clock
from server.sound.decibels import rounded
from server.stages import stage_of
from server.stages.comparison import Comparison

_WIDTH, _LANE, _GAP = 1000, 90, 110  # of the drawing
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2230; --soft: #667; --paper: #fff; --line: #d9dce5; --a: #8a93a8;
  --b: #3f63d8; --map: #3f63d833; --moved: #d8803f55; --gone: #c0392b; --new: #2c8a57; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf2; --soft: #9aa0b4; --paper: #14171f;
  --line: #2b3040; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 66rem; padding: 0 1rem;
  color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
svg { width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--soft); }
li { padding: .6rem 0; border-bottom: 1px solid var(--line); } ol { list-style: none; padding: 0; }
.at { display: inline-block; min-width: 7.5rem; color: var(--soft); font-variant-numeric: tabular-nums; }
small { display: block; margin-left: 7.5rem; color: var(--soft); }
table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; }
"""


def report_html(comparison: Comparison) -> str:
    """The whole page as text; nothing in it is loaded from anywhere."""
    difference = comparison.difference
    stage = stage_of(comparison.stage)
    title = f"What changed: {_name(difference.a)} to {_name(difference.b)}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<h1>{escape(title)}</h1>
<p>As {escape(stage.name.lower())} hears it. {escape(stage.purpose)}</p>
{_drawing(comparison)}
<h2>Findings</h2>
<ol>{"".join(map(_item, comparison.findings))}</ol>
<h2>The two files</h2>
{_table(comparison)}
</body></html>
"""


def _name(side: Analysed) -> str:
    return side.path.name if side.path else "a recording"


def _item(finding: Finding) -> str:
    plain, detail = escape(finding.plain), escape(finding.detail)
    return f'<li><span class="at">{finding.place}</span>{plain}<small>{detail}</small></li>'


def _drawing(comparison: Comparison) -> str:
    difference, time_map = comparison.difference, comparison.difference.time_map
    longest = max(difference.a.duration, difference.b.duration, 0.1)
    scale = _WIDTH / longest
    below = _LANE + _GAP
    moved = {(line.a_start, line.a_end) for line in time_map.moved}
    bands = "".join(
        f'<path fill="var(--{_map_colour(line.a_start, line.a_end, moved)})" d="M{line.a_start * scale:.1f} {_LANE}'
        f'L{line.a_end * scale:.1f} {_LANE}L{line.b_end * scale:.1f} {below}L{line.b_start * scale:.1f} {below}Z"/>'
        for line in time_map.lines
    )
    gone = "".join(_bar(start, end, scale, _LANE, "gone") for start, end in time_map.only_in_a)
    new = "".join(_bar(start, end, scale, below - 4, "new") for start, end in time_map.only_in_b)
    marks = "".join(_mark(finding, scale, below + _LANE) for finding in comparison.findings)
    height = below + _LANE + 24
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="The two waveforms and where each second went">'
        f"{bands}{_wave(difference.a, scale, 0, 'a')}{_wave(difference.b, scale, below, 'b')}{gone}{new}{marks}"
        f'<text x="4" y="14">{escape(_name(difference.a))}</text>'
        f'<text x="4" y="{below + 14}">{escape(_name(difference.b))}</text>{_clock_marks(longest, scale, height)}</svg>'
        "<p>Red: gone. Green: new. Orange: in another place.</p>"
    )


def _mark(finding: Finding, scale: float, y: int) -> str:
    if finding.start is None:
        return ""
    width = max(2.0, ((finding.end or finding.start) - finding.start) * scale)
    return (
        f'<rect x="{finding.start * scale:.1f}" y="{y}" width="{width:.1f}" height="6" fill="var(--b)">'
        f"<title>{escape(finding.plain)}</title></rect>"
    )


def _map_colour(start: float, end: float, moved: set[tuple[float, float]]) -> str:
    return "moved" if any(low - 0.01 <= start and end <= high + 0.01 for low, high in moved) else "map"


def _bar(start: float, end: float, scale: float, y: int, colour: str) -> str:
    width = max(1.0, (end - start) * scale)
    return f'<rect x="{start * scale:.1f}" y="{y}" width="{width:.1f}" height="4" fill="var(--{colour})"/>'


def _wave(side: Analysed, scale: float, top: int, colour: str) -> str:
    waveform = side.analysis.waveform
    level = max(waveform.levels)
    for candidate in sorted(waveform.levels, reverse=True):
        level = candidate
        if len(waveform.peaks[candidate]) >= _WIDTH:
            break
    peaks = _pooled(waveform.peaks[level], max(1, round(side.duration * scale)))
    middle, half = top + _LANE / 2, _LANE / 2 / 128
    bars = "".join(
        f"M{x} {middle - high * half:.1f}V{middle - low * half + 0.5:.1f}"
        for x, (low, high) in enumerate(peaks.tolist())
    )
    return f'<path stroke="var(--{colour})" fill="none" d="{bars}"/>'


def _pooled(peaks: NDArray[np.int8], pixels: int) -> NDArray[np.int8]:
    """(pixels, 2) lowest and highest."""
    if not len(peaks):
        return np.zeros((0, 2), dtype=np.int8)
    starts = np.unique((np.arange(pixels) * len(peaks) / pixels).astype(np.intp))
    return np.stack(
        (np.minimum.reduceat(peaks[:, 0], starts), np.maximum.reduceat(peaks[:, 1], starts)), axis=1
    )


def _clock_marks(longest: float, scale: float, height: int) -> str:
    step = next(s for s in (5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600) if longest / s <= 14 or s == 3600)
    return "".join(
        f'<text x="{second * scale:.1f}" y="{height - 2}">{clock(second)}</text>'
        for second in range(0, int(longest) + 1, step)
    )


def _table(comparison: Comparison) -> str:
    difference = comparison.difference
    figures = [
        ("Length", *(clock(side.duration) for side in (difference.a, difference.b))),
        ("Integrated loudness (LUFS)", *_pair(comparison, "integrated_lufs")),
        ("Loudness range (LU)", *_pair(comparison, "range_lu")),
        ("True peak (dBTP)", *_pair(comparison, "true_peak_dbtp")),
        ("Gain that matches the second to the first (dB)", "", f"{difference.matched_gain_db:+.1f}"),
        ("How sure the map is", "", f"{100 * difference.time_map.confidence:.0f} %"),
    ]
    rows = "".join(f"<tr><th>{name}</th><td>{a}</td><td>{b}</td></tr>" for name, a, b in figures)
    return f"<table><tr><th></th><th>before</th><th>now</th></tr>{rows}</table>"


def _pair(comparison: Comparison, name: str) -> tuple[str, str]:
    first, second = (
        rounded(getattr(side.analysis.loudness, name), 1)
        for side in (comparison.difference.a, comparison.difference.b)
    )
    return tuple("none" if value is None else f"{value:g}" for value in (first, second))  # type: ignore[return-value]
