"""What one has seen on one device is told to one's others, and to nobody else."""

from typing import Any

from httpx2 import Client

from tests.cast import LiveCast
from tests.databases import both_databases
from tests.live.listening import listening

pytestmark = both_databases


def cookie(client: Client) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


def said(client: Client, cast: LiveCast, body: str, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/api/versions/{cast.version}/comments", json={"at": 1, "body": body, **more})
    assert answer.status_code == 201, answer.text
    comment: dict[str, Any] = answer.json()
    return comment


def test_a_mark_reaches_the_other_device_and_nobody_else(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    comment = said(cast.gil, cast, "Too loud")
    with (
        listening(url, song, **cookie(cast.ada)) as laptop,
        listening(url, song, **cookie(cast.ada)) as phone,
        listening(url, song, **cookie(cast.ben)) as ben,
        listening(url, song, **cookie(cast.gil)) as gil,
    ):
        for ear in (laptop, phone, ben, gil):
            ear.until(lambda message: message["type"] == "hello")
        answer = cast.ada.post(f"/api/songs/{song}/seen", json={"numbers": [comment["seq"]]}).json()
        told = [ear.until(lambda message: message["type"] == "seen") for ear in (laptop, phone)]
        last = said(cast.gil, cast, "The end")
        for ear in (ben, gil):
            ear.until_seq(last["seq"])

        assert told == [{"type": "seen", **answer}] * 2
        assert answer["unread"] == []
        assert not [message for ear in (ben, gil) for message in ear.messages if message["type"] == "seen"]


def test_a_guest_has_marks_too(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), **cookie(cast.gil)) as gil:
        gil.until(lambda message: message["type"] == "hello")
        comment = said(cast.ada, cast, "@Gil: better?", mentions=[str(cast.gil_id)])
        heard = gil.until_seq(comment["seq"])[-1]["comment"]
        assert heard["mentions"] == comment["mentions"] != []
        cast.gil.post(f"/api/songs/{cast.song}/seen", json={"numbers": [comment["seq"]]})
        assert gil.until(lambda message: message["type"] == "seen")["unread"] == []
