"""Before the tests: make sure of everything they need, or end with the command to run."""

from __future__ import annotations

import sys

from tests.services.chromium import ensure_chromium
from tests.services.finding import MissingError, say
from tests.services.node import find_node
from tests.services.postgres import ensure_postgres


def main() -> int:
    missing = 0
    for ensure in (ensure_chromium, ensure_postgres, find_node):
        try:
            ensure()
        except MissingError as error:
            say(str(error))
            missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
