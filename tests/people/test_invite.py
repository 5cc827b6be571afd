import re
from collections.abc import Callable

from sqlmodel import Session, SQLModel, select

from server.database import Database, now
from server.people.models import Invitation
from tests.cast import Cast

Count = Callable[[type[SQLModel]], int]
ADDRESS = re.compile(r"http://earmark\.test(/invitations/[\w-]{22})\b")


def invite(cast: Cast, note: str = "Jo plays drums") -> str:
    """The path of a new invitation, as its page shows it."""
    found = ADDRESS.search(cast.ben.post(f"/bands/{cast.band}/invitations", data={"note": note}).text)
    assert found
    return found[1]


def only_invitation(database: Database) -> Invitation:
    return database.read(lambda session: session.exec(select(Invitation)).one())


def test_a_member_makes_an_invitation_that_is_shown_once(cast: Cast) -> None:
    answer = cast.ben.post(f"/bands/{cast.band}/invitations", data={"note": "Jo plays drums"})

    assert answer.status_code == 200
    path = ADDRESS.search(answer.text)
    assert path
    assert cast.stranger.get(path[1]).status_code == 200
    later = cast.ada.get(f"/bands/{cast.band}").text
    assert "Jo plays drums" in later
    assert "made by Ben" in later
    assert path[1] not in later


def test_each_invitation_is_another(cast: Cast, count: Count) -> None:
    assert invite(cast) != invite(cast)
    assert count(Invitation) == 2


def test_members_see_each_other_on_the_bands_page(cast: Cast) -> None:
    page = cast.ben.get(f"/bands/{cast.band}").text

    assert "ada@example.org" in page
    assert "ben@example.org" in page
    assert "cleo@example.org" not in page


def test_outsiders_and_guests_are_told_there_is_no_such_band(cast: Cast, count: Count) -> None:
    for outsider in (*cast.outsiders, cast.gil):
        assert outsider.get(f"/bands/{cast.band}").status_code == 404
        answer = outsider.post(f"/bands/{cast.band}/invitations", data={"note": "me"})
        assert answer.status_code == 404
        assert "Lanterns" not in answer.text
    assert count(Invitation) == 0


def test_a_note_that_is_too_long_is_said_beside_the_field(cast: Cast, count: Count) -> None:
    answer = cast.ben.post(f"/bands/{cast.band}/invitations", data={"note": "x" * 121})

    assert answer.status_code == 422
    assert 'id="note-error"' in answer.text
    assert "x" * 121 in answer.text
    assert count(Invitation) == 0


def test_markup_in_a_note_is_text(cast: Cast) -> None:
    invite(cast, "<script>alert(1)</script>")

    page = cast.ada.get(f"/bands/{cast.band}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_withdrawn_invitation_lets_nobody_in(cast: Cast, database: Database, count: Count) -> None:
    path, id = invite(cast), only_invitation(database).id

    answer = cast.ada.post(f"/invitations/{id}/withdraw", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/bands/{cast.band}")
    assert cast.stranger.get(path).status_code == 404
    assert count(Invitation) == 0
    assert cast.ada.post(f"/invitations/{id}/withdraw").status_code == 404


def test_outsiders_and_guests_withdraw_nothing(cast: Cast, database: Database) -> None:
    path, id = invite(cast), only_invitation(database).id

    for outsider in (*cast.outsiders, cast.gil):
        assert outsider.post(f"/invitations/{id}/withdraw").status_code == 404

    assert cast.stranger.get(path).status_code == 200


def test_an_invitation_that_is_too_old_leaves_the_page(cast: Cast, database: Database) -> None:
    path = invite(cast)

    def age(session: Session) -> None:
        session.exec(select(Invitation)).one().expires_at = now()

    database.write(age)

    assert cast.stranger.get(path).status_code == 404
    assert "Jo plays" not in cast.ada.get(f"/bands/{cast.band}").text


def test_the_address_is_the_public_one_when_that_is_set(cast: Cast) -> None:
    app = cast.ada.app
    app.state.settings = app.state.settings.model_copy(update={"public_url": "https://demos.example.org"})  # type: ignore[attr-defined]

    answer = cast.ada.post(f"/bands/{cast.band}/invitations", data={})

    assert "https://demos.example.org/invitations/" in answer.text
