"""How fast sound is measured, side by side with what others need for the same file, in one run.

    python3 run.py bench sound [--music FOLDER] [--rounds 5] [--short]

Everything runs warm, in turns, and counts by its median. On a busy machine look at the processor's time.
FOLDER holds FLAC files to be mixed into the song (EARMARK_MUSIC does the same); without it the song is
synthesised. Commands (ffmpeg, audiowaveform, opusenc) take part where they are on the PATH; npm brings
audiowaveform where it can. The memory is kept as the confined child keeps it, for everyone alike.
"""

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # before numpy: one thread per core is what the server runs

from rich.console import Console

from benchmarks._audiowaveform import find_audiowaveform
from benchmarks._sound_material import rehearsal, song_of, written
from benchmarks._sound_preparing import renditions, three_hours
from benchmarks._sound_tables import agreement, compared
from benchmarks._sound_upload import from_upload_to_waveform
from server.sound.freed_memory import keep_freed_memory


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench sound", description="How fast sound is measured.")
    parser.add_argument(
        "--music", type=Path, default=os.environ.get("EARMARK_MUSIC"), help="audio to mix the song from"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="leave out the three-hour recording")
    chosen = parser.parse_args(arguments)
    console = Console()
    keep_freed_memory()
    with tempfile.TemporaryDirectory(prefix="earmark-bench-") as folder:
        song = song_of(Path(chosen.music) if chosen.music else None)
        files = written(song, Path(folder))
        audiowaveform = find_audiowaveform(Path(folder))
        for path in files:
            console.print(compared(path, chosen.rounds, audiowaveform))
        console.print(agreement(files, audiowaveform))
        console.print(from_upload_to_waveform(files, chosen.rounds))
        console.print(renditions(files[0], chosen.rounds))
        if not chosen.short:
            console.print(three_hours(rehearsal(song, Path(folder)), files[0]))
