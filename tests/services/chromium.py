"""Where a Chromium is that Playwright can drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.services.finding import apt_install, ensure, say

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # root, as on CI, may not use Chromium's sandbox; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
)


def on_path() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def find() -> Path | None:
    """One that runs (Ubuntu's package of that name may be an empty shell), or Playwright's own."""
    ours = on_path()
    if ours and subprocess.run([ours, "--version"], capture_output=True).returncode == 0:
        return ours
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def ensure_chromium() -> Path:
    return ensure(
        "a Chromium browser",
        find,
        lambda: apt_install(
            "chromium", "fonts-liberation"
        ),  # before Playwright's, which comes without the libraries it needs
        install_with_playwright,
        otherwise="Run: apt install chromium, or: .venv/bin/playwright install --with-deps chromium",
    )


def install_with_playwright() -> bool:
    say("Installing Chromium with playwright ...")
    with_libraries = ["--with-deps"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
