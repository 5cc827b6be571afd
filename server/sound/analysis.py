"""Everything about one recording, from one pass over its samples."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from server.sound.background import Background, find_background
from server.sound.blocks import block_frames
from server.sound.facts import Facts, facts_of
from server.sound.feature_meter import FeatureMeter
from server.sound.features import Features
from server.sound.key import Key, find_key
from server.sound.loudness import Loudness, LoudnessGauge
from server.sound.one_pass import Meter, OnePass, Progress
from server.sound.outline import Outline
from server.sound.reading import Reader, open_audio
from server.sound.tempo import Tempo, find_tempo
from server.sound.waveform import Waveform, WaveformMeter

# Raise it when a figure changes its meaning or its value: results are kept under it.
ANALYSIS_VERSION = 1

Also = Callable[[Reader], list[Meter]]


@dataclass(frozen=True)
class Analysis:
    facts: Facts
    loudness: Loudness
    waveform: Waveform
    features: Features
    tempo: Tempo | None
    key: Key | None
    background: Background

    def to_json(self) -> dict[str, Any]:
        """Safe for JSON: silence gives null, never infinity."""
        return {
            "analysis_version": ANALYSIS_VERSION,
            "facts": self.facts.to_json(),
            "loudness": self.loudness.to_json(),
            "waveform": self.waveform.to_json(),
            **self.features.to_json(),
            "tempo": self.tempo.to_json() if self.tempo else None,
            "key": self.key.to_json() if self.key else None,
            "background": self.background.to_json(),
        }


def analyze(
    path: Path,
    *,
    progress: Progress | None = None,
    also: Also = lambda reader: [],
    outlined: Callable[[Outline], None] = lambda outline: None,
    folder: Path | None = None,
) -> Analysis:
    """Read the audio once, in blocks, and measure it; raises UnreadableAudio.

    ``also`` may add meters of its own to the same pass, made for the recording that is about to be read.
    ``outlined`` is told what is known when all is decoded. What is decoded and not yet measured waits in a nameless
    file in ``folder``, the system's own if there is none.
    """
    with open_audio(path) as reader, TemporaryFile(dir=folder) as waiting:
        waveform = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        loudness = LoudnessGauge(reader.sample_rate, reader.speakers)
        meter = FeatureMeter(reader.sample_rate, reader.speakers)
        # Loudness would hold the decoder up: both take turns at every packet of an MP3.
        slow = [loudness.add, *meter.parts, *also(reader)]
        hearing = OnePass(reader, [waveform.add], slow, waiting, progress)
        facts = facts_of(reader, hearing.decode())
        outline = Outline(facts, waveform.result())
        outlined(outline)
        hearing.catch_up()
        features, hum = meter.result()
        return Analysis(
            facts=facts,
            loudness=loudness.result(),
            waveform=outline.waveform,
            features=features,
            tempo=find_tempo(features.onsets),
            key=find_key(features),
            background=find_background(features, hum),
        )
