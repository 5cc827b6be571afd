"""Waiting for something that another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PREPARED_WITHIN = 180.0
"""Seconds for what a worker does with a song, on a machine that is busy elsewhere."""


def until(happened: Callable[[], T | None], *, seconds: float = 20.0) -> T:
    """What `happened` gives as soon as it is not None or False; an AssertionError if that never comes."""
    deadline = time.monotonic() + seconds
    while True:
        found = happened()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s for {happened}"
        time.sleep(0.05)
