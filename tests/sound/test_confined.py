"""Work on a stranger's file happens in a child that can be ended without harm."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from server.sound.analysis import analyze
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio
from server.sound.facts import Facts, probe, seconds_allowed
from tests.sound.signals import noise, write

Progress = Callable[[float], None]
MEGABYTE = 1 << 20


def hang(*, progress: Progress) -> None:
    progress(0.5)
    time.sleep(60)


def crash(*, progress: Progress) -> None:
    ctypes.string_at(0)


def fill_memory(*, progress: Progress) -> int:
    return len(bytearray(8000 * MEGABYTE))


def open_many_files(*, progress: Progress) -> int:
    with contextlib.ExitStack() as files:
        return len([files.enter_context(Path(os.devnull).open()) for _ in range(200)])


def count(number: int, *, progress: Progress) -> int:
    for n in range(number):
        progress(n / number)
        time.sleep(0.02)
    return os.getpid()


def look(path: Path, *, progress: Progress) -> Facts:
    return probe(path)


@pytest.fixture(scope="module")
def confined() -> Iterator[ConfinedProcesses]:
    processes = ConfinedProcesses(memory_bytes=700 * MEGABYTE)
    processes.warm_up()
    yield processes
    processes.close()


def test_an_analysis_comes_back_with_its_progress(confined: ConfinedProcesses, tmp_path: Path) -> None:
    path = write(tmp_path, noise(120))
    told: list[float] = []
    analysis = confined.run(analyze, path, seconds=60, on_progress=told.append)
    assert analysis.facts.frames == 120 * 48000
    assert np.array_equal(analysis.waveform.peaks[256], analyze(path).waveform.peaks[256])
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("work", "seconds", "code"),
    [(hang, 0.5, "took-too-long"), (crash, 20, "crashed"), (fill_memory, 20, "too-big-to-decode")],
)
def test_a_child_that_goes_wrong_is_replaced_unless_it_only_ran_out_of_memory(
    confined: ConfinedProcesses, work: Callable[..., None], seconds: float, code: str
) -> None:
    child = confined.run(count, 1, seconds=20)
    with pytest.raises(UnreadableAudio) as error:
        confined.run(work, seconds=seconds)
    assert error.value.code == code
    assert (confined.run(count, 1, seconds=20) == child) == (code == "too-big-to-decode")


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_a_child_that_dies_while_nothing_is_asked_of_it_is_replaced(
    confined: ConfinedProcesses, seconds: float
) -> None:
    child = confined.run(count, 1, seconds=20)
    os.kill(child, signal.SIGKILL)
    time.sleep(seconds)  # noticed already, or not yet

    with contextlib.suppress(UnreadableAudio):  # what was asked at that very moment may be lost, and say so
        assert confined.run(count, 1, seconds=20) != child
    assert confined.run(count, 1, seconds=20) != child


def test_a_hang_is_ended_on_time(confined: ConfinedProcesses) -> None:
    confined.run(count, 1, seconds=20)
    began = time.monotonic()
    with pytest.raises(UnreadableAudio):
        confined.run(hang, seconds=0.5)
    assert time.monotonic() - began < 20  # it would sleep for a minute


def test_a_child_cannot_open_many_files(confined: ConfinedProcesses) -> None:
    with pytest.raises(OSError, match="Too many open files"):
        confined.run(open_many_files, seconds=20)


def reaches(port: int, *, progress: Progress) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def may_be_left() -> bool:
    """Whether this system lets us have a network namespace of our own, as far as its own command for it knows."""
    if not (unshare := shutil.which("unshare")):
        return False
    ways = (["--net"], ["--user", "--net"])
    return any(subprocess.run([unshare, *way, "true"], capture_output=True).returncode == 0 for way in ways)


def test_a_child_has_no_network_where_the_system_lets_it_leave(confined: ConfinedProcesses) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert reaches(port, progress=lambda fraction: None)
        assert confined.run(reaches, port, seconds=20) is not may_be_left()


def test_a_refusal_arrives_with_its_code(confined: ConfinedProcesses, tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_text("no song")
    with pytest.raises(UnreadableAudio) as error:
        confined.run(look, tmp_path / "song.wav", seconds=20)
    assert error.value.code == "not-audio"


def test_calls_from_several_threads_share_one_warm_child(confined: ConfinedProcesses) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as threads:
        children = set(threads.map(lambda n: confined.run(count, n, seconds=20), range(1, 9)))
    assert len(children) == 1


def test_the_time_allowed_follows_the_duration() -> None:
    song = Facts("WAV", "PCM", 2, "stereo", 48000, 16, frames=240 * 48000)
    rehearsal = Facts("WAV", "PCM", 2, "stereo", 48000, 16, frames=3 * 3600 * 48000)
    assert 30 < seconds_allowed(song) < 120 < seconds_allowed(rehearsal) < 3600
