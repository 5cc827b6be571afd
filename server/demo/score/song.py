"""All notes of the song in score time."""

from functools import cache

from server.demo.score.accompaniment import accompaniment_notes
from server.demo.score.drumming import drum_notes
from server.demo.score.melody import backing_notes, lead_notes
from server.demo.score.note import Note


@cache
def song_notes() -> tuple[Note, ...]:
    return drum_notes() + accompaniment_notes() + lead_notes() + backing_notes()
