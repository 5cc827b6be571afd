import asyncio
import errno
from pathlib import Path

import pytest

from server.blobs import Blobs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept here & there"  # an address in which something has to be escaped


@pytest.fixture
def blobs(folder: Path, tmp_path: Path) -> Blobs:
    return Blobs(folder.as_uri(), tmp_path)


def streamed(blobs: Blobs, key: str, start: int, end: int) -> bytes:
    async def read() -> bytes:
        return b"".join([chunk async for chunk in blobs.stream(key, start, end)])

    return asyncio.run(read())


def test_what_is_put_is_there(blobs: Blobs, folder: Path) -> None:
    blobs.put("prepared/a/1/waveform-0.dat", b"peaks")

    assert blobs.get("prepared/a/1/waveform-0.dat") == b"peaks"
    assert blobs.size("prepared/a/1/waveform-0.dat") == 5
    assert (folder / "prepared" / "a" / "1" / "waveform-0.dat").read_bytes() == b"peaks"


def test_a_file_is_kept_whole_and_stays_where_it_was(blobs: Blobs, tmp_path: Path) -> None:
    content = bytes(range(256)) * 50_000
    staged = tmp_path / "staged"
    staged.write_bytes(content)

    blobs.put_file("originals/b", staged)

    assert blobs.get("originals/b") == content
    assert staged.read_bytes() == content


def test_a_file_on_the_same_disk_is_not_copied(blobs: Blobs, folder: Path, tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    staged.write_bytes(b"three hours")

    for _ in range(2):  # the same recording twice
        blobs.put_file("originals/b", staged)
    assert (folder / "originals" / "b").samefile(staged)

    staged.unlink()
    assert blobs.get("originals/b") == b"three hours"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["b"]


def test_a_file_on_another_disk_is_copied(
    blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(new: Path, old: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    staged = tmp_path / "staged"
    staged.write_bytes(b"three hours")

    blobs.put_file("originals/b", staged)

    assert blobs.get("originals/b") == b"three hours"


def test_put_again_it_is_replaced_and_never_half(blobs: Blobs, folder: Path) -> None:
    for content in (b"first, and longer", b"second"):
        blobs.put("originals/a", content)

    assert blobs.get("originals/a") == b"second"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["a"]


def test_what_was_never_put_has_no_size(blobs: Blobs) -> None:
    blobs.put("originals/a", b"")

    assert blobs.size("originals/a") == 0
    assert blobs.size("originals/b") is None
    assert blobs.size("originals") is None


@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 1_000_000), (700_000, 700_003), (999_999, 1_000_000)])
def test_a_part_is_streamed_alone(blobs: Blobs, start: int, end: int) -> None:
    content = bytes(n % 251 for n in range(1_000_000))
    blobs.put("originals/a", content)

    assert streamed(blobs, "originals/a", start, end) == content[start:end]


def test_a_decoder_gets_a_file(blobs: Blobs) -> None:
    blobs.put("originals/a", b"RIFF")

    with blobs.as_file("originals/a") as path:
        assert path.read_bytes() == b"RIFF"
    assert blobs.get("originals/a") == b"RIFF"


def test_from_a_store_that_is_elsewhere_a_decoder_gets_a_copy_that_goes_away(tmp_path: Path) -> None:
    blobs = Blobs("memory:///", tmp_path)
    blobs.put("originals/a", b"RIFF")

    with blobs.as_file("originals/a") as path:
        assert path.read_bytes() == b"RIFF"
        assert path.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
    assert streamed(blobs, "originals/a", 1, 3) == b"IF"
