"""For tests that have to hold on SQLite and on PostgreSQL alike: `pytestmark = both_databases`."""

import pytest

both_databases = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
