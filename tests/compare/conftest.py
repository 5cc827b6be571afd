from pathlib import Path
from typing import Any

import pytest

from server.database import Database
from tests.cast import Cast
from tests.compare.blind import SECONDS, Pair, asked, pair
from tests.sound.signals import noise, sine


@pytest.fixture
def versions(cast: Cast, database: Database, tmp_path: Path) -> Pair:
    """A sine, and noise that is 14 dB louder: nobody mistakes one for the other."""
    return pair(
        cast,
        database,
        tmp_path,
        sine(441.0, SECONDS, dbfs=-30.0),
        noise(SECONDS, dbfs=-19.0),
        gain_db=-14.0,
    )


@pytest.fixture
def test(cast: Cast, versions: Pair) -> dict[str, Any]:
    return asked(cast.ada, cast, versions)


@pytest.fixture
def address(test: dict[str, Any]) -> str:
    return f"/api/blind-tests/{test['id']}"
