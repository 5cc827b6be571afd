"""What each service does to a song's loudness."""

import pytest

from server.stages.platforms import LOOKED_UP, PLATFORMS, gain_on

BY_NAME = {platform.name: platform for platform in PLATFORMS}


@pytest.mark.parametrize(
    ("name", "lufs", "peak", "gain"),
    [
        ("Spotify", -8.0, -0.5, -6.0),
        ("Spotify", -20.0, -5.0, 4.0),  # Spotify's own example: lifted to -16 only
        ("Spotify", -16.0, -0.5, 0.0),
        ("Tidal", -20.0, -5.0, 0.0),
        ("YouTube Music", -9.0, -1.0, 0.0),
    ],
)
def test_it_turns_a_song_up_or_down_as_its_source_says(
    name: str, lufs: float, peak: float, gain: float
) -> None:
    assert gain_on(BY_NAME[name], lufs, peak) == pytest.approx(gain)


def test_every_row_says_who_says_so_and_where() -> None:
    assert LOOKED_UP == "2026-11-22"
    for platform in PLATFORMS:
        assert len(platform.source) > 30
        assert platform.address.startswith("https://")
    assert [platform.name for platform in PLATFORMS if platform.own_word] == ["Spotify"]
