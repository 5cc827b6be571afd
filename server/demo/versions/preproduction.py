"""Versions 2 and 3: programmed to a strict grid, in blocks that can be put in another order."""

from collections.abc import Iterator

import numpy as np

from server.demo.audio import Audio, frames_of
from server.demo.performance import MACHINE, Parts, perform, silence
from server.demo.processing.reverb import Room, add_room
from server.demo.score.song import song_notes
from server.demo.timeline import Place, Timeline
from server.demo.timelines import BEAT, BLOCKS, FIRST_ORDER, SECOND_ORDER, timeline

TAIL = frames_of(1.6)  # what a block rings on into the next
SENDS: dict[str, tuple[Room, float]] = {
    "lead": ("plate", -12),
    "backing": ("plate", -8),
}


def arrangements() -> Iterator[Parts]:
    """The parts of version 2, then of version 3, each of shape (frames, 2)."""
    blocks = [_block(start, end) for start, end in BLOCKS]
    for number, order in ((2, FIRST_ORDER), (3, SECOND_ORDER)):
        yield _chained([blocks[index] for index, _ in order], timeline(number))


def _block(start: float, end: float) -> Parts:
    frames = round((end - start) * BEAT)
    alone = Timeline((Place(start, end, 0, frames),), frames + TAIL)
    parts = perform(song_notes(), alone, MACHINE)
    for name, (room, send_db) in SENDS.items():
        if name in parts:
            add_room(parts[name], room, send_db)
    return parts


def _chained(blocks: list[Parts], whole: Timeline) -> Parts:
    names = dict.fromkeys(name for block in blocks for name in block)
    parts = {name: silence(whole.frames) for name in names}
    at = 0
    for block in blocks:
        for name, wave in block.items():
            stretch = parts[name][at : at + len(wave)]
            stretch += wave[: len(stretch)]
        at += len(next(iter(block.values()))) - TAIL
    return {name: _faded(part) for name, part in parts.items()}


def _faded(part: Audio) -> Audio:
    part[-BEAT:] *= np.linspace(1, 0, BEAT, dtype=np.float32)[:, None]
    return part
