"""run.py, with a stand-in for uv: what it decides, not what the network brings."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = (ROOT / "run.py").read_text()
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-setup.lock")

# Notes what it was asked; makes environments that are links to this Python; fails while `broken` exists.
UV = f"""#!/bin/sh
echo "$*" >> "{{folder}}/uv.log"
[ -e "{{folder}}/broken" ] && {{{{ echo "no route to host" >&2; exit 2; }}}}
for last; do :; done
[ "$1" = venv ] && mkdir -p "$last/bin" && ln -sf "{sys.executable}" "$last/bin/python"
exit 0
"""
SERVER = "import sys; print('server called with', *sys.argv[1:]); sys.exit(7)"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small stand-in for this repository: run.py, locks, and a server that says how it was called."""
    folder = tmp_path / "earmark"
    (folder / "server").mkdir(parents=True)
    (folder / "server" / "__main__.py").write_text(SERVER)
    (folder / "run.py").write_text(RUN)
    for lock in LOCKS:
        (folder / lock).write_text(f"# {lock}\n")
    uv = folder / "programs" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV.format(folder=folder))
    uv.chmod(0o755)
    return folder


@pytest.fixture
def run(checkout: Path) -> Run:
    def run(*arguments: str, prelude: str = "pass", **env: str) -> subprocess.CompletedProcess[str]:
        start = "runpy.run_path('run.py', run_name='__main__')"
        program = f"import runpy, sys; sys.argv = {['run.py', *arguments]}; {prelude}; {start}"
        path = f"{checkout / 'programs'}:/usr/bin:/bin"
        settings = {
            "PATH": path,
            "HOME": str(checkout),
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            **env,
        }
        command = [sys.executable, "-c", program]
        return subprocess.run(command, cwd=checkout, env=settings, capture_output=True, text=True)

    return run


def pip_ends_with(code: int, checkout: Path) -> None:
    """An environment whose pip does nothing, and a uv that fails."""
    (checkout / "broken").touch()
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    log = checkout / "pip.log"
    note = f'[ "$2" = pip ] && {{ echo "$*" >> "{log}"; exit {code}; }}'
    python.write_text(f'#!/bin/sh\n{note}\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    python.with_name("pip").touch()


def uv_calls(checkout: Path) -> list[str]:
    log = checkout / "uv.log"
    return log.read_text().splitlines() if log.exists() else []


def test_it_asks_for_nothing_but_python() -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(RUN))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {node.module or "" for node in ast.walk(ast.parse(RUN)) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_an_old_python_is_told_so(run: Run) -> None:
    ast.parse(RUN, feature_version=(3, 7))  # an older Python has to get as far as the sentence
    done = run("demo", prelude="sys.version_info = (3, 9, 18); sys.version = '3.9.18 (main)'")
    assert done.returncode == 1
    assert "Earmark needs Python 3.11 or later, and this is 3.9.18." in done.stderr


def test_an_unknown_command_is_answered_with_the_known_ones(run: Run) -> None:
    done = run("dance")
    assert done.returncode == 1
    assert "no command 'dance'" in done.stderr
    assert "demo, serve, test, check, bench, lock" in done.stderr


def test_the_server_gets_the_arguments_and_gives_the_exit_code(run: Run) -> None:
    done = run("demo", "--port", "8123")
    assert done.stdout == "server called with demo --port 8123\n"
    assert done.returncode == 7


def test_a_second_run_installs_nothing(run: Run, checkout: Path) -> None:
    run("demo")
    first = uv_calls(checkout)
    assert [call.split()[0] for call in first] == ["venv", "pip"]
    assert "--require-hashes" in first[1]
    done = run("serve")
    assert uv_calls(checkout) == first
    assert done.stderr == ""


def test_a_changed_lock_is_installed_again(run: Run, checkout: Path) -> None:
    run("demo")
    (checkout / "requirements.lock").write_text("# newer\n")
    run("demo")
    assert [call.split()[0] for call in uv_calls(checkout)] == ["venv", "pip", "pip"]


def test_an_interrupted_installation_is_taken_up_again(run: Run, checkout: Path) -> None:
    run("demo")
    (checkout / ".venv" / "earmark-installed.json").write_text('{"requirements.lo')
    assert run("demo").returncode == 7
    assert [call.split()[0] for call in uv_calls(checkout)] == ["venv", "pip", "pip"]


def test_where_uv_fails_pip_does_it(run: Run, checkout: Path) -> None:
    pip_ends_with(0, checkout)
    done = run("demo")
    assert "trying pip" in done.stderr
    assert "--require-hashes" in (checkout / "pip.log").read_text()
    assert done.returncode == 7


def test_without_a_network_it_says_so_in_one_sentence(run: Run, checkout: Path) -> None:
    pip_ends_with(1, checkout)
    done = run("demo")
    assert done.returncode == 1
    assert "Setting up needs the internet once" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_environment_is_made_anew(run: Run, checkout: Path) -> None:
    run("demo")
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout / "a-python-that-was-uninstalled")
    assert run("demo").returncode == 7


def test_a_python_without_venv_names_the_package_to_install(run: Run, checkout: Path) -> None:
    shutil.rmtree(checkout / "programs")
    done = run("demo", prelude="sys.modules['ensurepip'] = None")
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr


def test_bench_names_the_benchmarks_there_are(run: Run, checkout: Path) -> None:
    (checkout / "benchmarks").mkdir()
    (checkout / "benchmarks" / "live.py").touch()
    assert "the name of a benchmark: live." in run("bench", "love").stderr


def required(group: str) -> set[str]:
    return {
        re.split(r"[^\w.-]", line)[0].lower() for line in re.findall(r'^ {4}"(.+?)",', group, re.MULTILINE)
    }


def locked(lock: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    runtime = project[project.index("\ndependencies = [") : project.index("[project.scripts]")]
    dev = project[project.index("\ndev = [") : project.index("\nsetup = [")]
    assert required(runtime) - set(locked("requirements.lock")) == set()
    assert required(dev) - set(locked("requirements-dev.lock")) == set()


def test_the_dev_lock_holds_the_runtime_lock_at_the_same_versions() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_name_no_host_and_no_machine(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.findall(r"https?:|file:|--index-url|--find-links|/tmp|/home|/root", text)
    pinned = re.findall(r"^[\w.-]+(?:\[.*\])?==.*$", text, re.MULTILINE)
    assert pinned
    assert all(line.endswith("\\") for line in pinned), "every package carries hashes"
