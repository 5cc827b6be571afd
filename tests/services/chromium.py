"""Where a Chromium is that Playwright can drive."""

from __future__ import annotations

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
)


def find() -> Path | None:
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(on_path) if on_path else find_playwrights_own()


def find_playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def ensure_chromium() -> Path:
    return ensure(
        "a Chromium browser",
        find,
        install_with_playwright,
        lambda: apt_install("chromium"),
        otherwise="Run: apt install chromium (Debian), or: .venv/bin/playwright install --with-deps chromium",
    )


def install_with_playwright() -> bool:
    say("Installing Chromium with playwright ...")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
