"""Filtering long parts with short impulse responses: overlap-add with all blocks in one batch."""

import numpy as np

from server.demo.audio import Audio


def convolve(signal: Audio, impulse: Audio) -> Audio:
    """The signal through the impulse response, cut to the signal's length. Shapes (frames,), (taps,) -> (frames,)."""
    block = 1 << max(13, (3 * len(impulse)).bit_length())
    hop = block - len(impulse) + 1
    count = -(-len(signal) // hop)
    padded = np.zeros((count, hop), dtype=np.float32)
    padded.ravel()[: len(signal)] = signal
    spectrum = np.fft.rfft(padded, block, axis=1)
    spectrum *= np.fft.rfft(impulse, block)
    pieces = np.fft.irfft(spectrum, block, axis=1)
    filtered = np.ascontiguousarray(pieces[:, :hop])
    filtered[1:, : block - hop] += pieces[:-1, hop:]
    return filtered.ravel()[: len(signal)]
