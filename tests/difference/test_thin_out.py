"""A comparison hears only what is below 2 kHz: the stream is thinned out for it, and not shifted."""

import numpy as np
import pytest
from numpy.typing import NDArray

from server.difference.thinning import Thinner

LENGTHS = (1, 47, 70_000, 5_000, 48, 96_001)


def tone(hertz: float, sample_rate: int) -> NDArray[np.float32]:
    return np.sin(2 * np.pi * hertz * np.arange(sum(LENGTHS)) / sample_rate).astype(np.float32)


def thinned(samples: NDArray[np.float32], sample_rate: int) -> tuple[int, NDArray[np.float32]]:
    thinner = Thinner(sample_rate)
    blocks = np.split(samples, np.cumsum(LENGTHS)[:-1])
    return thinner.factor, np.concatenate([thinner.add(block) for block in blocks])


@pytest.mark.parametrize("sample_rate", [8000, 22050, 32000, 44100, 48000, 96000, 192000, 44056])
@pytest.mark.parametrize("hertz", [100, 1990])
def test_what_is_heard_stays_at_its_sample(sample_rate: int, hertz: float) -> None:
    samples = tone(hertz, sample_rate)
    factor, thin = thinned(samples, sample_rate)

    assert sample_rate / factor < 10_000 or sample_rate == 44056
    settled = slice(200, len(thin))
    assert np.allclose(thin[settled], samples[::factor][: len(thin)][settled], atol=3e-4)
    assert len(thin) > len(samples) / factor - 200


@pytest.mark.parametrize("sample_rate", [44100, 48000, 96000])
def test_what_is_above_does_not_fold_down(sample_rate: int) -> None:
    factor, _ = thinned(tone(0, sample_rate), sample_rate)
    _, thin = thinned(tone(sample_rate / factor - 1990, sample_rate), sample_rate)

    assert np.abs(thin[200:]).max() < 3e-4
