"""Run a JavaScript test file by Node and read which of its tests did what."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.services.node import find_node

SECONDS = 100


@dataclass(frozen=True)
class Outcome:
    passed: list[str]
    failed: dict[str, str]  # name -> what Node says about it
    skipped: list[str]
    output: str

    def report(self) -> str:
        return "\n\n".join(f"{name}\n{why}" for name, why in self.failed.items())


def run(test_file: Path) -> Outcome:
    command = [
        str(find_node()),
        "--test",
        "--test-reporter=junit",
        "--test-reporter-destination=stdout",
        str(test_file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=test_file.parent)
    outcome = read(done.stdout, done.stdout + done.stderr)
    # Node counts a file that holds no test as one test that passed, by the file's name
    outcome.passed[:] = [name for name in outcome.passed if Path(name).name != test_file.name]
    if done.returncode != 0 and not outcome.failed:
        outcome.failed[test_file.name] = outcome.output  # it ended before it could say which test
    return outcome


def read(report: str, output: str) -> Outcome:
    outcome = Outcome([], {}, [], output)
    try:
        walk(ElementTree.fromstring(report), [], outcome)
    except ElementTree.ParseError as error:
        outcome.failed["the report of node --test"] = f"{error}\n{output}"
    return outcome


def walk(element: ElementTree.Element, suites: list[str], outcome: Outcome) -> None:
    for child in element:
        path = [*suites, child.get("name", "")]
        if child.tag == "testsuite":
            walk(child, path, outcome)
        elif child.tag == "testcase":
            note(child, " > ".join(path), outcome)


def note(case: ElementTree.Element, name: str, outcome: Outcome) -> None:
    failure = case.find("failure")
    if failure is not None:
        outcome.failed[name] = (failure.text or failure.get("message") or "").strip()
    elif case.find("skipped") is not None:
        outcome.skipped.append(name)
    else:
        outcome.passed.append(name)
