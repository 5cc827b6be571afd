from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from server.database import Database, now
from server.people.models import ReviewLink
from server.people.passwords import password_matches
from server.people.secrets import hash_of
from tests.cast import Cast, another_version
from tests.databases import both_databases

pytestmark = both_databases

Count = Callable[[type[SQLModel]], int]


def api(cast: Cast) -> str:
    return f"/api/songs/{cast.song}/links"


def page(cast: Cast) -> str:
    return f"/songs/{cast.song}/links"


def row(database: Database, id: str) -> ReviewLink:
    return database.read(lambda session: session.get_one(ReviewLink, UUID(id)))


def test_without_any_choice_it_hears_everything_and_comments(cast: Cast, database: Database) -> None:
    answer = cast.ben.post(api(cast), json={})

    assert answer.status_code == 201
    link = answer.json()
    assert (link["may_comment"], link["may_download"], link["versions"]) == (True, False, "all")
    assert (link["has_password"], link["expires_at"], link["expired"]) == (False, None, False)
    assert (link["guests"], link["revoked_at"], link["last_used_at"]) == (0, None, None)
    assert link["url"].startswith("http://earmark.test/r/")
    assert row(database, link["id"]).secret_hash == hash_of(link["url"].rpartition("/")[2])


def test_its_address_opens_the_door_and_is_told_this_once(cast: Cast) -> None:
    link = cast.ada.post(api(cast), json={"name": "Grandma"}).json()

    assert "Night Bus" in cast.stranger.get(link["url"]).text
    listed = cast.ada.get(api(cast)).json()["items"]
    assert listed[0] == {key: value for key, value in link.items() if key not in ("url", "qr")}
    assert link["url"].rpartition("/")[2] not in cast.ada.get(page(cast)).text


def test_the_code_is_an_image_and_nothing_else(cast: Cast) -> None:
    code = cast.ada.post(api(cast), json={"name": "</svg><script>"}).json()["qr"]

    assert code.startswith("<svg")
    assert code.rstrip().endswith("</svg>")
    assert "script" not in code
    assert "style" not in code


def test_every_choice_is_kept(cast: Cast, database: Database) -> None:
    end = now() + timedelta(days=3)
    chosen = {
        "name": "  The   label ",
        "password": "ask the drummer",
        "expires_at": end.isoformat(),
        "may_comment": False,
        "may_download": True,
        "versions": [str(cast.version)],
    }

    link = cast.ada.post(api(cast), json=chosen).json()

    assert link["name"] == "The label"
    assert (link["may_comment"], link["may_download"], link["has_password"]) == (False, True, True)
    assert link["versions"] == [str(cast.version)]
    kept = row(database, link["id"])
    assert abs((kept.expires_at or now()) - end) < timedelta(milliseconds=1)
    assert kept.password_hash and password_matches("ask the drummer", kept.password_hash)
    assert kept.created_by == cast.ada_id


def test_it_is_nothing_that_listeners_are_told(cast: Cast, events: Callable[[], list[Any]]) -> None:
    before = events()

    cast.ada.post(api(cast), json={})

    assert events() == before


def test_repeated_it_makes_another(cast: Cast, count: Count) -> None:
    before = count(ReviewLink)

    first, second = (cast.ada.post(api(cast), json={"name": "same"}).json() for _ in range(2))

    assert first["url"] != second["url"]
    assert count(ReviewLink) == before + 2


def test_guests_may_not_and_outsiders_are_told_there_is_nothing(cast: Cast, count: Count) -> None:
    before = count(ReviewLink)
    for who, status in ((cast.gil, 403), (cast.lou, 403), (cast.cleo, 404), (cast.stranger, 404)):
        assert who.post(api(cast), json={}).status_code == status
        assert who.get(api(cast)).status_code == status
        assert who.post(page(cast), data={"name": "x"}).status_code == status
    assert cast.ada.post(f"/api/songs/{uuid4()}/links", json={}).status_code == 404
    assert count(ReviewLink) == before


def test_nobody_from_outside_makes_us_hash(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr("server.sharing.api.hash_password", hashed.append)

    for who in (*cast.outsiders, cast.gil):
        who.post(api(cast), json={"password": "a long password"})

    assert hashed == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "x" * 121}, "name"),
        ({"name": 7}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"may_comment": "yes"}, "may_comment"),
        ({"versions": []}, "versions"),
        ({"versions": [str(uuid4())]}, "versions"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_nonsense_is_named(cast: Cast, count: Count, wrong: dict[str, Any], field: str) -> None:
    before = count(ReviewLink)

    answer = cast.ada.post(api(cast), json=wrong)

    assert answer.status_code == 422
    assert field in answer.json()["error"]["details"]["fields"]
    assert count(ReviewLink) == before


def test_a_word_or_an_id_that_is_no_choice_of_versions_is_refused(cast: Cast, count: Count) -> None:
    before = count(ReviewLink)
    for versions in ("newest", str(cast.version), ["latest"], None, {"all": True}):
        answer = cast.ada.post(api(cast), json={"versions": versions})
        assert answer.status_code == 422
        assert list(answer.json()["error"]["details"]["fields"]) == ["versions"]
    assert count(ReviewLink) == before


def test_a_version_of_another_song_is_refused(cast: Cast, database: Database) -> None:
    other = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]

    answer = cast.ada.post(f"/api/songs/{other}/links", json={"versions": [str(cast.version)]})

    assert answer.status_code == 422
    assert "versions of this song" in answer.json()["error"]["message"]


def test_the_page_makes_it_and_shows_it_once(cast: Cast) -> None:
    answer = cast.ada.post(page(cast), data={"name": "Grandma", "may_comment": "1", "versions": "all"})

    assert answer.status_code == 200
    url = answer.text.partition('value="http://earmark.test')[2].partition('"')[0]
    assert url.startswith("/r/")
    assert "<svg" in answer.text
    link = cast.ada.get(api(cast)).json()["items"][0]
    assert (link["name"], link["may_comment"], link["may_download"]) == ("Grandma", True, False)
    assert cast.stranger.get(url).status_code == 200


def test_a_box_that_is_not_ticked_is_a_no(cast: Cast) -> None:
    cast.ada.post(page(cast), data={"name": "", "may_download": "1"})

    link = cast.ada.get(api(cast)).json()["items"][0]
    assert (link["may_comment"], link["may_download"]) == (False, True)


def test_the_page_takes_chosen_versions(cast: Cast, database: Database) -> None:
    second = another_version(cast, database)
    chosen = {"versions": "chosen", "version": [str(cast.version), str(second)]}

    cast.ada.post(page(cast), data=chosen)

    assert cast.ada.get(api(cast)).json()["items"][0]["versions"] == chosen["version"]


def test_a_day_is_kept_to_its_end(cast: Cast) -> None:
    day = (now() + timedelta(days=10)).astimezone().date()

    cast.ada.post(page(cast), data={"expires_at": day.isoformat()})

    end = cast.ada.get(api(cast)).json()["items"][0]["expires_at"]
    local = datetime.fromisoformat(end).astimezone()
    assert (local.date() - day, local.time().isoformat()) == (timedelta(days=1), "00:00:00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"expires_at": "soon"}, "expires_at"),
        ({"expires_at": "2020-01-01"}, "expires_at"),
        ({"expires_at": "9999-12-31"}, "expires_at"),
        ({"password": "short"}, "password"),
        ({"versions": "chosen"}, "versions"),
        ({"versions": "chosen", "version": "not-an-id"}, "versions"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_the_page_comes_back_with_a_sentence_beside_the_field(
    cast: Cast, count: Count, wrong: dict[str, str], field: str
) -> None:
    before = count(ReviewLink)

    answer = cast.ada.post(page(cast), data={"name": "For <Jo>", "may_download": "1"} | wrong)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="short"' not in answer.text
    if "name" not in wrong:
        assert "For &lt;Jo&gt;" in answer.text
    assert count(ReviewLink) == before


def test_looking_at_the_page_with_head_makes_none(cast: Cast, count: Count) -> None:
    before = count(ReviewLink)

    assert cast.ada.head(page(cast)).status_code == 200

    assert count(ReviewLink) == before


def test_the_public_address_is_used_where_it_is_set(cast: Cast, client: TestClient) -> None:
    state = client.app.state  # type: ignore[attr-defined]
    state.settings = state.settings.model_copy(update={"public_url": "https://demos.example.org"})

    url = cast.ada.post(api(cast), json={}).json()["url"]

    assert url.startswith("https://demos.example.org/r/")


def test_markup_in_a_name_is_text(cast: Cast, database: Database) -> None:
    cast.ada.post(api(cast), json={"name": "<img src=x onerror=alert(1)>"})

    assert "<img src=x" not in cast.ada.get(page(cast)).text


def test_the_moment_of_ending_may_name_its_time_zone(cast: Cast, database: Database) -> None:
    link = cast.ada.post(api(cast), json={"expires_at": "2099-01-01T12:00:00+02:00"}).json()

    assert link["expires_at"] in ("2099-01-01T10:00:00Z", "2099-01-01T10:00:00+00:00")
