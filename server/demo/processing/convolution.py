"""Filtering with impulse responses: overlap-add, block by block so that a block stays in the cache."""

import numpy as np

from server.demo.audio import Audio


def convolve(part: Audio, impulses: Audio) -> Audio:
    """The part, shape (frames, ins), through impulse responses, cut to the part's length.

    `impulses` of shape (taps,) treats every channel alike and gives (frames, ins); of shape (outs, ins,
    taps) it says what each channel sends to each output and gives (frames, outs).
    """
    taps = impulses.shape[-1]
    block = 1 << max(13, (4 * taps).bit_length())
    hop = block - taps + 1
    gains = np.fft.rfft(impulses, block)
    outs = part.shape[1] if impulses.ndim == 1 else impulses.shape[0]
    filtered = np.zeros((len(part) + block, outs), dtype=np.float32)
    for start in range(0, len(part), hop):
        spectrum = np.fft.rfft(np.ascontiguousarray(part[start : start + hop].T), block)
        heard = spectrum * gains if impulses.ndim == 1 else (gains * spectrum).sum(axis=1)
        filtered[start : start + block] += np.fft.irfft(heard, block).T
    return filtered[: len(part)]
