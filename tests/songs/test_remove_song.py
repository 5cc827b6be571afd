from server.database import Database
from server.songs.models import Song
from tests.cast import Cast
from tests.databases import both_databases

pytestmark = both_databases


def is_removed(database: Database, cast: Cast) -> bool:
    return database.read(lambda session: session.get_one(Song, cast.song).removed_at) is not None


def test_a_removed_song_is_gone_for_everybody_and_comes_back(cast: Cast) -> None:
    inside = [
        f"/api/songs/{cast.song}",
        f"/api/songs/{cast.song}/versions",
        f"/api/versions/{cast.version}",
        f"/api/versions/{cast.version}/audio",
        f"/api/versions/{cast.version}/comments",
        f"/songs/{cast.song}",
    ]

    assert cast.ben.delete(f"/api/songs/{cast.song}").status_code == 204

    for browser in (cast.ada, cast.gil):
        assert [browser.get(address).status_code for address in inside] == [404] * len(inside)
    assert cast.ada.get("/api/songs").json()["items"] == []

    back = cast.ada.post(f"/api/songs/{cast.song}/restore")

    assert (back.status_code, back.json()["removed"]) == (200, False)
    for browser in (cast.ada, cast.gil):
        assert [browser.get(address).status_code for address in inside] == [200] * len(inside)


def test_removed_and_restored_twice_it_stays_as_it_is(cast: Cast, database: Database) -> None:
    for _ in range(2):
        assert cast.ada.delete(f"/api/songs/{cast.song}").status_code == 204
        assert is_removed(database, cast)
    for _ in range(2):
        assert cast.ada.post(f"/api/songs/{cast.song}/restore").status_code == 200
        assert not is_removed(database, cast)


def test_the_home_page_offers_to_bring_it_back(cast: Cast) -> None:
    assert cast.ada.post(f"/songs/{cast.song}/remove", follow_redirects=False).status_code == 303
    assert f"/songs/{cast.song}/restore" in cast.ada.get("/").text

    back = cast.ada.post(f"/songs/{cast.song}/restore", follow_redirects=False)

    assert back.headers["location"] == f"/songs/{cast.song}"
    assert cast.ada.get(back.headers["location"]).status_code == 200


def test_a_guest_may_not(cast: Cast, database: Database) -> None:
    assert cast.gil.delete(f"/api/songs/{cast.song}").status_code == 403
    assert not is_removed(database, cast)


def test_outsiders_are_told_there_is_nothing(cast: Cast, database: Database) -> None:
    for outsider in cast.outsiders:
        assert outsider.delete(f"/api/songs/{cast.song}").status_code == 404
    assert not is_removed(database, cast)

    cast.ada.delete(f"/api/songs/{cast.song}")
    for outsider in cast.outsiders:
        assert outsider.post(f"/api/songs/{cast.song}/restore").status_code == 404
    assert is_removed(database, cast)
