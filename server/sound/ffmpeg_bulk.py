"""Many packets at a call: FFmpeg's own loop over them, as a filter graph that reads the file itself.

Packet by packet through Python, a decoder comes back to the interpreter ten times for each 26 ms of an MP3, and waits
there for every thread that works beside it.
"""

from collections.abc import Iterator
from pathlib import Path

from av.audio.frame import AudioFrame
from av.filter import Graph

from server.sound.ffmpeg_opening import allowed

# Each packet that waits for the others occupies (not fills) as much memory as all of them together.
_SAMPLES = 16384


def frames_in_bulk(path: Path, demuxer: str, stream: int) -> Iterator[AudioFrame]:
    """Of the stream with this number; raises FFmpegError at the first packet that cannot be decoded, or that has
    another format."""
    with path.open("rb", buffering=0) as file:
        graph = _reading(file.fileno(), demuxer, stream)
        while True:
            try:
                frame = graph.pull()
            except EOFError:
                return
            assert isinstance(frame, AudioFrame)
            yield frame


def _reading(descriptor: int, demuxer: str, stream: int) -> Graph:
    options = ":".join(f"{name}={value}" for name, value in allowed(demuxer, protocol="fd").items())
    graph = Graph()
    graph.threads = 1
    source = graph.add(
        "amovie",
        filename="fd:",
        format_name=demuxer,
        format_opts=f"fd={descriptor}:{options}",
        stream_index=str(stream),
        dec_threads="1",
    )
    joined = graph.add("asetnsamples", n=str(_SAMPLES), p="0")  # p: fill the last one up
    return graph.link_nodes(source, joined, graph.add("abuffersink"))
