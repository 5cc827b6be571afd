"""Two versions compared: what every stage has in common, and that each reads the same files its own way."""

import json

import pytest

from server.difference.analysed import Analysed
from server.stages import STAGES, StageKey
from server.stages.comparison import compare
from server.stages.report import report_html
from tests.difference.studio import RATE, Audio, Studio, decibels, mixed, play, spliced, steady

KEYS = [stage.key for stage in STAGES]


def busy(studio: Studio) -> Analysed:
    """A version with a change for everybody: cut, louder lead and no drums for a while, more chords, softer."""

    def make() -> Audio:
        parts = studio.parts
        parts["lead"][14 * RATE : 19 * RATE] *= decibels(6)
        parts["drums"][20 * RATE : 24 * RATE] *= decibels(-20)
        parts["chords"] = 2 * parts["chords"]
        return spliced(mixed(parts), (0, 9), (13, studio.base.duration)) * decibels(-4)

    return studio.hear("busy", make)


@pytest.mark.parametrize("stage", KEYS)
def test_identical_files_give_nothing_changed_and_nothing_else(studio: Studio, stage: StageKey) -> None:
    [finding] = compare(studio.base, studio.base, stage=stage).findings
    assert (finding.kind, finding.plain) == ("nothing", "Nothing changed.")


@pytest.mark.parametrize("stage", KEYS)
def test_a_plain_gain_change_gives_one_finding(studio: Studio, stage: StageKey) -> None:
    softer = studio.hear("softer", lambda: studio.song() * decibels(-3.7))
    [finding] = compare(studio.base, softer, stage=stage).findings
    assert finding.kind == "level"
    assert finding.amount == pytest.approx(-3.7, abs=0.05)


@pytest.mark.parametrize("stage", KEYS)
def test_strangers_are_told_so_and_nothing_that_depends_on_a_map_is_said(
    studio: Studio, stage: StageKey
) -> None:
    stranger = studio.hear("stranger 31", lambda: mixed(play(steady(119), song=31, beats=40)))
    comparison = compare(studio.base, stranger, stage=stage)
    assert [finding.kind for finding in comparison.findings] == ["unrelated"]
    assert comparison.to_json()["time_map"]["confidence"] <= 0.3


def test_the_same_two_files_read_differently(studio: Studio) -> None:
    readings = {
        key: tuple(f.plain for f in compare(studio.base, busy(studio), stage=key).findings) for key in KEYS
    }
    assert len(set(readings.values())) >= 6


def test_no_reading_is_longer_than_a_person_reads(studio: Studio) -> None:
    for stage in STAGES:
        findings = compare(studio.base, busy(studio), stage=stage.key).findings
        assert len(findings) <= stage.most
        weights = [finding.weight for finding in findings]
        assert weights == sorted(weights, reverse=True)


def test_the_json_has_the_shape_that_others_rely_on(studio: Studio) -> None:
    answer = compare(studio.base, busy(studio), stage="mixing").to_json()
    json.dumps(answer, allow_nan=False)
    assert list(answer) == [
        "a", "b", "stage", "analysis_version", "time_map", "only_in_a", "only_in_b", "moved", "matched_gain_db",
        "tone", "findings",
    ]  # fmt: skip
    assert set(answer["time_map"]) == {"confidence", "segments"}
    assert set(answer["time_map"]["segments"][0]) == {"a_start", "a_end", "b_start", "b_end", "confidence"}
    assert answer["only_in_a"] == [[pytest.approx(9, abs=0.1), pytest.approx(13, abs=0.1)]]
    assert len(answer["tone"]) == 30
    assert set(answer["tone"][0]) == {"hz", "db"}
    for finding in answer["findings"]:
        assert set(finding) == {"start", "end", "kind", "amount", "unit", "plain", "detail", "confidence"}
        assert finding["plain"].endswith(".")


def test_a_stage_that_is_none_is_refused(studio: Studio) -> None:
    with pytest.raises(KeyError):
        compare(studio.base, studio.base, stage="dreaming")  # type: ignore[arg-type]


def test_the_page_opens_from_disk_and_loads_nothing(studio: Studio) -> None:
    page = report_html(compare(studio.base, busy(studio), stage="mixing"))
    assert page.startswith("<!doctype html>")
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert "src=" not in page
    assert page.count("<path") >= 4
    assert "softer" not in page


def test_a_file_name_is_text_on_the_page(studio: Studio) -> None:
    odd = studio.hear("a <b>&amp; c", lambda: studio.song() * decibels(-2))
    page = report_html(compare(studio.base, odd, stage="mixing"))
    assert "<b>" not in page
    assert "a &lt;b&gt;&amp;amp; c.wav" in page


@pytest.mark.parametrize("stage", STAGES, ids=KEYS)
def test_every_stage_says_what_it_is_for_and_what_to_listen_for(stage: object) -> None:
    from server.stages.stage import Stage

    assert isinstance(stage, Stage)
    assert 4 <= len(stage.questions) <= 6
    assert all(question.endswith("?") for question in stage.questions)
    assert stage.purpose.count(". ") == 1
    assert stage.purpose.endswith(".")
