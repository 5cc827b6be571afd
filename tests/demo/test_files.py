"""Each version is written as the kind of file its name promises, and the music in it lies where it should."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from server.demo.audio import SAMPLE_RATE
from server.demo.band import write_version
from tests.demo.listening import Heard, likeness, mono

pytestmark = pytest.mark.xdist_group("demo band")
SECONDS = 10  # of each version; encoders take their time
CODECS = {
    1: "aac",
    2: "mp3float",
    3: "vorbis",
    4: "pcm_s24le",
    6: "pcm_s24be",
    8: "flac",
    9: "pcm_s16le",
}


@pytest.mark.parametrize(("number", "codec"), CODECS.items())
def test_a_file_decodes_to_its_mix_in_time(
    heard: dict[int, Heard], tmp_path: Path, number: int, codec: str
) -> None:
    whole = heard[number].version
    version = replace(whole, mix=whole.mix[: SECONDS * SAMPLE_RATE])
    path = write_version(version, tmp_path)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate) == (codec, SAMPLE_RATE)
        assert stream.channels == version.mix.shape[1]
        frames = [frame for frame in container.decode(stream) if frame.pts is not None]
        to_mono = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        decoded = np.concatenate(
            [piece.to_ndarray().ravel() for frame in frames for piece in to_mono.resample(frame)]
        )
    assert path.name == version.file_name
    assert abs(len(decoded) - len(version.mix)) < 2048
    window = mono(version.mix)[8 * SAMPLE_RATE : 9 * SAMPLE_RATE]
    start = 8 * SAMPLE_RATE - 1000
    at, score = likeness(window, decoded[start : start + len(window) + 2000])
    assert abs(at - 1000) <= 1
    assert score > 0.99
