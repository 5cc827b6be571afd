"""Modules stay small, folders are named for what users talk about, and every name of a file leads to one."""

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parents[2]
SERVER, TEMPLATES, STATIC = ROOT / "server", ROOT / "web" / "templates", ROOT / "web" / "static"
LONGEST = 300
NOT_A_SUBJECT = {"utils", "util", "services", "core", "helpers", "common", "misc"}

ASSET = re.compile(r"""asset\(\s*['"]([^'"]+)['"]\s*\)""")
TEMPLATE_TAG = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+['"]([^'"]+)['"]""")
TEMPLATE_NAME = re.compile(r"""['"]([\w/-]+\.html)['"]""")
JS_IMPORT = re.compile(
    r"""^\s*(?:import|export)\s*(?:[\w$*{}\s,]*\bfrom\s*)?['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]""",
    re.MULTILINE,
)
CSS_REFERENCE = re.compile(r"""(?:@import\s+(?:url\()?|url\()\s*['"]?(?!data:|#)([^'")\s]+)""")


def files(folder: Path, *suffixes: str) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in suffixes]
    assert found, f"{folder.relative_to(ROOT)} holds no {' or '.join(suffixes)} file"
    return found


def references(paths: list[Path], pattern: re.Pattern[str]) -> list[tuple[Path, str]]:
    return [(path, name) for path in paths for name in names_by(pattern, path.read_text())]


def names_by(pattern: re.Pattern[str], text: str) -> list[str]:
    return [next(filter(None, match.groups())) for match in pattern.finditer(text)]


def missing(found: list[tuple[Path, str]], base: Path | None = None) -> list[str]:
    """Those that lead to no file, from `base` or else from the folder of the file that names them."""
    return [
        f"{path.relative_to(ROOT)} names {name}"
        for path, name in found
        if not ((base or path.parent) / name).is_file()
    ]


def test_no_module_of_the_server_is_longer_than_300_lines() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in files(SERVER, ".py")}
    assert [f"{path.relative_to(ROOT)}: {lines}" for path, lines in lengths.items() if lines > LONGEST] == []


def test_folders_and_modules_are_named_for_a_subject() -> None:
    named = [path for path in SERVER.rglob("*") if path.stem in NOT_A_SUBJECT]
    assert named == []


def test_every_asset_that_a_template_or_a_module_names_exists() -> None:
    found = references([*files(TEMPLATES, ".html"), *files(SERVER, ".py")], ASSET)
    assert found
    assert missing(found, STATIC) == []


def test_every_template_that_a_template_names_exists() -> None:
    found = references(files(TEMPLATES, ".html"), TEMPLATE_TAG)
    assert found
    assert missing(found, TEMPLATES) == []


def test_every_template_that_the_server_names_exists() -> None:
    found = references(files(SERVER, ".py"), TEMPLATE_NAME)
    assert found
    assert missing(found, TEMPLATES) == []


def test_every_module_that_a_javascript_module_imports_exists() -> None:
    found = references(files(STATIC, ".js"), JS_IMPORT)
    assert found
    assert missing(found) == []


def test_every_file_that_a_stylesheet_names_exists() -> None:
    assert missing(references(files(STATIC, ".css"), CSS_REFERENCE)) == []


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (ASSET, "{{ asset('songs/review.js') }}", ["songs/review.js"]),
        (TEMPLATE_TAG, '{% extends "base.html" %}{%- include "a/_b.html" %}', ["base.html", "a/_b.html"]),
        (TEMPLATE_NAME, 'page(request, "songs/review.html")', ["songs/review.html"]),
        (
            JS_IMPORT,
            'import { a,\n b } from "../kit/a.js";\nexport * from "./b.js";',
            ["../kit/a.js", "./b.js"],
        ),
        (JS_IMPORT, "export class A {\n  find() { return one('.a'); }\n}", []),
        (JS_IMPORT, "export const a = one('.a')\nimport './b.js'", ["./b.js"]),
        (JS_IMPORT, 'const c = await import("./c.js");', ["./c.js"]),
        (
            CSS_REFERENCE,
            '@import "a.css"; b { background: url(c.svg) } d { mask: url("data:x") }',
            ["a.css", "c.svg"],
        ),
    ],
)
def test_references_are_read_as_they_are_written(
    pattern: re.Pattern[str], text: str, expected: list[str]
) -> None:
    assert names_by(pattern, text) == expected


def test_the_migrations_can_be_loaded_and_end_in_one_head() -> None:
    migrations = ScriptDirectory(ROOT / "migrations")
    assert list(migrations.walk_revisions())
    assert len(migrations.get_heads()) == 1
    compile((ROOT / "migrations" / "env.py").read_text(), "env.py", "exec")
