"""The small renditions are encoded in two halves at once: nobody can hear where they meet."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import av
import numpy as np
import pytest

from server.sound import halves, renditions
from server.sound.aac import PACKET, aac, long_window
from server.sound.encoding import Encoding, Packet, encoded
from server.sound.errors import UnreadableAudio
from server.sound.facts import probe
from server.sound.opus import PACKET as OPUS_PACKET
from server.sound.opus import opus
from server.sound.reading import Reader, open_audio
from server.sound.renditions import make_opus, make_small
from tests.sound.signals import Samples, clicks, music, sine, write

SECONDS = 24.0
Make = Callable[[Path, Path], None]
both = pytest.mark.parametrize("make", [make_small, make_opus])


@dataclass
class Join:
    """The sample at which the halves were joined, once a rendition was made, and what the second encoder gave."""

    at: int | None = None
    second: list[Packet] = field(default_factory=list)


def samples_of(path: Path) -> Samples:
    with open_audio(path) as reader:
        return np.concatenate([block.samples for block in reader.blocks(48000)], axis=1).astype(np.float64)


@pytest.fixture
def join(monkeypatch: pytest.MonkeyPatch) -> Join:
    noted, find = Join(), halves._place_to_join

    def note(near: list[Packet], second: halves._SecondHalf) -> int | None:
        noted.at, noted.second = find(near, second), list(second.packets())
        return noted.at

    monkeypatch.setattr(halves, "_place_to_join", note)
    return noted


def in_one_piece(
    monkeypatch: pytest.MonkeyPatch, source: Path, target: Path, make: Make = make_small
) -> Samples:
    with monkeypatch.context() as patched:
        patched.setattr(halves, "SHORTEST_SECONDS", 1e9)
        make(source, target)
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
    joined, at = samples_of(tmp_path / "halves.m4a"), join.at
    assert at is not None
    assert joined.shape == whole.shape
    assert np.array_equal(joined[:, : at - PACKET], whole[:, : at - PACKET])
    apart = _decibels(joined - whole)[at // PACKET - 1 :]
    loud = _decibels(whole)[at // PACKET - 1 :]
    # How far two encodings of the same differ, at the join and after it.
    assert (apart - loud)[:4].max() < np.percentile(apart - loud, 99) + 1


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("format", "rate"), [("wav16", 44100), ("flac", 96000), ("mp3", 44100)])
def test_after_the_join_opus_is_heard_as_its_second_encoder_meant_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, join: Join, format: str, rate: int, channels: int
) -> None:
    """A decoder that comes from the first half has forgotten so: as if it had been with the second all along."""
    source = write(tmp_path, music(SECONDS, rate=rate)[:channels], format=format, rate=rate)
    with open_audio(source) as reader:
        packets = list(halves.encoded_in_halves(source, reader, opus(reader), tmp_path, None))
        whole = [packet for _, some in encoded(reader, opus(reader)) for packet in some]
    assert join.at is not None
    assert [packet.at for packet in packets] == [packet.at for packet in whole]
    before = [packet for packet in packets if packet.at < join.at]
    assert before == whole[: len(before)]
    after = OPUS_PACKET * (len(packets) - len(before))
    joined, alone = _decoded_opus(packets)[:, -after:], _decoded_opus(join.second)[:, -after:]
    assert (_decibels(joined - alone, OPUS_PACKET) - _decibels(alone, OPUS_PACKET)).max() < -60


@both
def test_a_steady_tone_stays_steady_across_the_join(tmp_path: Path, join: Join, make: Make) -> None:
    tone = sine(997, SECONDS, dbfs=-6)
    make(write(tmp_path, tone), tmp_path / "a.m4a")
    at, decoded = join.at, samples_of(tmp_path / "a.m4a")
    assert at is not None
    error = np.abs(decoded - tone)[0]
    around = slice(at - 2 * PACKET, at + 2 * PACKET)
    assert error[around].max() < 1.5 * np.abs(error[2 * PACKET : at - 2 * PACKET]).max()


@pytest.mark.parametrize("rate", [44100, 88200])
@both
def test_clicks_on_both_sides_of_the_join_are_where_they_were(
    tmp_path: Path, join: Join, make: Make, rate: int
) -> None:
    times = np.arange(0.5, SECONDS, 0.25).tolist()
    source = write(tmp_path, clicks(times, SECONDS, rate=rate), rate=rate)
    make(source, tmp_path / "a.m4a")
    facts = probe(tmp_path / "a.m4a")
    assert facts.frames == round(SECONDS * facts.sample_rate)
    decoded, click = samples_of(tmp_path / "a.m4a")[0], clicks([0.0], 0.006, rate=facts.sample_rate)[0]
    assert join.at is not None
    for time in times:
        first = round((time - 0.01) * facts.sample_rate)
        part = decoded[first : first + round(0.03 * facts.sample_rate)]
        late = (first + int(np.argmax(np.correlate(part, click, mode="valid")))) / facts.sample_rate - time
        assert abs(late) < 0.001


@pytest.mark.parametrize(("make", "name"), [(make_small, "aac"), (make_opus, "opus")])
def test_where_the_encoders_never_agree_the_first_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, join: Join, make: Make, name: str
) -> None:
    def stubborn(reader: Reader) -> Encoding:
        return replace({"aac": aac, "opus": opus}[name](reader), mark=lambda packet: None)

    source = write(tmp_path, music(SECONDS), rate=44100)
    whole = in_one_piece(monkeypatch, source, tmp_path / "whole.m4a", make)
    monkeypatch.setattr(renditions, name, stubborn)
    make(source, tmp_path / "a.m4a")
    assert join.at is None
    assert np.array_equal(samples_of(tmp_path / "a.m4a"), whole)


@both
def test_a_second_half_that_breaks_fails_as_a_whole_and_leaves_nothing(tmp_path: Path, make: Make) -> None:
    content = bytearray(write(tmp_path, music(SECONDS), format="flac", rate=44100).read_bytes())
    at = len(content) * 3 // 4
    content[at : at + 20000] = bytes(20000)
    folder = tmp_path / "made"
    folder.mkdir()
    (tmp_path / "broken.flac").write_bytes(content)
    with pytest.raises(UnreadableAudio):
        make(tmp_path / "broken.flac", folder / "a.m4a")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("channels", [1, 2])
def test_a_window_is_read_from_its_packet(tmp_path: Path, channels: int) -> None:
    """A tone is coded in long windows; where it starts after silence, short ones are needed."""
    samples = sine(440, 4, channels=channels, dbfs=-6)
    samples[:, : 2 * 48000 + 700] = 0
    with open_audio(write(tmp_path, samples)) as reader:
        packets = [packet for _, packets in encoded(reader, aac(reader)) for packet in packets]
    windows = {packet.at: long_window(packet, channels) for packet in packets}
    start = (2 * 48000 + 700) // PACKET * PACKET
    assert None in [windows[start + n * PACKET] for n in (-2, -1, 0, 1)]
    steady = [windows[at] for at in range(start + 20 * PACKET, start + 60 * PACKET, PACKET)]
    assert set(steady) <= {0, 1}


def _decoded_opus(packets: list[Packet]) -> Samples:
    decoder = av.CodecContext.create("opus", "r")
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.content))]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).astype(np.float64)


def _decibels(samples: Samples, packet: int = PACKET) -> Samples:
    """(packets,)"""
    whole = samples.shape[1] // packet * packet
    powers = np.square(samples[:, :whole]).mean(axis=0).reshape(-1, packet).mean(axis=1)
    decibels: Samples = 10 * np.log10(powers + 1e-12)
    return decibels
