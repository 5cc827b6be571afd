"""Every *.test.js beside this file runs under Node; a test that fails there fails here, by its name."""

from pathlib import Path

import pytest

from tests.web import javascript

HERE = Path(__file__).parent
FILES = sorted(path for path in HERE.rglob("*.test.*js") if "node_modules" not in path.parts)


def test_there_are_javascript_tests() -> None:
    assert FILES, "no *.test.js under tests/web"


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_javascript(file: Path) -> None:
    outcome = javascript.run(file)
    assert not outcome.failed, f"Failed in {file.name}:\n{outcome.report()}"
    assert not outcome.skipped, f"Skipped in {file.name}, which no test may be: {outcome.skipped}"
    assert outcome.passed, f"{file.name} ran no test:\n{outcome.output}"


def write(folder: Path, source: str) -> Path:
    file = folder / "made_up.test.mjs"
    file.write_text(
        f"import test, {{ describe, it }} from 'node:test';\nimport assert from 'node:assert';\n{source}"
    )
    return file


def test_a_failing_javascript_test_is_named_with_its_reason(tmp_path: Path) -> None:
    source = """
    describe('the play head', () => {
        it('moves', () => {});
        it('stops at the end', () => assert.equal(83.2, 75));
    });"""
    outcome = javascript.run(write(tmp_path, source))
    assert outcome.passed == ["the play head > moves"]
    assert list(outcome.failed) == ["the play head > stops at the end"]
    assert "83.2" in outcome.report()


@pytest.mark.parametrize("source", ["throw new Error('too early')", "import './nowhere.js'", "test('a', ("])
def test_a_file_that_breaks_before_its_tests_fails(tmp_path: Path, source: str) -> None:
    assert javascript.run(write(tmp_path, source)).failed


def test_a_skipped_javascript_test_is_seen(tmp_path: Path) -> None:
    assert javascript.run(write(tmp_path, "test.skip('later', () => {})")).skipped == ["later"]


def test_a_file_without_tests_has_passed_none(tmp_path: Path) -> None:
    assert javascript.run(write(tmp_path, "")).passed == []


def test_without_a_node_of_its_own_a_machine_uses_playwrights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = javascript.run(write(tmp_path, "test('one', () => {}); test('two', () => assert.fail('no'))"))
    assert outcome.passed == ["one"]
    assert list(outcome.failed) == ["two"]
