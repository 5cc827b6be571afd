"""What a comparison costs as recordings grow: of processor time, and of disk."""

import resource
import time

import numpy as np

from benchmarks._version_pairs import RATE, Audio
from server.difference.features import FRAMES_PER_SECOND, LEVEL_SECONDS, Traces
from server.difference.features import RATE as SIGNS_PER_SECOND
from server.difference.time_map import map_time
from server.sound.feature_meter import FeatureMeter
from server.sound.reading import Block

_MINUTES = (2, 4, 8, 16, 32, 64, 180)


def print_costs(a: Traces, b: Traces) -> None:
    """``a``, ``b``: two takes of one song; what is longer is made of them, shuffled."""
    print(
        f"\n{'minutes':>8} {'same audio':>12} {'played anew':>12} {'conf':>6}   seconds of processor, from kept traces"
    )
    spent = []
    for minutes in _MINUTES:
        same = _same_audio(minutes)
        anew = tuple(_longer(traces, minutes, seed) for seed, traces in ((1, a), (2, b)))
        (there, _), (followed, confidence) = _mapped(*same), _mapped(*anew)
        spent.append([there, followed])
        print(f"{minutes:8} {there:12.2f} {followed:12.2f} {confidence:6.2f}", flush=True)
    slopes = np.diff(np.log(spent), axis=0) / np.diff(np.log(_MINUTES))[:, None]
    for minutes, (same_slope, anew_slope) in zip(_MINUTES[1:], slopes.tolist(), strict=True):
        print(f"  to {minutes:3} min: grows as length ^ {same_slope:.2f} and ^ {anew_slope:.2f}")
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory at most, with everything the benchmark holds: {kilobytes / 1000:.0f} MB")


def print_kept(named: dict[str, tuple[Audio, Traces]]) -> None:
    print(f"\n{'kept, kB a minute':28} {'traces':>8} {'features':>9} {'together':>9}")
    for name, (samples, traces) in named.items():
        minutes = traces.duration / 60
        kept = [len(part) / 1000 / minutes for part in (traces.to_bytes(), _features(samples))]
        print(f"{name:28} {kept[0]:8.1f} {kept[1]:9.1f} {sum(kept):9.1f}")


def _features(samples: Audio) -> bytes:
    meter = FeatureMeter(RATE, ("FL", "FR"))
    step = RATE * 3 // 2
    for start in range(0, len(samples) // step * step, step):
        block = Block(np.ascontiguousarray(samples[start : start + step].T))
        for part in meter.parts:
            part(block)
    features, _ = meter.result()
    return features.to_bytes()


def _mapped(a: Traces, b: Traces) -> tuple[float, float]:
    """Seconds of processor, and how sure the map is."""
    started = time.process_time()
    confidence = map_time(a, b).confidence
    return time.process_time() - started, confidence


def _same_audio(minutes: int) -> tuple[Traces, Traces]:
    """Noise, and the same without its first seconds, a tenth of its signs turned."""
    rng = np.random.default_rng(minutes)
    signs = rng.integers(0, 2, minutes * 60 * SIGNS_PER_SECOND, dtype=np.uint8)
    flipped = signs ^ (rng.random(len(signs)) < 0.1)
    return _with_signs(signs), _with_signs(flipped[round(7.3 * SIGNS_PER_SECOND) :])


def _with_signs(signs: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> Traces:
    seconds = len(signs) / SIGNS_PER_SECOND
    frames = int(seconds * FRAMES_PER_SECOND)
    loud = np.full(int(seconds / LEVEL_SECONDS) + 1, 110, dtype=np.uint8)
    nothing = np.zeros((frames, 6), dtype=np.uint8)
    return Traces(seconds, 0.0, np.packbits(signs), loud, nothing, nothing)


def _longer(traces: Traces, minutes: int, seed: int) -> Traces:
    """As many minutes: the song again and again, its pitch classes and bands shuffled anew each time."""
    rng = np.random.default_rng(seed)
    frames, whole = minutes * 60 * FRAMES_PER_SECOND, len(traces.packed_chroma)
    chroma, rises = [], []
    for turn in range(-(-frames // whole)):
        shuffled = np.random.default_rng(turn).permutation(traces.packed_chroma.shape[1])
        chroma.append(traces.packed_chroma[:, shuffled])
        rises.append(traces.packed_rises[:, shuffled])
    signs = rng.integers(0, 256, minutes * 60 * SIGNS_PER_SECOND // 8, dtype=np.uint8)
    levels = np.full(round(minutes * 60 / LEVEL_SECONDS), 110, dtype=np.uint8)
    kept = (np.concatenate(part)[:frames] for part in (chroma, rises))
    return Traces(minutes * 60.0, traces.tuning, signs, levels, *kept)
