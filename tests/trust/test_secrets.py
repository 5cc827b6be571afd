"""What we hand out is kept as a hash only, and stands in no log."""

import base64
import re
from pathlib import Path

import httpx2
import pytest
from sqlmodel import Session

from server.database import Database
from server.migrations import migrate_database
from server.people import accounts
from server.people.passwords import hash_password, password_matches
from server.people.secrets import hash_of, new_secret
from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE
from tests.services.server import LiveServer

PASSWORD, LINK_PASSWORD, WRONG = "correct horse battery", "a staple for the link", "a password mistyped"


def test_a_secret_has_128_bits_and_is_never_the_same() -> None:
    made = {new_secret() for _ in range(1000)}

    assert len(made) == 1000
    assert {len(base64.urlsafe_b64decode(secret + "==")) for secret in made} == {16}
    bits = [int.from_bytes(base64.urlsafe_b64decode(secret + "==")) for secret in made]
    ones = [sum(bit >> place & 1 for bit in bits) for place in range(128)]
    assert all(350 < count < 650 for count in ones)  # every bit is random, not only some


def test_a_password_is_kept_by_argon2_with_a_salt_of_its_own() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)

    assert first != second
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", first)
    assert password_matches(PASSWORD, first)
    assert not password_matches(PASSWORD + " ", first)
    assert not password_matches(PASSWORD, None)


@pytest.fixture
def server_with_a_past(live_server: LiveServer) -> tuple[LiveServer, dict[str, str]]:
    """A real server on which everything was done that hands out a secret, and those secrets by name."""
    welcome = re.search(r"/welcome/([\w-]+)", live_server.log)
    assert welcome
    secrets = {"password": PASSWORD, "link password": LINK_PASSWORD, "mistyped password": WRONG}
    with (
        httpx2.Client(base_url=live_server.url, timeout=30) as ada,
        httpx2.Client(base_url=live_server.url, timeout=30) as gil,
    ):
        account = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "band": "The Lanterns"}
        assert ada.post(f"/welcome/{welcome[1]}", data=account).status_code == 303
        secrets["sign-in cookie"] = ada.cookies[SIGN_IN_COOKIE]
        wrong = ada.post("/sign-in", data={"email": "ada@example.org", "password": WRONG})
        assert wrong.status_code == 422
        token = re.search(
            r'id="new-token" value="([\w-]+)"', ada.post("/account/tokens", data={"name": "x"}).text
        )
        assert token
        secrets["token"] = token[1]
        song = ada.post("/api/songs", json={"title": "Night Bus"}).json()["id"]
        band = re.search(r'name="band" value="([\w-]+)"', ada.get("/").text)
        assert band
        page = ada.post(f"/bands/{band[1]}/invitations", data={}).text
        invitation = re.search(r"/invitations/([\w-]{22})\"", page)
        assert invitation
        secrets["invitation"] = invitation[1]
        made = ada.post(f"/api/songs/{song}/links", json={"password": LINK_PASSWORD})
        secrets["link"] = made.json()["url"].rpartition("/")[2]
        door = f"/r/{secrets['link']}"
        assert gil.post(door, data={"name": "Gil", "password": WRONG}).status_code == 422
        assert gil.post(door, data={"name": "Gil", "password": LINK_PASSWORD}).status_code == 303
        assert gil.get(door).status_code == 200
        secrets["guest cookie"] = gil.cookies[GUEST_COOKIE]
        # Things go wrong, too, with a secret in the address.
        gil.get(f"/r/{secrets['link']}/nothing")
        gil.request("BREW", door, content=b"x" * 300_000)
    assert all(len(secret) >= 16 for secret in secrets.values())
    return live_server, secrets


def test_neither_the_database_nor_a_log_holds_one(
    server_with_a_past: tuple[LiveServer, dict[str, str]],
) -> None:
    server, secrets = server_with_a_past
    server.stop()
    files = [path for path in server.data.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files) + server.log.encode()

    assert hash_of(secrets["link"]).encode() in kept  # what is looked for would be found
    assert [name for name, secret in secrets.items() if secret.encode() in kept] == []


def test_the_search_would_find_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'earmark.db'}"
    migrate_database(url)
    database = Database(url)

    def add(session: Session) -> None:
        accounts.add_person(session, email="a@example.org", name="A", password_hash=PASSWORD)

    database.write(add)
    database.close()
    assert PASSWORD.encode() in (tmp_path / "earmark.db").read_bytes()
