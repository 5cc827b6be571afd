"""The address that signs a person in once; `demo` prints one."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from server.database import Database, now
from server.errors import AppError
from server.people import accounts
from server.people.models import OneTimeAddress, Person, SignIn
from server.people.visitors import SIGN_IN_COOKIE
from tests.cast import Cast
from tests.databases import at_once, both_databases

pytestmark = both_databases

Count = Callable[[type[SQLModel]], int]


@pytest.fixture
def secret(cast: Cast, database: Database) -> str:
    def add(session: Session) -> str:
        return accounts.add_one_time_address(
            session, session.get_one(Person, cast.ada_id), f"/songs/{cast.song}"
        )

    return database.write(add)


def test_it_signs_in_and_leads_to_its_page(cast: Cast, secret: str) -> None:
    answer = cast.stranger.get(f"/once/{secret}")

    assert (answer.status_code, answer.url.path) == (200, f"/songs/{cast.song}")
    assert "Night Bus" in answer.text


def test_the_second_time_it_is_used_up(cast: Cast, secret: str, client: TestClient, count: Count) -> None:
    cast.stranger.get(f"/once/{secret}")
    before = count(SignIn)

    answer = client.get(f"/once/{secret}", follow_redirects=False)

    assert answer.status_code == 404
    assert "used already" in answer.text
    assert SIGN_IN_COOKIE not in client.cookies
    assert count(SignIn) == before


def test_two_at_once_sign_in_one(secret: str, database: Database) -> None:
    def use(session: Session) -> OneTimeAddress:
        return accounts.use_one_time_address(session, secret)

    outcomes = at_once(database, use, use)

    assert isinstance(outcomes[0], OneTimeAddress)
    assert isinstance(outcomes[1], AppError)


def test_looking_at_it_with_head_does_not_use_it_up(cast: Cast, secret: str) -> None:
    assert cast.stranger.head(f"/once/{secret}").status_code == 200

    assert cast.stranger.get(f"/once/{secret}", follow_redirects=False).status_code == 303


def test_after_two_days_it_is_too_old(cast: Cast, secret: str, database: Database) -> None:
    def age(session: Session) -> None:
        session.exec(select(OneTimeAddress)).one().expires_at = now()

    database.write(age)

    assert cast.stranger.get(f"/once/{secret}").status_code == 404


def test_a_made_up_one_is_nothing(cast: Cast, secret: str) -> None:
    for made_up in ("guess", secret[:-1], secret + "x", "%00", "%ff"):
        assert cast.stranger.get(f"/once/{made_up}").status_code == 404


def test_the_address_of_the_first_account_signs_nobody_in(
    client: TestClient, database: Database, count: Count
) -> None:
    secret = database.write(lambda session: accounts.add_one_time_address(session, None))

    assert client.get(f"/once/{secret}").status_code == 404

    assert count(SignIn) == 0
    assert client.get(f"/welcome/{secret}").status_code == 200
