"""What a finding's second line looks like."""

import pytest

from server.difference.findings.finding import Finding


def test_numbers_below_zero_have_a_minus_sign_and_words_keep_their_hyphens() -> None:
    detail = "-14.9 to -10.3 LUFS; 20 to 60 Hz -3.8 dB, low-end mono; AAC-256 at -1.0"

    finding = Finding("level", "The whole song is clearly louder.", detail, weight=5.0, amount=-3.8)

    shown = "~14.9 to ~10.3 LUFS; 20 to 60 Hz ~3.8 dB, low-end mono; AAC-256 at ~1.0"
    assert finding.detail == shown.replace("~", "\N{MINUS SIGN}")
    assert finding.to_json()["amount"] == -3.8


def test_nothing_has_no_sign() -> None:
    detail = "start +185.7 ms, end -0.0 ms; +0 dB, -0.05 dB, +0.5 LU"

    finding = Finding("file", "The start has 0.19 seconds more.", detail, weight=1.0)

    shown = "start +185.7 ms, end 0.0 ms; 0 dB, ~0.05 dB, +0.5 LU"
    assert finding.detail == shown.replace("~", "\N{MINUS SIGN}")


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (None, None, "whole song"),
        (20.1, 20.1, "0:20"),
        (19.6, 20.4, "0:20"),
        (20.0, 106.2, "0:20 to 1:46"),
        (20.5, 36.5, "0:21 to 0:37"),
        (21.4996, 82.4994, "0:22 to 1:22"),
    ],
)
def test_its_place_is_written_as_people_do(start: float | None, end: float | None, place: str) -> None:
    finding = Finding("cut", "Something was taken out.", "10 s", weight=1.0, start=start, end=end)

    assert finding.place == place
