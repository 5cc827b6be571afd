"""Writing a version as the kind of file its name promises."""

from pathlib import Path

import av
import numpy as np
import soundfile

from server.demo.audio import SAMPLE_RATE, Audio

SUBTYPES = {".wav": "PCM_24", ".aiff": "PCM_24", ".flac": "PCM_24", ".ogg": "VORBIS"}
CODECS = {".mp3": ("libmp3lame", "s16p", 320_000), ".m4a": ("aac", "fltp", 96_000)}
QUICK = {"compression_level": "7", "aac_coder": "fast"}  # LAME's quickest good setting
CHUNK = 1 << 16  # frames; libsndfile's Vorbis encoder overflows its stack on a whole song at once


def write(path: Path, mix: Audio, subtype: str | None = None) -> None:
    """Writes the mix, shape (frames, channels). `subtype` (say PCM_16) overrides the suffix's usual one."""
    if path.suffix in CODECS:
        _write_lossy(path, mix)
        return
    with soundfile.SoundFile(
        path, "w", SAMPLE_RATE, mix.shape[1], subtype=subtype or SUBTYPES[path.suffix]
    ) as file:
        for start in range(0, len(mix), CHUNK):
            file.write(mix[start : start + CHUNK])


def _write_lossy(path: Path, mix: Audio) -> None:
    codec, sample_format, bit_rate = CODECS[path.suffix]
    layout = "mono" if mix.shape[1] == 1 else "stereo"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=SAMPLE_RATE, options=QUICK)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.layout = av.AudioLayout(layout)
        stream.codec_context.format = av.AudioFormat(sample_format)
        stream.codec_context.bit_rate = bit_rate
        for start in range(0, len(mix), CHUNK):
            planes = np.ascontiguousarray(mix[start : start + CHUNK].T)
            if sample_format == "s16p":
                planes = np.clip(np.rint(planes * 32767), -32768, 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(planes, format=sample_format, layout=layout)
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
