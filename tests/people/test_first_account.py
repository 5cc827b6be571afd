"""The first account of an empty Earmark, by the address that `serve` prints."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from server.database import Database, now
from server.errors import AppError
from server.people import accounts
from server.people.models import Band, Membership, OneTimeAddress, Person, SignIn
from tests.cast import PASSWORD_HASH, Cast
from tests.databases import at_once, both_databases

pytestmark = both_databases

Count = Callable[[type[SQLModel]], int]
ADA = {"name": "Ada", "email": "Ada@Example.org", "password": "correct horse battery", "band": "The Lanterns"}


@pytest.fixture
def address(database: Database) -> str:
    secret = database.write(lambda session: accounts.add_one_time_address(session, None))
    return f"/welcome/{secret}"


def test_it_makes_the_account_and_the_band_and_signs_in(
    client: TestClient, address: str, database: Database
) -> None:
    assert "first account" in client.get(address).text

    answer = client.post(address, data=ADA)

    assert (answer.status_code, answer.url.path) == (200, "/")
    assert "The Lanterns" in answer.text
    person = database.read(lambda session: session.exec(select(Person)).one())
    assert (person.name, person.email) == ("Ada", "ada@example.org")
    assert person.password_hash.startswith("$argon2id$")
    role = database.read(lambda session: session.exec(select(Membership)).one()).role
    assert role == "owner"


def test_it_works_once(client: TestClient, address: str, count: Count) -> None:
    client.post(address, data=ADA)
    client.cookies.clear()

    assert client.get(address).status_code == 404
    answer = client.post(address, data=ADA | {"email": "eve@example.org"})

    assert answer.status_code == 404
    assert "already has an account" in answer.text
    assert (count(Person), count(Band)) == (1, 1)


def test_two_at_once_make_one_account(database: Database, address: str, count: Count) -> None:
    other = database.write(lambda session: accounts.add_one_time_address(session, None))

    def make(secret: str, email: str) -> Callable[[Session], accounts.Signed]:
        return lambda session: accounts.first_account(
            session, secret, email=email, name="x", password_hash=PASSWORD_HASH, device=""
        )

    mine = address.removeprefix("/welcome/")
    outcomes = at_once(database, make(mine, "ada@example.org"), make(other, "eve@example.org"))

    assert isinstance(outcomes[1], AppError)
    assert (count(Person), count(SignIn)) == (1, 1)


def test_a_made_up_address_is_nothing(client: TestClient, address: str, count: Count) -> None:
    for made_up in ("/welcome/guess", f"{address}x", "/welcome/%00"):
        assert client.get(made_up).status_code == 404
        assert client.post(made_up, data=ADA).status_code == 404
    assert count(Person) == 0


def test_an_old_address_is_nothing(client: TestClient, address: str, database: Database) -> None:
    def age(session: Session) -> None:
        session.exec(select(OneTimeAddress)).one().expires_at = now()

    database.write(age)
    assert client.get(address).status_code == 404
    assert client.post(address, data=ADA).status_code == 404


def test_an_address_that_signs_somebody_in_makes_no_account(cast: Cast, database: Database) -> None:
    def add(session: Session) -> str:
        return accounts.add_one_time_address(session, session.get_one(Person, cast.ada_id))

    assert cast.stranger.get(f"/welcome/{database.write(add)}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "  "}, "This is needed."),
        ({"name": "x" * 81}, "at most 80"),
        ({"name": "nul\x00"}, "control characters"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"email": "a b@example.org"}, "not an e-mail address"),
        ({"password": "short"}, "8 to 200 characters"),
        ({"password": "x" * 201}, "at most 200"),
        ({"band": ""}, "This is needed."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: TestClient, address: str, count: Count, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.post(address, data=ADA | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{next(iter(wrong))}-error"' in answer.text
    assert (count(Person), count(Band), count(SignIn)) == (0, 0, 0)
    assert client.post(address, data=ADA, follow_redirects=False).status_code == 303


def test_what_was_typed_comes_back_but_not_the_password(client: TestClient, address: str) -> None:
    answer = client.post(address, data=ADA | {"email": "nobody", "name": "Ada <b>"})

    assert "Ada &lt;b&gt;" in answer.text
    assert ADA["password"] not in answer.text
