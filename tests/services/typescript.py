"""Check the types of web/ with the TypeScript that web/package.json names; npm brings it once."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.services.finding import MissingError, apt_install, ensure, say

WEB = Path(__file__).parents[2] / "web"
COMPILER = WEB / "node_modules" / ".bin" / "tsc"
STAMP = WEB / "node_modules" / "earmark-installed"


def main() -> int:
    try:
        ensure_compiler()
    except MissingError as missing:
        say(str(missing))
        return 1
    return subprocess.run([COMPILER, "--noEmit", "--project", WEB]).returncode


def ensure_compiler() -> None:
    wanted = hashlib.sha256((WEB / "package.json").read_bytes()).hexdigest()
    if COMPILER.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    npm = ensure(
        "npm", find_npm, lambda: apt_install("nodejs", "npm"), otherwise="Run: apt install nodejs npm"
    )
    say("Installing TypeScript into web/node_modules ...")
    install = [str(npm), "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(install, cwd=WEB).returncode != 0:
        raise MissingError(
            "TypeScript could not be installed (npm needs the internet once). Run: npm install in web/"
        )
    STAMP.write_text(wanted)


def find_npm() -> Path | None:
    on_path = shutil.which("npm")
    return Path(on_path) if on_path else None


if __name__ == "__main__":
    sys.exit(main())
