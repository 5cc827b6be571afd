"""Figures, dates and names as people write them."""

from datetime import datetime, timedelta

import pytest

from server.people.devices import device_name
from server.rendering import clock, clock_tenths, day, initial, size


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0:00"), (83.2, "1:23"), (59.999, "0:59"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_a_time_in_a_song(seconds: float, written: str) -> None:
    assert clock(seconds) == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0:00.0"), (62.4, "1:02.4"), (62.39, "1:02.3"), (0.3, "0:00.3")]
)
def test_a_time_with_tenths(seconds: float, written: str) -> None:
    assert clock_tenths(seconds) == written


def test_days_near_and_far() -> None:
    noon = datetime.now().astimezone().replace(hour=12, minute=5)

    assert day(noon) == "today 12:05"
    assert day((noon - timedelta(days=1)).isoformat()) == "yesterday 12:05"
    assert day(datetime(2026, 5, 12, 12, tzinfo=noon.tzinfo)) == "12 May 2026"
    assert day(None) == day("") == ""


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2 * 10**9, "2 GB"), (123456789, "123 MB")],
)
def test_bytes_in_words(count: int, written: str) -> None:
    assert size(count) == written


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Ada", "A"),
        ("The engineer", "E"),
        ("a friend", "F"),
        ("The", "T"),
        ("  ", "?"),
        ("ärger", "Ä"),
        ("An Li", "A"),
    ],
)
def test_the_letter_of_an_avatar(name: str, letter: str) -> None:
    assert initial(name) == letter


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("curl/8.1", "curl/8.1"),
        ("", "An unknown device"),
    ],
)
def test_a_device_by_its_name(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
