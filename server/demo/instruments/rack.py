"""Which instrument plays which part."""

from server.demo.audio import Audio
from server.demo.instruments import bass, drums, guitar, keys, pad, voice
from server.demo.score.note import Note

# Loudness of a note played at velocity 1, so that a plain sum of the parts is already a band.
LEVELS = {
    "drums": 0.5,
    "bass": 0.2,
    "keys": 0.135,
    "guitar": 0.25,
    "lead": 0.29,
    "backing": 0.08,
    "pad": 0.03,
}
RELEASE_SECONDS = {
    "drums": 0.0,
    "bass": 0.04,
    "keys": 0.12,
    "guitar": 0.06,
    "lead": 0.06,
    "backing": 0.2,
    "pad": 0.5,
}


def sound(note: Note, variant: int) -> Audio:
    """The whole sound of a note before it is cut to its length. Shape (frames,)."""
    match note.part:
        case "drums":
            return drums.hit(note.voice, variant)
        case "bass":
            return bass.pluck(note.pitch, variant)
        case "keys":
            return keys.strike(note.pitch, note.velocity > 0.6)
        case "guitar":
            return guitar.pick(note.pitch, variant % 2 + 10 * (note.pan > 0), note.voice == "strummed")
        case "pad":
            return pad.hold(note.pitch, variant + 10 * (note.pan > 0))
        case "lead":
            return voice.sing(note.pitch, note.voice, variant, held=note.length >= 1)
        case "backing":  # two singers, left and right, who hold a note the same way each time
            return voice.sing(note.pitch, note.voice, 20 + 10 * (note.pan > 0), held=True)
    raise ValueError(f"no instrument for {note.part!r}")
