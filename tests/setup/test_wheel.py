"""`pip install .` brings everything the server needs: the pages and the migrations are in the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import server

ROOT = Path(__file__).parents[2]
# What the wheel holds, and the folder of the repository it comes from.
CARRIED = {
    "server/_web/templates": "web/templates",
    "server/_web/static": "web/static",
    "server/_migrations": "migrations",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("inside", CARRIED)
def test_the_wheel_holds_the_pages_and_the_migrations(wheel: Path, inside: str) -> None:
    folder = ROOT / CARRIED[inside]
    committed = {path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    expected = {f"{inside}/{path.relative_to(folder).as_posix()}" for path in committed}
    assert expected
    assert expected - names_in(wheel) == set()


def test_the_wheel_holds_nothing_but_the_server(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names_in(wheel)}
    assert tops == {"server", f"earmark-{server.__version__}.dist-info"}


def test_the_earmark_command_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    (metadata,) = tmp_path.glob("*.dist-info")
    assert "earmark = server:main" in (metadata / "entry_points.txt").read_text()
    call = "import sys; sys.argv = ['earmark', '--help']; from server import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", call],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "", "TERM": "dumb"},
    )
    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout
