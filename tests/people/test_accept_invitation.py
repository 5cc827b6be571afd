from collections.abc import Callable

import pytest
from sqlmodel import Session, SQLModel, select

from server.database import Database, now
from server.errors import AppError
from server.people import accounts, bands
from server.people.models import Band, Invitation, Membership, Person
from tests.cast import PASSWORD, PASSWORD_HASH, Cast
from tests.databases import at_once, both_databases

pytestmark = both_databases

Count = Callable[[type[SQLModel]], int]
DANA = {"name": "Dana", "email": "dana@example.org", "password": "drums and more drums"}


@pytest.fixture
def secret(cast: Cast, database: Database) -> str:
    def invite(session: Session) -> str:
        ada, band = session.get_one(Person, cast.ada_id), session.get_one(Band, cast.band)
        return bands.invite(session, band, ada, "")

    return database.write(invite)


def test_somebody_new_makes_an_account_and_is_in(cast: Cast, secret: str, database: Database) -> None:
    page = cast.stranger.get(f"/invitations/{secret}")
    assert "The Lanterns" in page.text
    assert "Ada asks you to join" in page.text

    answer = cast.stranger.post(f"/invitations/{secret}", data=DANA)

    assert (answer.status_code, answer.url.path) == (200, f"/bands/{cast.band}")
    assert cast.stranger.get(f"/songs/{cast.song}").status_code == 200
    dana = database.read(lambda session: accounts.person_with_email(session, "dana@example.org"))
    assert dana
    mine = database.read(lambda session: bands.membership(session, cast.band, dana.id))
    assert mine and mine.role == "member"


def test_somebody_with_an_account_signs_in_and_joins(cast: Cast, secret: str, count: Count) -> None:
    before = count(Person)
    page = cast.stranger.get(f"/invitations/{secret}").text
    assert f"/sign-in?next=/invitations/{secret}" in page
    fields = {"email": "cleo@example.org", "password": PASSWORD, "next": f"/invitations/{secret}"}
    led_to = cast.stranger.post("/sign-in", data=fields)
    assert "signed in as <strong>Cleo" in led_to.text

    answer = cast.stranger.post(f"/invitations/{secret}")

    assert answer.url.path == f"/bands/{cast.band}"
    assert cast.cleo.get(f"/songs/{cast.song}").status_code == 200
    assert count(Person) == before


def test_it_lets_one_person_in(cast: Cast, secret: str, count: Count) -> None:
    cast.stranger.post(f"/invitations/{secret}", data=DANA)
    before = count(Person)

    page = cast.cleo.get(f"/invitations/{secret}")
    answer = cast.cleo.post(f"/invitations/{secret}")

    assert (page.status_code, answer.status_code) == (404, 404)
    assert "used, withdrawn, or is too old" in answer.text
    assert cast.cleo.get(f"/songs/{cast.song}").status_code == 404
    assert count(Person) == before


def test_two_at_once_do_not_both_come_in(secret: str, database: Database, count: Count) -> None:
    def accept(email: str) -> Callable[[Session], Invitation]:
        def join(session: Session) -> Invitation:
            person = accounts.add_person(session, email=email, name="x", password_hash=PASSWORD_HASH)
            return bands.accept_invitation(session, secret, person)

        return join

    before = count(Membership), count(Person)
    outcomes = at_once(database, accept("dana@example.org"), accept("eve@example.org"))

    assert isinstance(outcomes[1], AppError)
    assert (count(Membership), count(Person)) == (before[0] + 1, before[1] + 1)


def test_a_member_who_tries_it_does_not_use_it_up(cast: Cast, secret: str, count: Count) -> None:
    before = count(Membership)
    for _ in range(2):
        assert cast.ben.post(f"/invitations/{secret}", follow_redirects=False).status_code == 303
    assert count(Membership) == before

    assert cast.stranger.post(f"/invitations/{secret}", data=DANA).status_code == 200


def test_an_address_that_has_an_account_is_said_beside_its_field(
    cast: Cast, secret: str, count: Count
) -> None:
    before = count(Person), count(Membership)

    answer = cast.stranger.post(f"/invitations/{secret}", data=DANA | {"email": "BEN@example.org"})

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert "already an account" in answer.text
    assert (count(Person), count(Membership)) == before
    assert cast.stranger.get(f"/invitations/{secret}").status_code == 200


def test_two_accounts_of_one_address_cannot_be_made_at_once(database: Database, count: Count) -> None:
    def add(session: Session) -> Person:
        return accounts.add_person(session, email="x@example.org", name="x", password_hash=PASSWORD_HASH)

    outcomes = at_once(database, add, add)

    assert isinstance(outcomes[1], AppError)
    assert outcomes[1].status == 422
    assert count(Person) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"email": "dana"}, "email"), ({"password": "short"}, "password")],
)
def test_what_is_wrong_is_said_beside_its_field(
    cast: Cast, secret: str, count: Count, wrong: dict[str, str], field: str
) -> None:
    before = count(Person)

    answer = cast.stranger.post(f"/invitations/{secret}", data=DANA | wrong)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert count(Person) == before
    assert cast.stranger.post(f"/invitations/{secret}", data=DANA).status_code == 200


def test_a_made_up_invitation_is_nothing(cast: Cast, secret: str, count: Count) -> None:
    before = count(Person)
    for made_up in ("guess", secret + "x", secret.swapcase(), "%00"):
        assert cast.cleo.get(f"/invitations/{made_up}").status_code == 404
        assert cast.cleo.post(f"/invitations/{made_up}").status_code == 404
        assert cast.stranger.post(f"/invitations/{made_up}", data=DANA).status_code == 404
    assert count(Person) == before


def test_one_that_is_too_old_lets_nobody_in(cast: Cast, secret: str, database: Database) -> None:
    def age(session: Session) -> None:
        session.exec(select(Invitation)).one().expires_at = now()

    database.write(age)

    assert cast.cleo.post(f"/invitations/{secret}").status_code == 404
    assert cast.cleo.get(f"/bands/{cast.band}").status_code == 404


def test_looking_at_it_with_head_joins_nobody(cast: Cast, secret: str) -> None:
    assert cast.cleo.head(f"/invitations/{secret}").status_code == 200

    assert cast.cleo.get(f"/bands/{cast.band}").status_code == 404
