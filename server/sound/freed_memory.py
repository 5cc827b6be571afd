"""What becomes of memory that is not needed any more: glibc's choice suits neither quick nor long work. Elsewhere than
on glibc both functions do nothing."""

import contextlib
import ctypes

# glibc's M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD: a block's arrays are smaller than the last; what
# grows over hours is larger and may move without leaving holes.
_MALLOC_OPTIONS = {-1: 64 << 20, -2: 4 << 20, -3: 4 << 20}


def keep_freed_memory() -> None:
    """Let glibc keep what is freed for the next block of audio, instead of handing it back to the system.

    Else each block's arrays are mapped and filled with zeros anew: a fifth of the time of an analysis.
    """
    with contextlib.suppress(OSError, AttributeError):
        for setting, value in _MALLOC_OPTIONS.items():
            ctypes.CDLL(None).mallopt(setting, value)


def give_back_freed_memory() -> None:
    """What is free, holes included, goes back to the system, before results are put together for which none of the
    holes is large enough: a tenth of the memory of three hours."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
