"""Find a program, else install it where that can be done without asking, else say what to run. Never skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


class MissingError(RuntimeError):
    """Something the tests need is not on this machine; the text says which command brings it."""


def say(text: str) -> None:
    print(f"[earmark] {text}", file=sys.stderr, flush=True)


def ensure(what: str, find: Callable[[], Path | None], *ways: Callable[[], bool], otherwise: str) -> Path:
    """The program `find` finds, after trying each way to install it until one works."""
    found = find()
    for install in () if found else ways:
        if install():
            found = find()
        if found:
            break
    if not found:
        raise MissingError(
            f"The tests need {what}, and it is neither here nor could it be installed. {otherwise}"
        )
    return found


def apt_install(*packages: str) -> bool:
    """Install Debian packages; False where that takes a password or there is no apt."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {' '.join(packages)} with apt-get ...")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "-qq", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        # the lists of packages may be old or absent; an update that fails may still leave usable ones
        done = subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return done.returncode == 0
