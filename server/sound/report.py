"""An analysis for people at a terminal: a table to read, or JSON to go on with."""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from server.sound.analysis import Analysis
from server.sound.features import FLOOR_DB

_BAR_DB = 60  # from the loudest third octave down
_BAR_CELLS = 32
_PLACES_SHOWN = 5
NOTHING = "none"  # silence has no loudness

Row = tuple[str, str]


def print_report(analysis: Analysis, console: Console | None = None) -> None:
    """Everything about one recording, readable at 80 columns."""
    (console or Console()).print(render(analysis))


def render(analysis: Analysis) -> RenderableType:
    parts: list[RenderableType] = []
    for title, rows in (
        ("File", _facts(analysis)),
        ("Loudness", _loudness(analysis)),
        ("Full scale", _full_scale(analysis)),
        ("Tone and space", _tone_and_space(analysis)),
        ("Music and room", _music(analysis)),
    ):
        parts += [Text(title, style="bold"), _table(rows), Text()]
    return Group(*parts, Text("Third octaves, mid", style="bold"), _spectrum(analysis))


def clock(seconds: float) -> str:
    """1:02:03.45, or 2:03.45 within an hour."""
    minutes, rest = divmod(round(seconds, 2), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{rest:05.2f}" if hours else f"{minutes}:{rest:05.2f}"


def _table(rows: Iterator[Row]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    table.add_column(style="dim", no_wrap=True, min_width=22)
    table.add_column()
    for name, value in rows:
        table.add_row(name, Text(value))
    return table


def _figure(value: float | None, unit: str, digits: int = 1) -> str:
    return NOTHING if value is None else f"{value:.{digits}f} {unit}"


def _facts(analysis: Analysis) -> Iterator[Row]:
    facts = analysis.facts
    depth = f", {facts.bit_depth} bit" if facts.bit_depth else ""
    same = facts.container == facts.codec
    yield "Format", f"{facts.codec if same else f'{facts.container} with {facts.codec}'}{depth}"
    yield "Channels", f"{facts.channels} ({facts.layout})"
    yield "Sample rate", f"{facts.sample_rate} Hz"
    yield "Duration", f"{clock(facts.duration)} ({facts.frames} samples)"
    for name in ("title", "artist", "album"):
        if name in facts.tags:
            yield name.capitalize(), facts.tags[name]


def _loudness(analysis: Analysis) -> Iterator[Row]:
    loudness = analysis.loudness
    yield "Integrated", _figure(loudness.integrated_lufs, "LUFS")
    yield "Range", _figure(loudness.range_lu, "LU")
    yield "Loudest moment", _figure(loudness.max_momentary_lufs, "LUFS (0.4 s)")
    yield "Loudest passage", _figure(loudness.max_short_term_lufs, "LUFS (3 s)")
    yield "Peak to loudness", _figure(loudness.plr_db, "dB (PLR)")
    yield "Least headroom", _figure(loudness.psr_db, "dB (PSR)")


def _full_scale(analysis: Analysis) -> Iterator[Row]:
    loudness = analysis.loudness
    yield "True peak", _figure(loudness.true_peak_dbtp, "dBTP")
    yield "Sample peak", _figure(loudness.sample_peak_dbfs, "dBFS")
    yield "Clipped samples", f"{loudness.clipped_samples}{_at(loudness.clips)}"
    yield "Overs", f"{len(loudness.overs)}{_at(loudness.overs)}"
    yield "DC offset", ", ".join(f"{offset:+.5f}" for offset in loudness.dc_offset)
    silence = f"{loudness.silence_at_start:.3f} s at the start, {loudness.silence_at_end:.3f} s at the end"
    yield "Digital silence", silence


def _at(places: tuple[tuple[float, float], ...]) -> str:
    if not places:
        return ""
    shown = ", ".join(clock(start) for start, _ in places[:_PLACES_SHOWN])
    return f" at {shown}{' …' if len(places) > _PLACES_SHOWN else ''}"


def _tone_and_space(analysis: Analysis) -> Iterator[Row]:
    summary = analysis.features.to_json()
    yield "Spectral centroid", _figure(summary["centroid_hz"], "Hz", 0)
    yield "Tilt", _figure(summary["tilt_db_per_octave"], "dB per octave")
    yield "Crest factor", _figure(summary["crest_db"], "dB")
    yield "Correlation", _figure(summary["correlation"], "", 2).strip()
    yield "Balance", _balance(summary["balance_db"])
    in_mono = summary["low_end_in_mono"]
    yield "Low end left in mono", NOTHING if in_mono is None else f"{100 * in_mono:.0f} %"


def _balance(decibels: float | None) -> str:
    if decibels is None or abs(decibels) < 0.05:
        return NOTHING if decibels is None else "centred"
    return f"{abs(decibels):.1f} dB to the {'right' if decibels > 0 else 'left'}"


def _music(analysis: Analysis) -> Iterator[Row]:
    tempo, key, background = analysis.tempo, analysis.key, analysis.background
    yield "Tempo", f"{tempo.bpm:.1f} BPM ({tempo.confidence:.0%} sure)" if tempo else "not sure"
    yield "Key", f"{key.tonic} {key.mode} ({key.confidence:.0%} sure)" if key else "not sure"
    floor = background.noise_floor_db
    yield "Noise floor", "no pause to hear it in" if floor is None else _figure(floor, "dB")
    hum = "none heard"
    if background.hum_hertz:
        hum = f"{background.hum_hertz:.0f} Hz at {background.hum_db:.0f} dB"
    yield "Mains hum", hum


def _spectrum(analysis: Analysis) -> Table:
    """Bars from the loudest third octave down, in dB."""
    table = Table(show_header=False, box=None, padding=(0, 1, 0, 2))
    table.add_column(justify="right", style="dim")
    table.add_column()
    table.add_column(justify="right")
    tone = analysis.features.to_json()["tone"]
    loudest = max((band["mid_db"] for band in tone), default=FLOOR_DB)
    for band in tone:
        cells = round(_BAR_CELLS * max(0.0, 1 - (loudest - band["mid_db"]) / _BAR_DB))
        table.add_row(f"{band['hz']:g} Hz", Text("█" * cells, style="cyan"), f"{band['mid_db']:.1f}")
    return table
