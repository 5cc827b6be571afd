"""Set up and run Earmark. Needs Python 3.11 or later and nothing else.

    python3 run.py demo             show Earmark with the demo band
    python3 run.py serve            run it on the real data folder
    python3 run.py test [...]       run every test (or what pytest is told to)
    python3 run.py check            style, types, and the types of the JavaScript
    python3 run.py bench NAME       run benchmarks/NAME.py
    python3 run.py lock [...]       make the requirements*.lock files anew (--upgrade: newest versions)

What follows the command is passed on. The packages live in .venv beside this file; nothing else is touched.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (so nothing in this file may need a newer Python to be parsed)
    sys.exit("Earmark needs Python 3.11 or later, and this is " + sys.version.split()[0] + ".")

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "earmark-installed.json"
RUNTIME, DEV, SETUP = "requirements.lock", "requirements-dev.lock", "requirements-setup.lock"
# uv: never fetch a Python of its own, and trust the certificates this machine trusts (as pip does)
UV_SETTINGS = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}


def say(text: str) -> None:
    print(f"[earmark] {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    say(text)
    sys.exit(1)


def call(*command: str | Path, cwd: Path = ROOT) -> int:
    return subprocess.run([*map(str, command)], cwd=cwd, env=os.environ | UV_SETTINGS, check=False).returncode


def become(*arguments: str) -> NoReturn:
    """End as the environment's Python, so that signals and the exit code are the program's own."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), *arguments])


# --- the environment -------------------------------------------------------------------------------------


def fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def ensure_environment(lock: str) -> None:
    """Make .venv hold what `lock` names; done already (by the stamp) costs nothing."""
    if PYTHON.exists() and installed().get(lock) == fingerprint(lock):
        return
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    usable = PYTHON.exists() and call(PYTHON, "-c", "pass") == 0
    if not usable:
        make_environment()
    say(f"Installing the packages of {lock} into .venv (the first time this downloads them) ...")
    if not (install_with_uv(lock) or install_with_pip(lock)):
        stop(
            "The packages could not be installed: the lines above say why. Setting up needs the internet "
            "once; check the connection (or the proxy) and run the same command again."
        )
    locks = (RUNTIME, DEV) if lock == DEV else (lock,)  # the dev lock holds everything the runtime lock does
    STAMP.write_text(json.dumps({name: fingerprint(name) for name in locks}))
    say(f"Ready after {time.monotonic() - started:.0f} s.")


def make_environment() -> None:
    say(f"Making a Python environment in {ENVIRONMENT.name} ...")
    uv = shutil.which("uv")
    if not uv or call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT) != 0:
        make_environment_with_pip()


def make_environment_with_pip() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        stop(
            "This Python came without its venv module. On Debian and Ubuntu: apt install python3-venv "
            "(then run the same command again)."
        )
    if call(sys.executable, "-m", "venv", "--clear", ENVIRONMENT) != 0:
        stop(f"The environment {ENVIRONMENT} could not be made: the lines above say why.")


def install_with_uv(lock: str) -> bool:
    uv = find_uv()
    return uv is not None and call(uv, "pip", "install", "--quiet", "--python", PYTHON, *hashed(lock)) == 0


def find_uv() -> Path | None:
    """uv from PATH, else one in .venv: it installs in seconds what takes pip most of a minute."""
    on_path = shutil.which("uv")
    if on_path:
        return Path(on_path)
    own = ENVIRONMENT / "bin" / "uv"
    if not own.exists():
        call(PYTHON, "-m", "pip", "install", "--quiet", "--retries=2", *hashed(SETUP))
    return own if own.exists() else None


def install_with_pip(lock: str) -> bool:
    say("uv could not do it; trying pip, which takes longer ...")
    if importlib.util.find_spec("ensurepip") and not (ENVIRONMENT / "bin" / "pip").exists():
        make_environment_with_pip()
    return call(PYTHON, "-m", "pip", "install", "--quiet", "--retries=2", *hashed(lock)) == 0


def hashed(lock: str) -> tuple[str, str, str]:
    return ("--require-hashes", "--requirement", str(ROOT / lock))


# --- the commands ----------------------------------------------------------------------------------------


def run_server(command: str, arguments: list[str]) -> NoReturn:
    ensure_environment(RUNTIME)
    become("-m", "server", command, *arguments)


def run_tests(arguments: list[str]) -> NoReturn:
    """All of them in two processes, a file in one; with arguments just what they tell pytest."""
    ensure_environment(DEV)
    if call(PYTHON, "-m", "tests.services") != 0:  # a browser and PostgreSQL: found, installed, or named
        sys.exit(1)
    become("-m", "pytest", *(arguments or ["--numprocesses=2", "--dist=loadfile"]))


def run_checks(arguments: list[str]) -> NoReturn:
    if arguments:
        stop("check takes no arguments.")
    ensure_environment(DEV)
    checks = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "tsc": ["tests.services.typescript"],
    }
    failed = []
    for name, arguments in checks.items():
        say(f"{name} ...")
        if call(PYTHON, "-m", *arguments) != 0:
            failed.append(name)
    if failed:
        stop(f"Failed: {', '.join(failed)}.")
    say("All checks passed.")
    sys.exit(0)


def run_benchmark(arguments: list[str]) -> NoReturn:
    known = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in known:
        stop(f"bench needs the name of a benchmark: {', '.join(known) or 'there are none yet'}.")
    ensure_environment(DEV)
    become("-m", "benchmarks", *arguments)


def make_locks(arguments: list[str]) -> NoReturn:
    """Locks for every platform and Python at once, with hashes and without any registry's address."""
    if not PYTHON.exists():
        make_environment()
    uv = find_uv() or stop("lock needs uv, which could not be installed: the lines above say why.")
    every_platform = ("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes")
    header = ("--custom-compile-command", "python3 run.py lock")
    for lock, sources in {
        RUNTIME: ("pyproject.toml",),
        DEV: ("pyproject.toml", "--group", "dev", "--constraint", RUNTIME),
        SETUP: ("--group", "setup"),
    }.items():
        say(f"Making {lock} ...")
        if call(uv, "pip", "compile", *every_platform, *header, *arguments, *sources, "-o", lock) != 0:
            stop(f"{lock} could not be made: the lines above say why.")
    sys.exit(0)


COMMANDS: dict[str, Callable[[list[str]], NoReturn]] = {
    "demo": lambda arguments: run_server("demo", arguments),
    "serve": lambda arguments: run_server("serve", arguments),
    "test": run_tests,
    "check": run_checks,
    "bench": run_benchmark,
    "lock": make_locks,
}


def main(arguments: list[str]) -> NoReturn:
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(__doc__)
        sys.exit(0 if arguments else 2)
    if arguments[0] not in COMMANDS:
        stop(f"There is no command {arguments[0]!r}. There are: {', '.join(COMMANDS)}.")
    COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
