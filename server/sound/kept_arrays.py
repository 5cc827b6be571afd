"""Arrays kept small: what a recording's measurements take on disk.

Values that follow one another in time lie beside one another, high bytes apart from low ones, in units of their
greatest common divisor; then LZMA finds a third more than deflate does in rows as they come.
"""

import json
import lzma
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"EARK"
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 1, "lc": 3, "lp": 0, "pb": 0}]


def pack(arrays: Mapping[str, NDArray[Any]], *, format: int) -> bytes:
    """All arrays, of any shape and of numbers of fixed size; ``unpack`` gives them back exactly."""
    compressor = lzma.LZMACompressor(format=lzma.FORMAT_XZ, filters=_FILTERS)
    header, body = [], []
    for name, array in arrays.items():
        step = int(np.gcd.reduce(array.ravel())) if array.dtype.kind == "i" and array.size else 1
        header.append([name, _little(array.dtype).str, list(array.shape), max(1, step)])
        # One after the other: of three hours all of them together would be forty megabytes more.
        body.append(compressor.compress(_planes(array, step)))
    body.append(compressor.flush())
    head = json.dumps({"format": format, "arrays": header}).encode()
    return b"".join((_MAGIC, len(head).to_bytes(4, "little"), head, *body))


def _planes(array: NDArray[Any], step: int) -> bytes:
    values = array // step if step > 1 else array
    by_time = np.ascontiguousarray(values.T if array.ndim > 1 else values, dtype=_little(array.dtype))
    return by_time.reshape(-1).view(np.uint8).reshape(-1, array.dtype.itemsize).T.tobytes()


def unpack(content: bytes, *, format: int) -> dict[str, NDArray[Any]]:
    """Raises ValueError for what was packed in another format, or not at all."""
    length = int.from_bytes(content[4:8], "little")
    try:
        header = json.loads(content[8 : 8 + length]) if content[:4] == _MAGIC else {}
        if header.get("format") != format:
            raise ValueError("kept in another format")
        body = lzma.decompress(content[8 + length :])
    except lzma.LZMAError as error:
        raise ValueError("what was kept is damaged") from error
    arrays, at = {}, 0
    for name, kind, shape, step in header["arrays"]:
        dtype = np.dtype(kind)
        size = int(np.prod(shape)) * dtype.itemsize
        plane = np.frombuffer(body, dtype=np.uint8, count=size, offset=at).reshape(dtype.itemsize, -1)
        values = np.ascontiguousarray(plane.T).reshape(-1).view(dtype).reshape(shape[::-1]).T
        arrays[name] = np.array(values * dtype.type(step) if step > 1 else values, order="C")
        at += size
    return arrays


def _little(dtype: "np.dtype[Any]") -> "np.dtype[Any]":
    return dtype.newbyteorder("<")
