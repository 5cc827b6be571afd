"""What can be guessed at, or costs much, can be tried so many times in a minute."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from limits import RateLimitItem
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from server.database import Database
from server.feedback.models import Comment
from server.people.models import Guest, ReviewLink
from server.rates import DOORS, SIGN_INS, WRITES, Rates
from tests.cast import PASSWORD, PASSWORD_HASH, Cast, browser

pytestmark = pytest.mark.usefixtures("early_in_a_minute")

Count = Callable[[type[SQLModel]], int]
SENTENCE = "That was too often in a short time. Wait a minute and try again."
SECONDS_OF_A_TEST = 15  # on a busy machine: passwords are slow to check on purpose
RIGHT = {"email": "ada@example.org", "password": PASSWORD}


@pytest.fixture
def used_up(client: TestClient) -> Callable[..., None]:
    """As if somebody had done it as often as they may."""

    def use_up(limit: RateLimitItem, key: str = "testclient", *more: str) -> None:
        rates: Rates = client.app.state.rates  # type: ignore[attr-defined]
        assert client.portal
        for _ in range(limit.amount):
            client.portal.call(partial(rates.spend, limit, key, *more))

    return use_up


def from_elsewhere(client: TestClient, address: str) -> TestClient:
    other = TestClient(client.app, base_url="http://earmark.test", client=(address, 1))
    other.portal = client.portal
    return other


@pytest.fixture
def early_in_a_minute(cast: Cast) -> None:
    """Limits count by the minutes of the clock, and what was done in the last one weighs less and less: the eleventh
    try is let through soon after it, if ten took from one minute into the next. Making the cast takes time as well,
    so that comes before."""
    left = 60 - time.time() % 60
    if left < SECONDS_OF_A_TEST:
        time.sleep(left)


def test_ten_wrong_passwords_and_then_also_the_right_one_has_to_wait(cast: Cast) -> None:
    wrong = [cast.stranger.post("/sign-in", data=RIGHT | {"password": f"guess {n}"}) for n in range(10)]
    assert {answer.status_code for answer in wrong} == {422}

    answer = cast.stranger.post("/sign-in", data=RIGHT)

    assert answer.status_code == 429
    assert f'role="alert">{SENTENCE}' in answer.text
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert "set-cookie" not in answer.headers


def test_another_address_is_not_held_up_by_it(
    client: TestClient, cast: Cast, used_up: Callable[..., None]
) -> None:
    used_up(SIGN_INS)

    answer = from_elsewhere(client, "10.0.0.2").post("/sign-in", data=RIGHT, follow_redirects=False)

    assert answer.status_code == 303


def test_one_account_is_not_guessed_at_from_many_addresses(client: TestClient, cast: Cast) -> None:
    for n in range(10):
        from_elsewhere(client, f"10.0.0.{n}").post("/sign-in", data=RIGHT | {"password": "guess"})

    answer = from_elsewhere(client, "10.0.1.1").post("/sign-in", data=RIGHT | {"email": "ADA@example.org"})

    assert answer.status_code == 429


def test_the_password_on_the_account_page_is_no_way_around_it(
    cast: Cast, used_up: Callable[..., None]
) -> None:
    used_up(SIGN_INS)

    answer = cast.ada.post("/account/password", data={"current": PASSWORD, "new": "a new horse"})

    assert answer.status_code == 429
    assert SENTENCE in answer.text
    assert "retry-after" in answer.headers


def test_new_accounts_by_invitation_are_counted(cast: Cast, used_up: Callable[..., None]) -> None:
    page = cast.ada.post(f"/bands/{cast.band}/invitations", data={}).text
    path = page.partition("http://earmark.test")[2].partition('"')[0]
    used_up(SIGN_INS)

    answer = cast.stranger.post(
        path, data={"name": "Jo", "email": "jo@example.org", "password": "long enough"}
    )

    assert answer.status_code == 429
    assert SENTENCE in answer.text


def test_the_door_lets_twenty_a_minute_in(client: TestClient, cast: Cast, count: Count) -> None:
    before = count(Guest)
    answers = [
        browser(client).post(f"/r/{cast.link_secret}", data={"name": "Gil"}, follow_redirects=False)
        for _ in range(21)
    ]

    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert SENTENCE in answers[-1].text
    assert "retry-after" in answers[-1].headers
    assert count(Guest) == before + 20


def test_a_links_password_is_not_guessed_at_from_many_addresses(
    client: TestClient, cast: Cast, database: Database, used_up: Callable[..., None]
) -> None:
    def protect(session: Session) -> None:
        session.get_one(ReviewLink, cast.link).password_hash = PASSWORD_HASH

    database.write(protect)
    used_up(DOORS, "link", str(cast.link))

    answer = from_elsewhere(client, "10.0.0.9").post(
        f"/r/{cast.link_secret}", data={"name": "Gil", "password": PASSWORD}
    )

    assert answer.status_code == 429


def test_comments_are_counted(cast: Cast, used_up: Callable[..., None], count: Count) -> None:
    used_up(WRITES)

    answer = cast.gil.post(f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "x"})

    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "too_often"
    assert answer.json()["error"]["message"] == SENTENCE
    assert "retry-after" in answer.headers
    assert count(Comment) == 0


def test_reading_is_not(cast: Cast, used_up: Callable[..., None]) -> None:
    for limit in (SIGN_INS, DOORS, WRITES):
        used_up(limit)

    assert cast.gil.get(f"/r/{cast.link_secret}").status_code == 200
    assert cast.ada.get("/").status_code == 200
