"""The page as the server draws it: whole before any script runs."""

import html
import json
import re
from typing import Any

import pytest

from server.database import Database
from tests.cast import Cast, another_version
from tests.feedback.saying import listed, said


def page_data(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def test_it_is_complete_without_scripts(cast: Cast) -> None:
    comment = said(cast.gil, cast, "Too <b>loud</b> & harsh", at=12)
    said(cast.ada, cast, "Pulling it down", reply_to=comment["id"])

    text = cast.ada.get(f"/songs/{cast.song}").text

    for words in ("Night Bus", "The Lanterns", "mix 1", "Pulling it down", "Gil", "0:12"):
        assert words in html.unescape(text)
    assert "Too &lt;b&gt;loud&lt;/b&gt; &amp; harsh" in text
    assert "<b>loud</b>" not in text


def test_its_data_is_true_at_one_number_of_the_log(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    data = page_data(cast.ada.get(f"/songs/{cast.song}").text)

    assert data["seq"] == 2
    assert data["comments"] == [comment]
    assert data["version"] == str(cast.version)
    assert data["you"]["name"] == "Ada"


def test_text_that_looks_like_markup_cannot_break_out_of_the_data(cast: Cast) -> None:
    said(cast.gil, cast, "</script><script>alert(1)</script>")

    text = cast.ada.get(f"/songs/{cast.song}").text

    assert "<script>alert(1)" not in text
    assert page_data(text)["comments"][0]["body"] == "</script><script>alert(1)</script>"


def test_the_latest_version_is_shown_unless_the_address_names_one(cast: Cast, database: Database) -> None:
    newer = another_version(cast, database)
    address = f"/songs/{cast.song}"

    assert page_data(cast.ada.get(address).text)["version"] == str(newer)
    assert page_data(cast.ada.get(f"{address}?v=1").text)["version"] == str(cast.version)
    for nonsense in ("99", "x", "-1", "%00"):
        assert page_data(cast.ada.get(f"{address}?v={nonsense}").text)["version"] == str(newer)


def test_a_link_to_a_comment_opens_its_version(cast: Cast, database: Database) -> None:
    comment = said(cast.gil, cast, at=33)
    another_version(cast, database)

    text = cast.ada.get(f"/songs/{cast.song}?comment={comment['id']}").text

    assert page_data(text)["version"] == str(cast.version)
    assert page_data(text)["comments"] == [comment]


@pytest.mark.parametrize(
    "query", ["t=83.2", "t=1:23.2", "t=x", "t=-1", "t=nan", "t=inf", "comment=x", "show=x"]
)
def test_any_query_draws_the_page(cast: Cast, query: str) -> None:
    assert cast.ada.get(f"/songs/{cast.song}?{query}").status_code == 200


def test_a_song_without_a_version_says_what_to_do_next(cast: Cast) -> None:
    song = cast.ada.post("/api/songs", json={"title": "Empty"}).json()

    answer = cast.ada.get(f"/songs/{song['id']}")

    assert answer.status_code == 200
    assert f"/songs/{song['id']}/versions/new" in answer.text


def test_a_guest_sees_the_listeners_page_at_the_link(cast: Cast) -> None:
    answer = cast.gil.get(f"/r/{cast.link_secret}?t=5")

    assert answer.status_code == 200
    assert page_data(answer.text)["you"]["name"] == "Gil"
    assert page_data(answer.text)["page_url"] == f"/r/{cast.link_secret}"
    assert "asked you to listen" in answer.text


def test_a_member_who_opens_the_link_lands_on_the_song(cast: Cast) -> None:
    answer = cast.ada.get(f"/r/{cast.link_secret}?t=5", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/songs/{cast.song}?t=5")


def test_comments_can_be_written_and_ticked_off_without_scripts(cast: Cast) -> None:
    referer = {"referer": f"http://earmark.test/r/{cast.link_secret}?v=1"}
    form = {"version": str(cast.version), "at": "0:12.5", "until": "", "body": "By form", "reply_to": ""}

    answer = cast.gil.post(f"/songs/{cast.song}/comments", data=form, headers=referer, follow_redirects=False)

    comment = listed(cast.ada, cast)[0]
    assert (comment["at"], comment["until"], comment["body"]) == (12.5, None, "By form")
    assert answer.headers["location"] == f"/r/{cast.link_secret}?v=1#comment-{comment['id']}"

    cast.ada.post(f"/comments/{comment['id']}/done", data={"done": "1"})
    assert listed(cast.ada, cast)[0]["done"]["by"] == "Ada"
    cast.gil.post(f"/comments/{comment['id']}/remove")
    assert listed(cast.ada, cast) == []


def test_a_form_never_leads_to_another_site(cast: Cast) -> None:
    form = {"version": str(cast.version), "at": "1", "body": "x"}

    for referer in ("http://evil.example/earmark.test/x", "http://earmark.test//evil.example", "nonsense"):
        answer = cast.gil.post(
            f"/songs/{cast.song}/comments", data=form, headers={"referer": referer}, follow_redirects=False
        )
        assert answer.headers["location"].partition("#")[0] in ("/", "/x")


def test_outsiders_get_the_page_that_says_nothing_is_here(cast: Cast) -> None:
    for outsider in cast.outsiders:
        answer = outsider.get(f"/songs/{cast.song}")
        assert answer.status_code == 404
        assert "Night Bus" not in answer.text
