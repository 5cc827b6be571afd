"""Collecting results block by block without crumbling the memory.

Thousands of small arrays kept between large passing ones leave holes that nothing fits into; one buffer that
grows does not.
"""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


class Growing(Generic[Kind]):
    """Rows that are added at the end: ``shape`` is that of one row."""

    def __init__(self, kind: type[Kind], shape: tuple[int, ...] = ()) -> None:
        self._kind, self._shape = np.dtype(kind), shape
        self._bytes = bytearray()

    def add(self, rows: NDArray[Any]) -> None:
        self._bytes += np.ascontiguousarray(rows, dtype=self._kind).data.cast("B") if rows.size else b""

    def take(self) -> NDArray[Kind]:
        """All rows so far; afterwards this is empty."""
        rows: NDArray[Kind] = np.frombuffer(self._bytes, dtype=self._kind).reshape(-1, *self._shape)
        self._bytes = bytearray()
        return rows
