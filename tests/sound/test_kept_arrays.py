"""What is kept of a recording comes back exactly, and says so if it cannot."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from server.sound.kept_arrays import pack, unpack

TYPES = st.sampled_from([np.uint8, np.int8, np.int16, np.float16, np.float32, np.float64])
ARRAYS = TYPES.flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7))
)


# A busy machine makes arrays slowly, which says nothing about what is tested.
@settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(ARRAYS, ARRAYS)
def test_any_arrays_come_back_exactly(one: NDArray[np.generic], other: NDArray[np.generic]) -> None:
    again = unpack(pack({"one": one, "other": other}, format=3), format=3)
    for kept, given_ in ((again["one"], one), (again["other"], other)):
        assert kept.dtype == given_.dtype
        assert kept.shape == given_.shape
        assert kept.tobytes() == given_.tobytes()


def test_what_changes_slowly_takes_little() -> None:
    slow = (
        np.rint(10 * np.cumsum(np.random.default_rng(1).normal(size=(3000, 4)), axis=0)).astype(np.int16) * 10
    )
    assert len(pack({"slow": slow}, format=1)) < 0.65 * slow.nbytes


@pytest.mark.parametrize("change", [lambda kept: b"", lambda kept: b"PK" + kept[2:], lambda kept: kept[:-9]])
def test_what_is_damaged_or_something_else_is_refused(change: object) -> None:
    kept = pack({"some": np.arange(1000, dtype=np.int16)}, format=1)
    with pytest.raises(ValueError, match="kept"):
        unpack(change(kept), format=1)  # type: ignore[operator]


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="another format"):
        unpack(pack({"some": np.arange(3)}, format=1), format=2)
