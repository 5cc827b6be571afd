"""The meters that ours is held against."""

from pathlib import Path

import av
import numpy as np
import pyebur128
import soundfile
from numpy.typing import NDArray


def ffmpeg_loudness(path: Path) -> tuple[float, float]:
    """(integrated, range) by FFmpeg's filter ebur128."""
    graph = av.filter.Graph()
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        meter = graph.add("ebur128", "metadata=1:framelog=quiet")
        graph.link_nodes(graph.add_abuffer(template=stream), meter, graph.add("abuffersink")).configure()
        last = {}
        for frame in container.decode(stream):
            graph.push(frame)
            while True:
                try:
                    last = graph.pull().metadata
                except BlockingIOError:
                    break
    return float(last["lavfi.r128.I"]), float(last["lavfi.r128.LRA"])


def libebur128(path: Path) -> tuple[pyebur128.R128State, NDArray[np.float32]]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mode = pyebur128.MeasurementMode
    state = pyebur128.R128State(samples.shape[1], rate, mode.MODE_I | mode.MODE_LRA | mode.MODE_TRUE_PEAK)
    state.add_frames(np.ascontiguousarray(samples).reshape(-1), len(samples))
    return state, samples
