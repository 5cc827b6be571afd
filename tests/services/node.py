"""Where a Node is that runs the JavaScript tests: one on PATH, else the one Playwright's wheel carries."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import playwright

from tests.services.finding import Missing

OLDEST = 20


def find_node() -> Path:
    on_path = shutil.which("node")
    carried = Path(playwright.__file__).parent / "driver" / "node"
    for candidate in [Path(on_path)] if on_path else [] + [carried]:
        if candidate.exists() and major_version(candidate) >= OLDEST:
            return candidate
    raise Missing(f"The JavaScript tests need Node {OLDEST} or later. Run: apt install nodejs")


def major_version(node: Path) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    return int(answer.stdout.lstrip("v").split(".")[0]) if answer.returncode == 0 else 0
