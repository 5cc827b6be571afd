"""Recordings that are hardly music: whatever is compared, there is an answer."""

import json
from itertools import product

import numpy as np
import pytest

from server.stages import StageKey
from server.stages.comparison import compare
from server.stages.report import report_html
from tests.difference.studio import Audio, Studio

RNG = np.random.default_rng(440)
ODD: dict[str, Audio] = {
    "tiny": RNG.normal(0, 0.1, (100, 1)).astype(np.float32),
    "silent": np.zeros((88200, 2), dtype=np.float32),
    "one sine": (0.3 * np.sin(2 * np.pi * 440 * np.arange(3 * 44100) / 44100))[:, None].astype(np.float32),
    "six channels": RNG.normal(0, 0.05, (2 * 44100, 6)).astype(np.float32),
    "one click": np.eye(1, 4 * 44100, dtype=np.float32).T,
}


@pytest.mark.parametrize(("before", "after"), list(product(ODD, repeat=2)))
def test_there_is_an_answer(studio: Studio, before: str, after: str) -> None:
    a, b = (studio.hear(name, lambda name=name: ODD[name]) for name in (before, after))  # type: ignore[misc]
    stages: tuple[StageKey, ...] = ("editing", "mixing", "distribution")
    for stage in stages:
        comparison = compare(a, b, stage=stage)
        assert comparison.findings
        json.dumps(comparison.to_json(), allow_nan=False)
        assert report_html(comparison).endswith("</html>\n")
