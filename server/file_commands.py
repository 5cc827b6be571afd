"""The commands that work on files, without a server."""

import contextlib
from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio
from server.sound.report import print_report
from server.sound.strangers import analyze_confined

Recording = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A recording.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print everything as JSON.")]


def analyze(file: Recording, json: AsJson = False) -> None:
    """Measure one recording: what it is, how loud, its tone and space."""
    analysis = _confined(file, analyze_confined)
    if json:
        typer.echo(dumps(analysis.to_json(), indent=2))
    else:
        print_report(analysis)


def _confined(file: Path, measure: Callable[..., Any]) -> Any:
    """With a progress bar where somebody watches, and in a confined child: the file may be a stranger's."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    try:
        with (
            contextlib.closing(ConfinedProcesses()) as processes,
            Progress(*columns, console=Console(stderr=True)) as bar,
        ):
            task = bar.add_task(file.name, total=1.0)
            return measure(processes, file, lambda done: bar.update(task, completed=done))
    except UnreadableAudio as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(2) from None
