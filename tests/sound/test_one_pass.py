"""A recording is decoded once; what can be drawn is known as soon as that is done."""

import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import pytest
from numpy.typing import NDArray

from server.difference.analysed import listen_to
from server.difference.kept import listen_and_keep, unpacked
from server.sound import one_pass, side_by_side
from server.sound.analysis import analyze
from server.sound.blocks import block_frames
from server.sound.errors import UnreadableAudio
from server.sound.one_pass import OnePass
from server.sound.outline import Outline, find_outline
from server.sound.reading import Block, open_audio
from server.sound.side_by_side import SideBySide
from server.sound.waiting import Waiting
from tests.sound.signals import RATE, music, noise, write

BLOCK = block_frames(RATE)


class Ear:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.blocks: list[NDArray[np.float32]] = []

    def __call__(self, block: Block) -> None:
        self.blocks.append(block.samples.copy())

    @property
    def heard(self) -> NDArray[np.float32]:
        return np.concatenate(self.blocks, axis=1)


def in_stretches_of(blocks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_pass, "STRETCH_BYTES", blocks * BLOCK * 2 * 4)


def on_cores(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (one_pass, side_by_side):
        monkeypatch.setattr(module, "cores", lambda: count)


@pytest.mark.parametrize("cores", [1, 2, 4])
@pytest.mark.parametrize("stretch", [1, 2, 3, 4, 1000])
def test_all_meters_hear_the_same_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stretch: int, cores: int
) -> None:
    """Three whole blocks and a short one."""
    in_stretches_of(stretch, monkeypatch)
    on_cores(cores, monkeypatch)
    samples = noise((3 * BLOCK + 77) / RATE)
    path, ears, told = write(tmp_path, samples, format="wavfloat"), [Ear() for _ in range(5)], list[float]()
    quick, slow = ears[:2], ears[2:]
    with open_audio(path) as reader, TemporaryFile() as file:
        hearing = OnePass(reader, quick, slow, file, told.append)
        assert hearing.decode() == samples.shape[1]
        assert [len(ear.blocks) for ear in quick] == [4, 4]
        assert min(len(ear.blocks) for ear in slow) >= 4 // stretch * stretch
        hearing.catch_up()
    for ear in ears:
        assert np.array_equal(ear.heard, samples.astype(np.float32))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_on_one_core_the_slow_hear_nothing_before_all_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_cores(1, monkeypatch)
    slow = Ear()
    with open_audio(write(tmp_path, noise(10.0))) as reader, TemporaryFile() as file:
        hearing = OnePass(reader, [Ear()], [slow], file)
        hearing.decode()
        assert not slow.blocks
        hearing.catch_up()
        assert slow.heard.shape == (2, 10 * RATE)


def test_on_two_the_slow_hear_what_waits_while_the_decoder_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_cores(2, monkeypatch)
    heard, ears = threading.Semaphore(0), [Ear(), Ear()]

    def hear(block: Block) -> None:
        ears[1](block)
        heard.release()

    with open_audio(write(tmp_path, noise(10.0))) as reader, TemporaryFile() as file:
        decoded = reader.blocks

        def slowly(frames: int, *, start: int = 0) -> Iterator[Block]:
            for block in decoded(frames, start=start):
                yield block
                assert heard.acquire(timeout=30), "nobody heard what waits"

        monkeypatch.setattr(reader, "blocks", slowly)
        hearing = OnePass(reader, [ears[0]], [hear], file)
        hearing.decode()
        hearing.catch_up()
    assert np.array_equal(ears[0].heard, ears[1].heard)


def test_what_waits_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_stretches_of(2, monkeypatch)
    with open_audio(write(tmp_path, noise(20.0))) as reader, TemporaryFile() as file:
        hearing = OnePass(reader, [Ear()], [Ear()], file)
        hearing.decode()
        hearing.catch_up()
        file.seek(0, 2)
        assert file.tell() == 2 * BLOCK * 2 * 4


def test_two_cores_measure_two_meters_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_cores(2, monkeypatch)
    both = threading.Barrier(2, timeout=30)

    def meet(block: Block) -> None:
        both.wait()

    with open_audio(write(tmp_path, noise(10.0))) as reader, TemporaryFile() as file:
        waiting = Waiting(file, reader.channels)
        for block in reader.blocks(BLOCK):
            waiting.add(block)
        SideBySide(waiting, [meet, meet]).hear_all(lambda frames: None)


def test_whoever_is_furthest_behind_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_cores(1, monkeypatch)
    order = list[int]()
    slow: list[one_pass.Meter] = [lambda block: order.append(1), lambda block: order.append(-1)]
    with open_audio(write(tmp_path, noise(80.0))) as reader, TemporaryFile() as file:
        hearing = OnePass(reader, [Ear()], slow, file)
        hearing.decode()
        hearing.catch_up()
    assert order.count(1) == order.count(-1) > 20
    assert np.abs(np.cumsum(order)).max() < 10


def test_a_recording_in_stretches_measures_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, music(20.0), format="flac")
    whole = listen_to(path)
    in_stretches_of(2, monkeypatch)
    apart = listen_to(path)
    assert apart.analysis.to_json() == whole.analysis.to_json()
    assert apart.analysis.features.to_bytes() == whole.analysis.features.to_bytes()
    assert apart.traces.to_bytes() == whole.traces.to_bytes()


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("quick", [True, False])
def test_a_meter_that_fails_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: bool, cores: int
) -> None:
    def fail(block: Block) -> None:
        raise ZeroDivisionError

    on_cores(cores, monkeypatch)
    failing: list[one_pass.Meter] = [Ear(), fail]
    sound: list[one_pass.Meter] = [Ear()]
    first, second = (failing, sound) if quick else (sound, failing)
    with open_audio(write(tmp_path, noise(20.0))) as reader, TemporaryFile() as file:
        hearing = OnePass(reader, first, second, file)
        with pytest.raises(ZeroDivisionError):
            hearing.decode()
            hearing.catch_up()


def test_the_outline_is_what_the_analysis_says(tmp_path: Path) -> None:
    path, told = write(tmp_path, music(12.0), format="flac"), list[Outline]()
    analysis = analyze(path, outlined=told.append)
    (outline,) = told
    assert outline.facts == analysis.facts
    assert outline.waveform.to_dat() == analysis.waveform.to_dat()


def test_the_outline_of_another_process_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path, left = write(tmp_path, music(12.0)), tmp_path / "left"
    left.mkdir()
    assert find_outline(left / "outline") is None
    listen_and_keep(path, left / "kept", left / "outline")
    outline = find_outline(left / "outline")
    assert outline
    assert outline.waveform.to_dat() == unpacked(left / "kept").analysis.waveform.to_dat()
    assert sorted(file.name for file in left.iterdir()) == ["kept", "outline"]


def test_a_file_that_breaks_half_way_has_no_outline(tmp_path: Path) -> None:
    content = bytearray(write(tmp_path, music(20.0), format="flac").read_bytes())
    at = len(content) * 3 // 4
    content[at : at + 20000] = bytes(20000)
    (tmp_path / "broken.flac").write_bytes(content)
    with pytest.raises(UnreadableAudio):
        listen_and_keep(tmp_path / "broken.flac", tmp_path / "kept", tmp_path / "outline")
    assert find_outline(tmp_path / "outline") is None
