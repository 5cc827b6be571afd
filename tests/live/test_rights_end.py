"""Who may no longer listen is out at once, open page or not."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from server.database import Database, now
from server.listening.first_listen import kept_back
from server.people.models import ReviewLink
from server.songs.access import Access
from tests.cast import LiveCast
from tests.databases import both_databases
from tests.live.listening import listening
from tests.live.test_follow_a_song import cookie, say

pytestmark = both_databases


def test_signing_out_ends_the_socket(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), **cookie(cast.ada)) as ada:
        ada.until(lambda message: message["type"] == "hello")
        cast.ada.post("/sign-out")
        assert ada.closed_with() == 4401


def test_revoking_the_link_ends_its_guests_sockets_and_no_others(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with (
        listening(url, song, **cookie(cast.gil)) as gil,
        listening(url, song, since=1, **cookie(cast.lou)) as lou,
    ):
        gil.until(lambda message: message["type"] == "hello")
        assert cast.ada.delete(f"/api/links/{cast.link}").status_code == 204
        assert gil.closed_with() == 4401
        say(cast.ben, cast, "still heard by others")
        lou.until_seq(2)


def test_a_link_revoked_while_its_guest_is_entering_lets_nobody_in(
    url: str, cast: LiveCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def revoked_meanwhile(session: Session, access: Access) -> frozenset[UUID]:
        assert cast.ada.delete(f"/api/links/{cast.link}").status_code == 204
        return kept_back(session, access)

    monkeypatch.setattr("server.live.socket.kept_back", revoked_meanwhile)
    with listening(url, str(cast.song), **cookie(cast.gil)) as gil:
        assert gil.closed_with() == 4401


def test_taking_the_song_away_ends_every_socket(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), **cookie(cast.gil)) as gil:
        gil.until(lambda message: message["type"] == "hello")
        cast.ada.delete(f"/api/songs/{cast.song}")
        assert gil.closed_with() == 4401


def test_leaving_the_band_ends_the_socket(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), **cookie(cast.ben)) as ben:
        hello = ben.until(lambda message: message["type"] == "hello")
        cast.ada.post(f"/bands/{cast.band}/members/{hello['you']['id']}/leave")
        assert ben.closed_with() == 4401


def test_outsiders_and_unknown_songs_get_4404(url: str, cast: LiveCast) -> None:
    for outsider in cast.outsiders:
        with listening(url, str(cast.song), **cookie(outsider)) as ear:
            assert ear.closed_with() == 4404
    with listening(url, str(uuid4()), **cookie(cast.ada)) as ear:
        assert ear.closed_with() == 4404


def test_an_expired_link_gets_4404(url: str, cast: LiveCast, database: Database) -> None:
    def expire(session: Session) -> None:
        link = session.get_one(ReviewLink, cast.link)
        link.expires_at = now()
        session.add(link)

    database.write(expire)
    with listening(url, str(cast.song), **cookie(cast.gil)) as gil:
        assert gil.closed_with() == 4404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_sites_page_is_refused(url: str, cast: LiveCast, origin: str) -> None:
    with listening(url, str(cast.song), Origin=origin, **cookie(cast.ada)) as ada:
        assert ada.closed_with() == 4403
