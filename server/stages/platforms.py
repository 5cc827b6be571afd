"""What streaming services do to a record's loudness. Edit this table when they change their minds: their
pages and what others measured disagree, so each row says where it is from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Platform:
    """``lufs``: what songs are brought to. ``raises``: whether soft songs are turned up; ``headroom_dbtp``: then
    only until their true peak is here."""

    name: str
    lufs: float
    raises: bool
    headroom_dbtp: float
    source: str


PLATFORMS = (
    Platform("Spotify", -14, True, -1, "Spotify for Artists, 'Loudness normalization': normal setting"),
    Platform("Apple Music", -16, True, -1, "Sound Check, as measured by others; Apple names no figure"),
    Platform("YouTube", -14, False, 0, "'Stats for nerds' of the player; other tables say -13"),
    Platform("Tidal", -14, False, 0, "Tidal's engineers after AES TD1004; album normalised"),
    Platform("Amazon Music", -14, False, 0, "Amazon's delivery guide"),
    Platform("Deezer", -15, False, 0, "ReplayGain-like, as measured by others; other tables say -14"),
)


def gain_on(platform: Platform, integrated_lufs: float, true_peak_dbtp: float) -> float:
    """dB by which the platform will turn such a song up (or down)."""
    wanted = platform.lufs - integrated_lufs
    if wanted <= 0:
        return wanted
    return max(0.0, min(wanted, platform.headroom_dbtp - true_peak_dbtp)) if platform.raises else 0.0
