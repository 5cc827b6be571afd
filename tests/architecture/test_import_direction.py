"""Imports in server/ run one way. The order is in imports.py beside this file."""

from pathlib import Path

import pytest

from tests.architecture.imports import (
    GROUND,
    circle,
    describe,
    imported_names,
    impure_imports,
    read_imports,
    unknown_units,
    wrong_directions,
)

SERVER = Path(__file__).parents[2] / "server"


def test_imports_run_one_way() -> None:
    assert wrong_directions(read_imports(SERVER)) == []


def test_every_folder_and_module_of_the_server_has_a_place_in_the_order() -> None:
    assert unknown_units(read_imports(SERVER)) == set()


def test_the_ground_modules_import_each_other_in_no_circle() -> None:
    assert describe(circle(read_imports(SERVER), GROUND)) == ""


def test_sound_difference_and_stages_know_no_database_and_no_web() -> None:
    assert impure_imports(read_imports(SERVER)) == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("server.songs.pages", "server.feedback.comments"),
        ("server.people.accounts", "server.songs"),
        ("server.uploads.tus", "server.sharing.links"),
        ("server.events.log", "server.live.rooms"),
        ("server.database", "server.people.models"),
        ("server.sound.read", "server.settings"),
        ("server.sound.read", "server.difference.tone"),
        ("server.difference.tone", "server.stages.mixing"),
        ("server.demo.song", "server.songs.models"),
        ("server.demo.song", "server.demo.install"),
        ("server.demo.install", "server.app"),
        ("server.songs.pages", "server.demo.song"),
        ("server.songs.pages", "server.unheard_of"),
    ],
)
def test_an_import_against_the_order_is_found(module: str, imported: str) -> None:
    assert wrong_directions({module: {imported}}) == [f"{module} imports {imported}"]


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("server.app", "server.demo.install"),
        ("server.live.socket", "server.people.access"),
        ("server.songs.preparing", "server.sound.peaks"),
        ("server.compare.job", "server.stages.mixing"),
        ("server.rendering", "server.settings"),
        ("server.songs.pages", "server.songs.access"),
        ("server.songs.pages", "server.__version__"),
        ("server.demo.song", "server.sound.read"),
        ("server.demo.install", "server.uploads.intake"),
        ("server.sound.read", "numpy"),
    ],
)
def test_an_import_along_the_order_is_not(module: str, imported: str) -> None:
    assert wrong_directions({module: {imported}}) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import server.songs.access", "server.songs.access"),
        ("from server import songs", "server.songs"),
        ("from server.songs import access", "server.songs"),
        ("from . import access", "server.people"),
        ("from ..songs.access import song_to_hear", "server.songs.access"),
        ("from .. import songs", "server.songs"),
        ("def later():\n    from server.live import rooms", "server.live"),
    ],
)
def test_every_way_to_write_an_import_is_read(line: str, expected: str) -> None:
    assert imported_names(line, "server.people.accounts") == {expected}


def test_a_circle_among_the_ground_modules_is_found() -> None:
    imports = {
        "server.database": {"server.settings"},
        "server.settings": {"server.errors"},
        "server.errors": {"server.database"},
    }
    found = circle(imports, GROUND)
    assert describe(found) == "database imports settings, settings imports errors, errors imports database"


def test_a_folder_without_a_place_in_the_order_is_found() -> None:
    assert unknown_units({"server.utils.text": set(), "server.songs.access": set()}) == {"utils"}


def test_a_database_in_the_sound_is_found() -> None:
    assert impure_imports({"server.sound.read": {"sqlmodel.orm"}}) == [
        "server.sound.read imports sqlmodel.orm"
    ]
