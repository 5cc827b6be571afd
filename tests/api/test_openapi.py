"""The API's description, and whether the running server keeps to it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks as openapi_checks
from sqlmodel import Session
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient

from server.app import operations
from server.compare.models import BlindTest
from server.database import Database, now
from server.events.objects import SongShape, VersionShape
from server.feedback.comments import add_comment
from server.feedback.forms import NewComment
from server.feedback.reactions import NewReaction, add_reaction
from server.listening.answers import NewAnswer, give_answer
from server.listening.models import Question
from server.listening.questions import NewQuestion, ask
from server.operations import openapi
from server.people import accounts, bands
from server.people.secrets import new_secret
from server.people.visitors import Credentials
from server.settings import Settings
from server.sharing.links import let_in
from server.songs.access import version_to_comment_on
from server.songs.songs import add_song
from server.songs.versions import Arrival, add_version, original_key
from server.uploads.models import Upload
from tests.cast import PASSWORD_HASH, _make_ready, add_review_link
from tests.services.server import LiveServer

load_all_checks()
DESCRIPTION = openapi(operations(Settings()), title="Earmark", version="test")
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
# Ten by default; what reads sound waits at first for a child that was just started.
SCHEMA.config.update(request_timeout=60)
UNDESCRIBED = {"/api/openapi.json"}  # itself
# What the design lets others rely on.
DESIGNED = {
    ("post", "/api/songs"),
    ("post", "/api/songs/{song}/versions"),
    ("options", "/api/uploads"),
    ("post", "/api/uploads"),
    ("head", "/api/uploads/{upload}"),
    ("patch", "/api/uploads/{upload}"),
    ("delete", "/api/uploads/{upload}"),
    ("get", "/api/versions/{version}"),
    ("get", "/api/versions/{version}/audio"),
    ("get", "/api/versions/{version}/waveform.dat"),
    ("get", "/api/versions/{version}/clip"),
    ("get", "/api/compare"),
    ("get", "/api/versions/{version}/comments"),
    ("post", "/api/versions/{version}/comments"),
    ("patch", "/api/comments/{comment}"),
    ("delete", "/api/comments/{comment}"),
    ("post", "/api/songs/{song}/links"),
    ("delete", "/api/links/{link}"),
}


def described(description: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method, path) for path, methods in description["paths"].items() for method in methods}


def test_it_lists_every_call_there_is(client: TestClient) -> None:
    listed = described(client.get("/api/openapi.json").json())

    routes = [route for route in client.app.routes if not isinstance(route, Mount | WebSocketRoute)]  # type: ignore[attr-defined]
    calls = {
        (method.lower(), route.path_format)
        for route in routes
        if isinstance(route, Route) and route.path.startswith("/api") and route.path not in UNDESCRIBED
        for method in (route.methods or ())
    }
    implied = {("head", path) for method, path in calls if method == "get"}
    assert listed == calls - implied
    assert listed >= DESIGNED


def test_it_is_generated_from_the_models_that_answer(client: TestClient) -> None:
    description = client.get("/api/openapi.json").json()

    assert description["openapi"].startswith("3.1")
    schemas = description["components"]["schemas"]
    for model in (SongShape, VersionShape):
        assert set(schemas[model.__name__]["properties"]) == set(model.model_fields)
    form = description["paths"]["/api/songs/{song}/versions"]["post"]["requestBody"]["content"]
    fields = schemas[form["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]]
    assert set(fields["properties"]) == {"file", "stage", "label", "notes"}
    assert fields["properties"]["file"]["format"] == "binary"
    assert set(fields["required"]) == {"file", "stage"}


@pytest.mark.parametrize("address", ["/api/", "/api/nothing", "/api/songs/5", "/api/versions/x/audio"])
def test_an_address_that_is_none_is_answered_in_json(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_wrong_method_is_told_all_the_right_ones(client: TestClient) -> None:
    one = "00000000-0000-4000-8000-000000000000"
    allowed = {
        f"/api/songs/{one}": "DELETE, GET, HEAD",
        f"/api/songs/{one}/versions": "GET, HEAD, POST",
        f"/api/uploads/{one}": "DELETE, HEAD, PATCH",
        "/api/openapi.json": "GET, HEAD",
    }
    for address, methods in allowed.items():
        answer = client.put(address)
        assert (answer.status_code, answer.headers["allow"]) == (405, methods)
        assert answer.json()["error"]["code"] == "method_not_allowed"


REMOVED_AS_IT_IS = ("comment", "reaction", "question", "answer", "link", "test")


class Playground:
    """A running server, what there is on it, and the headers of those who ask."""

    def __init__(self, folder: Path, migrated: Path) -> None:
        data = folder / "data"
        data.mkdir()
        shutil.copy(migrated, data / "earmark.db")
        self.server = LiveServer(data, arguments=["--no-worker"])
        with closing(Database(f"sqlite:///{data / 'earmark.db'}")) as database:
            self.ids, self.ada, self.gil = database.write(_filled)
        original = data / "blobs" / original_key("0" * 64)
        original.parent.mkdir(parents=True)
        original.write_bytes(b"RIFF not decoded in these tests")

    def on_something_real(self, case: schemathesis.Case[Any]) -> schemathesis.Case[Any]:
        """Random ids lead nowhere; only what would take everything away keeps them."""
        for name in case.path_parameters or {}:
            if case.method != "DELETE" or name in REMOVED_AS_IT_IS:
                case.path_parameters[name] = self.ids[name]
        return case


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Playground]:
    playground = Playground(tmp_path_factory.mktemp("playground"), migrated)
    with playground.server:
        yield playground


# By design, what is not yours is 404 and not 401; a body can be well-formed and still impossible (a range that ends
# before it begins, a file that is no recording); and what one example removed another finds gone.
BEYOND_THE_DESCRIPTION = [
    openapi_checks.ignored_auth,
    openapi_checks.positive_data_acceptance,
    openapi_checks.missing_required_header,
]
BOUNDED = hypothesis.settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)


# Hypothesis picks the examples by the words of a test's head and body: with `Case[Any]` they would be others.
@SCHEMA.parametrize()
@BOUNDED
def test_the_server_keeps_to_it_for_a_member(case: schemathesis.Case, playground: Playground) -> None:  # type: ignore[type-arg]
    playground.on_something_real(case).call_and_validate(
        base_url=playground.server.url, headers=playground.ada, excluded_checks=BEYOND_THE_DESCRIPTION
    )


@SCHEMA.parametrize()
@BOUNDED
def test_the_server_keeps_to_it_for_a_guest(case: schemathesis.Case, playground: Playground) -> None:  # type: ignore[type-arg]
    playground.on_something_real(case).call_and_validate(
        base_url=playground.server.url, headers=playground.gil, excluded_checks=BEYOND_THE_DESCRIPTION
    )


def _filled(session: Session) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    ada = accounts.add_person(session, email="ada@example.org", name="Ada", password_hash=PASSWORD_HASH)
    song = add_song(session, ada, "Night Bus", bands.add_band(session, "The Lanterns", ada).id)
    version = add_version(session, song, ada.id, Arrival("a.wav", 31, "0" * 64, "mixing", "mix 1", ""))
    _make_ready(version)
    session.add(version)
    link = add_review_link(session, song, new_secret())
    token, guest = accounts.add_token(session, ada, "tests"), let_in(session, link, "Gil", None)
    access, row = version_to_comment_on(session, Credentials(bearer=token), version.id)
    comment, _ = add_comment(session, access, row, NewComment(at=1.0, body="Here"))
    reaction, _ = add_reaction(session, access, row, NewReaction(kind="love", at=1.0))
    question, _ = ask(session, access, row, NewQuestion(kind="words", text="What is it about?"))
    asked = session.get_one(Question, question.id)
    answer, _ = give_answer(session, access, row, asked, NewAnswer(revision=1, body="A bus"))
    upload = Upload(
        song_id=song.id,
        person_id=ada.id,
        length=100,
        about={"stage": "mixing"},
        expires_at=now() + accounts.SIGNED_IN_FOR,
    )
    test = BlindTest(
        song_id=song.id,
        a_id=version.id,
        b_id=version.id,
        created_by=ada.id,
        at=1.0,
        until=2.0,
        question="Which?",
        shuffle_key="0" * 32,
    )
    session.add_all([upload, test])
    session.flush()
    things = {
        "song": song,
        "version": version,
        "link": link,
        "comment": comment,
        "reaction": reaction,
        "question": question,
        "answer": answer,
        "upload": upload,
        "test": test,
    }
    return (
        {name: str(thing.id) for name, thing in things.items()} | {"side": "x"},  # type: ignore[attr-defined]
        {"authorization": f"Bearer {token}"},
        {"cookie": f"earmark_guest={guest}"},
    )
