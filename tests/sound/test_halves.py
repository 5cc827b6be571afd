"""The small rendition is encoded in two halves at once: nobody can hear where they meet."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from server.sound import halves
from server.sound.aac import PACKET, Packet, Shape, long_window
from server.sound.errors import UnreadableAudio
from server.sound.facts import probe
from server.sound.reading import open_audio
from server.sound.renditions import make_small
from tests.sound.signals import Samples, clicks, music, sine, write

SECONDS = 24.0
Join = Callable[[], int | None]


def samples_of(path: Path) -> Samples:
    with open_audio(path) as reader:
        return np.concatenate([block.samples for block in reader.blocks(48000)], axis=1).astype(np.float64)


@pytest.fixture
def join(monkeypatch: pytest.MonkeyPatch) -> Join:
    """The sample at which the halves were joined, once a rendition was made."""
    places: list[int | None] = []
    find = halves._place_to_join

    def noted(near: list[Packet], second: halves._SecondHalf, join: int) -> int | None:
        places.append(find(near, second, join))
        return places[-1]

    monkeypatch.setattr(halves, "_place_to_join", noted)
    return lambda: places[-1] if places else None


def in_one_piece(monkeypatch: pytest.MonkeyPatch, source: Path, target: Path) -> Samples:
    with monkeypatch.context() as patched:
        patched.setattr(halves, "SHORTEST_SECONDS", 1e9)
        make_small(source, target)
    return samples_of(target)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("format", "rate"), [("wav16", 44100), ("flac", 96000), ("mp3", 44100)])
def test_the_join_is_no_worse_than_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, join: Join, format: str, rate: int, channels: int
) -> None:
    """The error against the source, packet by packet, is what an encoding in one piece has as well."""
    source = write(tmp_path, music(SECONDS, rate=rate)[:channels], format=format, rate=rate)
    make_small(source, tmp_path / "halves.m4a")
    whole = in_one_piece(monkeypatch, source, tmp_path / "whole.m4a")
    joined, at = samples_of(tmp_path / "halves.m4a"), join()
    assert at is not None
    assert joined.shape == whole.shape
    assert np.array_equal(joined[:, : at - PACKET], whole[:, : at - PACKET])
    apart = _decibels(joined - whole)[at // PACKET - 1 :]
    loud = _decibels(whole)[at // PACKET - 1 :]
    # How far two encodings of the same differ, at the join and after it.
    assert (apart - loud)[:4].max() < np.percentile(apart - loud, 99) + 1


def test_a_steady_tone_stays_steady_across_the_join(tmp_path: Path, join: Join) -> None:
    tone = sine(997, SECONDS, dbfs=-6)
    make_small(write(tmp_path, tone), tmp_path / "a.m4a")
    at, decoded = join(), samples_of(tmp_path / "a.m4a")
    assert at is not None
    error = np.abs(decoded - tone)[0]
    around = slice(at - 2 * PACKET, at + 2 * PACKET)
    assert error[around].max() < 1.5 * np.abs(error[2 * PACKET : at - 2 * PACKET]).max()


@pytest.mark.parametrize("rate", [44100, 88200])
def test_clicks_on_both_sides_of_the_join_are_where_they_were(tmp_path: Path, join: Join, rate: int) -> None:
    times = np.arange(0.5, SECONDS, 0.25).tolist()
    source = write(tmp_path, clicks(times, SECONDS, rate=rate), rate=rate)
    make_small(source, tmp_path / "a.m4a")
    facts = probe(tmp_path / "a.m4a")
    assert facts.frames == round(SECONDS * facts.sample_rate)
    decoded, click = samples_of(tmp_path / "a.m4a")[0], clicks([0.0], 0.006, rate=facts.sample_rate)[0]
    assert join() is not None
    for time in times:
        first = round((time - 0.01) * facts.sample_rate)
        part = decoded[first : first + round(0.03 * facts.sample_rate)]
        late = (first + int(np.argmax(np.correlate(part, click, mode="valid")))) / facts.sample_rate - time
        assert abs(late) < 0.001


def test_where_the_encoders_never_agree_the_first_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, join: Join
) -> None:
    source = write(tmp_path, music(SECONDS), rate=44100)
    whole = in_one_piece(monkeypatch, source, tmp_path / "whole.m4a")
    monkeypatch.setattr(halves, "long_window", lambda packet, shape: None)
    make_small(source, tmp_path / "a.m4a")
    assert join() is None
    assert np.array_equal(samples_of(tmp_path / "a.m4a"), whole)


def test_a_second_half_that_breaks_fails_as_a_whole_and_leaves_nothing(tmp_path: Path) -> None:
    content = bytearray(write(tmp_path, music(SECONDS), format="flac", rate=44100).read_bytes())
    at = len(content) * 3 // 4
    content[at : at + 20000] = bytes(20000)
    folder = tmp_path / "made"
    folder.mkdir()
    (tmp_path / "broken.flac").write_bytes(content)
    with pytest.raises(UnreadableAudio):
        make_small(tmp_path / "broken.flac", folder / "a.m4a")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("channels", [1, 2])
def test_a_window_is_read_from_its_packet(tmp_path: Path, channels: int) -> None:
    """A tone is coded in long windows; where it starts after silence, short ones are needed."""
    samples = sine(440, 4, channels=channels, dbfs=-6)
    samples[:, : 2 * 48000 + 700] = 0
    with open_audio(write(tmp_path, samples)) as reader:
        shape = Shape.of(reader)
        packets = [packet for _, packets in halves.encoded(reader, shape) for packet in packets]
    windows = {packet.at: long_window(packet, shape) for packet in packets}
    start = (2 * 48000 + 700) // PACKET * PACKET
    assert None in [windows[start + n * PACKET] for n in (-2, -1, 0, 1)]
    steady = [windows[at] for at in range(start + 20 * PACKET, start + 60 * PACKET, PACKET)]
    assert set(steady) <= {0, 1}


def _decibels(samples: Samples) -> Samples:
    """(packets,)"""
    whole = samples.shape[1] // PACKET * PACKET
    powers = np.square(samples[:, :whole]).mean(axis=0).reshape(-1, PACKET).mean(axis=1)
    return 10 * np.log10(powers + 1e-12)
