"""Everything about one recording, from one pass over its samples."""

import collections
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from server.sound.background import Background, find_background
from server.sound.blocks import block_frames
from server.sound.facts import Facts, facts_of
from server.sound.feature_meter import FeatureMeter
from server.sound.features import Features
from server.sound.key import Key, find_key
from server.sound.loudness import Loudness, LoudnessGauge
from server.sound.reading import Block, Reader, open_audio
from server.sound.tempo import Tempo, find_tempo
from server.sound.waveform import Waveform, WaveformMeter

# Raise it when a figure changes its meaning or its value: results are kept under it.
ANALYSIS_VERSION = 1
# How far the decoder may be in front of a meter: enough that none waits, and little memory.
_BLOCKS_AHEAD = 4

Progress = Callable[[float], None]
Meter = Callable[[Block], None]
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


def analyze(path: Path, *, progress: Progress | None = None, also: Also = lambda reader: []) -> Analysis:
    """Read the audio once, in blocks, and measure it; raises UnreadableAudio.

    ``also`` may add meters of its own to the same pass, made for the recording that is about to be read.
    """
    with open_audio(path) as reader:
        waveform = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        loudness = LoudnessGauge(reader.sample_rate, reader.speakers)
        meter = FeatureMeter(reader.sample_rate, reader.speakers)
        frames = measure(reader, [waveform.add, loudness.add, *meter.parts, *also(reader)], progress=progress)
        facts = facts_of(reader, frames)
        features = meter.result()
        return Analysis(
            facts=facts,
            loudness=loudness.result(),
            waveform=waveform.result(),
            features=features,
            tempo=find_tempo(features.onsets),
            key=find_key(features),
            background=find_background(features, meter.hum),
        )


def measure(reader: Reader, meters: Sequence[Meter], *, progress: Progress | None = None) -> int:
    """Give every block to every meter, each at its own pace, while the next is decoded; the number of
    samples."""
    frames = 0
    lines: list[Queue[Block | None]] = [Queue(_BLOCKS_AHEAD) for _ in meters]
    with ThreadPoolExecutor(max_workers=len(meters)) as pool:
        measuring = [pool.submit(_follow, line, meter) for line, meter in zip(lines, meters, strict=True)]
        try:
            for block in reader.blocks(block_frames(reader.sample_rate)):
                for line in lines:
                    line.put(block)
                frames += block.frames
                if progress and reader.promised_frames:
                    progress(min(1.0, frames / reader.promised_frames))
        finally:
            for line in lines:
                line.put(None)
    for done in measuring:
        done.result()
    return frames


def _follow(line: "Queue[Block | None]", meter: Meter) -> None:
    """Measure what arrives in ``line``; should that fail, take the rest out, for others wait to put it in."""
    blocks = iter(line.get, None)
    try:
        for block in blocks:
            meter(block)
    except BaseException:
        collections.deque(blocks, maxlen=0)
        raise
