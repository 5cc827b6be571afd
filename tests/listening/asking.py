"""Questions and answers that tests begin with."""

from typing import Any
from uuid import UUID, uuid4

from httpx2 import Client

from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE, Credentials
from tests.cast import Cast, LiveCast

QUESTIONS: dict[str, dict[str, Any]] = {
    "moment": {"kind": "moment", "text": "Where did your attention drift?"},
    "pad": {"kind": "pad", "text": "Where does the singer stand?"},
    "slider": {"kind": "slider", "text": "How loud is the bass?", "part": "the bass"},
    "words": {"kind": "words", "text": "What is it about?"},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "moment": {"at": 12.5},
    "pad": {"across": -0.25, "away": 0.2},
    "slider": {"loudness": 40},
    "words": {"body": "A night bus"},
}


def asked(
    cast: Cast | LiveCast, kind: str = "pad", *, version: UUID | str | None = None, **more: Any
) -> dict[str, Any]:
    """A question of the band's."""
    address = f"/api/versions/{version or cast.version}/questions"
    answer = cast.ada.post(address, json={"id": str(uuid4()), **QUESTIONS[kind], **more})
    assert answer.status_code == 201, answer.text
    question: dict[str, Any] = answer.json()
    return question


def answered(client: Client, question: dict[str, Any], **values: Any) -> dict[str, Any]:
    sent = {"id": str(uuid4()), "revision": question["revision"], **(values or ANSWERS[question["kind"]])}
    answer = client.post(f"/api/questions/{question['id']}/answers", json=sent)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def credentials_of(client: Client) -> Credentials:
    """What the server reads from a browser's cookies."""
    cookies = dict(client.cookies)
    return Credentials(sign_in=cookies.get(SIGN_IN_COOKIE), guest=cookies.get(GUEST_COOKIE))


def questions(client: Client, version: UUID | str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        client.get(f"/api/versions/{version}/questions").raise_for_status().json()["items"]
    )
    return items


def answers(client: Client, version: UUID | str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        client.get(f"/api/versions/{version}/answers").raise_for_status().json()["items"]
    )
    return items


def agreement(client: Client, version: UUID | str) -> dict[str, dict[str, Any]]:
    """By question."""
    items = client.get(f"/api/versions/{version}/agreement").raise_for_status().json()["items"]
    return {item["question"]: item for item in items}
