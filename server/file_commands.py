"""The commands that work on files, without a server."""

import contextlib
from collections.abc import Callable, Iterator
from json import dumps
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio
from server.sound.report import print_report
from server.sound.strangers import analyze_confined
from server.stages import StageKey
from server.stages.comparison import Comparison
from server.stages.report import report_html
from server.stages.strangers import compare_confined

Recording = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A recording.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print everything as JSON.")]


def analyze(file: Recording, json: AsJson = False) -> None:
    """Measure one recording: what it is, how loud, its tone and space."""
    with _measuring(file.name) as (processes, show):
        analysis = analyze_confined(processes, file, show)
    if json:
        typer.echo(dumps(analysis.to_json(), indent=2))
    else:
        print_report(analysis)


def compare(
    a: Recording,
    b: Recording,
    stage: Annotated[StageKey, typer.Option(help="As which stage hears it.")] = "mixing",
    json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write one page that opens from disk.")] = None,
) -> None:
    """What changed between two recordings of a song, and where each second went."""
    with _measuring(f"{a.name} and {b.name}") as (processes, show):
        comparison = compare_confined(processes, a, b, stage, show)
    if html is not None:
        html.write_text(report_html(comparison), encoding="utf-8")
        typer.echo(f"Open {html} in a browser.")
    elif json:
        typer.echo(dumps(comparison.to_json(), indent=2))
    else:
        _print_findings(comparison)


def _print_findings(comparison: Comparison) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for finding in comparison.findings:
        table.add_row(finding.place, f"{finding.plain}\n[dim]{escape(finding.detail)}[/dim]")
    Console().print(table)


@contextlib.contextmanager
def _measuring(name: str) -> Iterator[tuple[ConfinedProcesses, Callable[[float], None]]]:
    """A confined child, as the files may be a stranger's, and a progress bar where somebody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    try:
        with (
            contextlib.closing(ConfinedProcesses()) as processes,
            Progress(*columns, console=Console(stderr=True)) as bar,
        ):
            task = bar.add_task(escape(name), total=1.0)
            yield processes, lambda done: bar.update(task, completed=done)
    except UnreadableAudio as error:
        typer.echo(f"{name}: {error}", err=True)
        raise typer.Exit(2) from None
