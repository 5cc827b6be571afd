"""The ten versions as the band labelled them."""

from typing import NamedTuple

BAND_NAME = "The Lanterns"
SONG_TITLE = "Night Bus"


class Card(NamedTuple):
    stage: str
    label: str
    notes: str
    file_name: str


CARDS = {
    1: Card(
        "songwriting",
        "voice memo, kitchen",
        "Verse and chorus on one guitar, words half there. No bridge yet. Is the hook a hook?",
        "night bus memo.m4a",
    ),
    2: Card(
        "pre-production",
        "demo, all programmed",
        "Whole song at 118 on the laptop. Bridge is new.",
        "Night Bus demo 1.mp3",
    ),
    3: Card(
        "pre-production",
        "bridge earlier, hook again at the end",
        "Bridge before the second verse, and the last chorus's second half once more. Longer: too long?",
        "Night Bus demo 2.ogg",
    ),
    4: Card(
        "recording",
        "live in the room, take 3",
        "No click. Back to the first order. Count-in still on it, some hum from the bass amp.",
        "NightBus_take3_raw.wav",
    ),
    5: Card(
        "editing",
        "verse 2 shorter, chorus comes in sooner",
        "Half of verse 2 is out, the breath before the chorus is tighter, wrong bass note in verse 1 mended.",
        "NightBus_edit.wav",
    ),
    6: Card(
        "post-production",
        "risers, hits, pad",
        "Pad under the choruses and the bridge, a riser into the last chorus.",
        "NightBus_post.aiff",
    ),
    7: Card("mixing", "mix 1", "First pass. Everything has its place, I hope.", "NightBus_mix1.wav"),
    8: Card(
        "mixing",
        "vocal up, less boom",
        "Vocal 2 dB up in the choruses, less low end in verse 2.",
        "NightBus_mix2.flac",
    ),
    9: Card("mastering", "master", "Loud enough, still breathing.", "Night Bus (master).wav"),
    10: Card(
        "distribution", "for the stores", "What will be uploaded on Friday.", "The Lanterns - Night Bus.mp3"
    ),
}
