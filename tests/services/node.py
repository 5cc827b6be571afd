"""Where a Node is that runs the JavaScript tests: one on PATH, else the one Playwright's wheel carries."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import playwright

from tests.services.finding import MissingError

OLDEST = 20


def find_node() -> Path:
    carried = Path(playwright.__file__).parent / "driver" / "node"
    for candidate in (shutil.which("node"), carried):
        if candidate and major_version(Path(candidate)) >= OLDEST:
            return Path(candidate)
    raise MissingError(f"The JavaScript tests need Node {OLDEST} or later. Run: apt install nodejs")


def major_version(node: Path) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(answer.removeprefix("v").split(".")[0])
