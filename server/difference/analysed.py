"""One recording, ready to be compared: what is kept of an upload, from one pass over its samples."""

from dataclasses import dataclass
from pathlib import Path

from server.difference.features import Traces
from server.difference.trace_meter import TraceMeter
from server.sound.analysis import Analysis, Progress, measure
from server.sound.background import find_background
from server.sound.blocks import block_frames
from server.sound.facts import facts_of
from server.sound.feature_meter import FeatureMeter
from server.sound.key import find_key
from server.sound.loudness import LoudnessGauge
from server.sound.reading import open_audio
from server.sound.tempo import find_tempo
from server.sound.waveform import WaveformMeter


@dataclass(frozen=True)
class Analysed:
    """``path``: the original, read again only where single samples decide; None if it cannot be read."""

    analysis: Analysis
    traces: Traces
    path: Path | None = None

    @property
    def duration(self) -> float:
        return self.analysis.facts.duration


def listen_to(path: Path, *, progress: Progress | None = None) -> Analysed:
    """What ``server.sound.analysis.analyze`` measures, and the traces, in the same pass; raises
    UnreadableAudio."""
    with open_audio(path) as reader:
        waveform = WaveformMeter(reader.sample_rate, reader.channels, block_frames(reader.sample_rate))
        loudness = LoudnessGauge(reader.sample_rate, reader.speakers)
        meter = FeatureMeter(reader.sample_rate, reader.speakers)
        traces = TraceMeter(reader.sample_rate)
        frames = measure(reader, [waveform.add, loudness.add, traces.add, *meter.parts], progress=progress)
        features = meter.result()
        analysis = Analysis(
            facts=facts_of(reader, frames),
            loudness=loudness.result(),
            waveform=waveform.result(),
            features=features,
            tempo=find_tempo(features.onsets),
            key=find_key(features),
            background=find_background(features, meter.hum),
        )
        return Analysed(analysis, traces.result(), path)
