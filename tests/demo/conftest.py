"""The demo band plays once for all tests of its sound."""

import pytest

from server.demo.band import versions
from tests.demo.listening import Heard, listen


@pytest.fixture(scope="session")
def heard() -> dict[int, Heard]:
    return {version.number: listen(version) for version in versions()}
