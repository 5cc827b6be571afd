"""One tap at a second: everybody who may comment may, the same again is merged, and one's own can be taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Client

from server.database import Database
from server.events.objects import ReactionShape
from server.feedback.models import Reaction
from server.feedback.reactions import NewReaction, add_reaction
from server.people.visitors import credentials
from server.songs.access import version_to_comment_on
from tests.cast import Cast
from tests.databases import at_once, both_databases

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]
Count = Callable[[type[Reaction]], int]


def address(cast: Cast) -> str:
    return f"/api/versions/{cast.version}/reactions"


def tapped(client: Client, cast: Cast, kind: str = "love", at: float = 10.0, **more: Any) -> dict[str, Any]:
    answer = client.post(address(cast), json={"kind": kind, "at": at, **more})
    assert answer.status_code in (200, 201), answer.text
    reaction: dict[str, Any] = answer.json()
    return reaction


def listed(client: Client, cast: Cast) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(address(cast)).raise_for_status().json()["items"]
    return items


def test_members_and_guests_react_and_all_see_it(cast: Cast, events: Events) -> None:
    id = str(uuid4())
    first = cast.gil.post(address(cast), json={"id": id, "kind": "goosebumps", "at": 12.3456})
    second = tapped(cast.ben, cast, "too-loud", 4.0)

    assert first.status_code == 201
    reaction = first.json()
    assert (reaction["id"], reaction["kind"], reaction["at"]) == (id, "goosebumps", 12.346)
    assert (reaction["author"]["name"], reaction["author"]["kind"]) == ("Gil", "guest")
    assert second["author"]["kind"] == "person"
    for anybody in (cast.ada, cast.gil, cast.lou):
        assert listed(anybody, cast) == [second, reaction]
    assert [(event["type"], event["reaction"]) for event in events()[1:]] == [
        ("reaction.added", reaction),
        ("reaction.added", second),
    ]


def test_sent_twice_it_exists_once(cast: Cast, events: Events, count: Count) -> None:
    tap = {"id": str(uuid4()), "kind": "love", "at": 3.0}

    answers = [cast.gil.post(address(cast), json=tap) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert (count(Reaction), len(events())) == (1, 2)


@pytest.mark.parametrize("later", [0.0, 2.999, -2.999])
def test_the_same_feeling_within_three_seconds_is_one(
    cast: Cast, events: Events, count: Count, later: float
) -> None:
    first = tapped(cast.gil, cast, at=10.0)

    again = cast.gil.post(address(cast), json={"id": str(uuid4()), "kind": "love", "at": 10.0 + later})

    assert (again.status_code, again.json()) == (200, first)
    assert (count(Reaction), len(events())) == (1, 2)


def test_another_place_another_feeling_and_another_listener_count_on_their_own(
    cast: Cast, count: Count
) -> None:
    tapped(cast.gil, cast, "love", 10.0)
    tapped(cast.gil, cast, "love", 13.0)
    tapped(cast.gil, cast, "lost-me", 10.0)
    tapped(cast.ada, cast, "love", 10.0)

    assert count(Reaction) == 4


def test_two_taps_at_once_are_merged_too(cast: Cast, database: Database, count: Count) -> None:
    given = credentials_of(cast.gil)

    def tap(session: Any) -> tuple[ReactionShape, bool]:
        access, version = version_to_comment_on(session, given, cast.version)
        return add_reaction(session, access, version, NewReaction(id=uuid4(), kind="love", at=5.0))

    first, second = at_once(database, tap, tap)

    assert not isinstance(first, Exception) and not isinstance(second, Exception)
    assert (first[1], second[1]) == (True, False)
    assert first[0] == second[0]
    assert count(Reaction) == 1


def credentials_of(client: Client) -> Any:
    """What the server reads from a browser's cookies."""
    connection = type("Connection", (), {"headers": {}, "cookies": dict(client.cookies)})
    return credentials(connection)  # type: ignore[arg-type]


def test_one_takes_ones_own_back_and_brings_it_back(cast: Cast, events: Events) -> None:
    reaction = tapped(cast.gil, cast)
    one = f"/api/reactions/{reaction['id']}"

    assert [cast.gil.delete(one).status_code for _ in range(2)] == [204, 204]
    assert listed(cast.ada, cast) == []
    restored = [cast.gil.post(f"{one}/restore") for _ in range(2)]

    assert [(answer.status_code, answer.json()) for answer in restored] == [(200, reaction)] * 2
    assert listed(cast.ada, cast) == [reaction]
    assert [(event["type"], event["reaction"]["removed"]) for event in events()[2:]] == [
        ("reaction.removed", True),
        ("reaction.added", False),
    ]


def test_brought_back_beside_the_same_tapped_anew_it_stays_one(cast: Cast) -> None:
    first = tapped(cast.gil, cast, at=10.0)
    cast.gil.delete(f"/api/reactions/{first['id']}")
    second = tapped(cast.gil, cast, at=11.0)

    assert cast.gil.post(f"/api/reactions/{first['id']}/restore").json() == second
    assert listed(cast.ada, cast) == [second]


def test_nobody_takes_back_somebody_elses(cast: Cast) -> None:
    reaction = tapped(cast.gil, cast)
    one = f"/api/reactions/{reaction['id']}"

    for other in (cast.ada, cast.lou):
        assert other.delete(one).status_code == 403
    for outsider in cast.outsiders:
        assert outsider.delete(one).status_code == 404
    assert listed(cast.ada, cast) == [reaction]
    cast.gil.delete(one)
    for other in (cast.ada, cast.lou, *cast.outsiders):
        assert other.post(f"{one}/restore").status_code == 404
    assert cast.gil.delete(f"/api/reactions/{uuid4()}").status_code == 404


def test_who_may_only_listen_may_not_react_and_outsiders_find_nothing(cast: Cast, count: Count) -> None:
    tap = {"kind": "love", "at": 1.0}

    assert cast.lou.post(address(cast), json=tap).status_code == 403
    for outsider in cast.outsiders:
        assert outsider.post(address(cast), json=tap).status_code == 404
        assert outsider.get(address(cast)).status_code == 404
    assert count(Reaction) == 0


def test_an_id_that_belongs_to_somebody_else_is_refused(cast: Cast) -> None:
    tap = {"id": str(uuid4()), "kind": "love", "at": 3.0}
    cast.gil.post(address(cast), json=tap)

    assert cast.ben.post(address(cast), json=tap).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "hate"}, "kind"),
        ({"kind": 3}, "kind"),
        ({"at": -1}, "at"),
        ({"at": "1:23"}, "at"),
        ({"at": 61}, "at"),
        ({"id": "not-an-id"}, "id"),
        ({"words": "too many"}, "words"),
    ],
)
def test_nonsense_is_named(cast: Cast, count: Count, wrong: dict[str, Any], field: str) -> None:
    answer = cast.ben.post(address(cast), json={"at": 3, "kind": "love"} | wrong)

    assert answer.status_code == 422
    assert field in answer.json()["error"]["details"]["fields"]
    assert count(Reaction) == 0


def test_a_long_list_comes_in_pages_in_the_order_of_the_music(cast: Cast) -> None:
    for number in range(7):
        tapped(cast.gil, cast, at=float((number * 4 + 12) % 28))
    ids: list[UUID] = []
    after = ""
    while True:
        page = cast.ada.get(f"{address(cast)}?limit=3{after}").json()
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert ids == [item["id"] for item in listed(cast.ada, cast)]
    assert [item["at"] for item in listed(cast.ada, cast)] == [0, 4, 8, 12, 16, 20, 24]
    assert cast.ada.get(f"{address(cast)}?after=nonsense").status_code == 422


def test_the_page_is_drawn_with_them(cast: Cast) -> None:
    reaction = tapped(cast.gil, cast)

    page = cast.lou.get(f"/songs/{cast.song}")

    assert page.status_code == 200
    assert reaction["id"] in page.text
