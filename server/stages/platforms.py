"""What streaming services do to a record's loudness. Edit this table when they change their minds.

Looked up on 2026-11-22. Only Spotify publishes its rules; the other rows are what others measured or wrote down,
and those do not agree with one another, so each row says who says so and where.
"""

from dataclasses import dataclass

LOOKED_UP = "2026-11-22"


@dataclass(frozen=True)
class Platform:
    """``lufs``: what songs are brought to. ``raises``: whether soft songs are turned up; ``headroom_dbtp``: then
    only until their true peak is here. ``own_word``: the service itself says so."""

    name: str
    lufs: float
    raises: bool
    headroom_dbtp: float
    own_word: bool
    source: str
    address: str


PLATFORMS = (
    Platform(
        "Spotify", -14, True, -1, True,
        "Spotify's help for artists, 'Loudness normalization': -14 LUFS normal (-11 loud, -19 quiet, for those who "
        "pay), up as far as 1 dB of headroom is left, album kept together; not in the web player nor on televisions",
        "https://support.spotify.com/us/artists/article/loudness-normalization",
    ),
    Platform(
        "Apple Music", -16, True, -1, False,
        "Sound Check is about -16 LUFS, by APU Software and MeterPlugs; Apple names no figure",
        "https://apu.software/apple-music-loudness-target",
    ),
    Platform(
        "YouTube", -14, False, 0, False,
        "the player's 'Stats for nerds': what is louder than -14 LUFS is turned down (-13 until some years ago), as "
        "read by Production Advice and others; YouTube publishes nothing",
        "https://productionadvice.co.uk/youtube-music/",
    ),
    Platform(
        "YouTube Music", -7, False, 0, False,
        "only what is louder than -7 LUFS is turned down, read off the player by Production Advice",
        "https://productionadvice.co.uk/youtube-music/",
    ),
    Platform(
        "Tidal", -14, False, 0, False,
        "-14 LUFS by BS.1770, nothing is turned up: Tidal to MeterPlugs in 2016",
        "https://meterplugs.com/blog/2016/10/07/tidal-adds-loudness-normalization.html",
    ),
    Platform(
        "Amazon Music", -14, False, 0, False,
        "-14 LUFS and at most -2 dBTP, by APU Software; whether soft songs are turned up is not said",
        "https://apu.software/amazon-music-loudness",
    ),
    Platform(
        "Deezer", -15, False, 0, False,
        "-15 LUFS, by APU Software; other tables say -14 to -16; whether soft songs are turned up is not said",
        "https://apu.software/deezer-loudness-target",
    ),
)  # fmt: skip


def gain_on(platform: Platform, integrated_lufs: float, true_peak_dbtp: float) -> float:
    """dB by which the platform will turn such a song up (or down)."""
    wanted = platform.lufs - integrated_lufs
    if wanted <= 0:
        return wanted
    return max(0.0, min(wanted, platform.headroom_dbtp - true_peak_dbtp)) if platform.raises else 0.0
