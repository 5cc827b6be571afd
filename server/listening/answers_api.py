"""Answers over JSON: given, taken back, brought back, and what they come to."""

from functools import partial
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.blobs import Blobs
from server.database import database_of
from server.difference.kept import kept_features
from server.events.objects import AnswerShape, QuestionShape
from server.listening.access import answer_to_change, question_to_answer
from server.listening.agreement import Agreement, agreement_on
from server.listening.answers import NewAnswer, answers_of, bring_back, give_answer, take_back
from server.listening.first_listen import only_of
from server.listening.measured import Heard, Measured
from server.listening.questions import questions_of
from server.listening.shapes import AgreementShape
from server.operations import ItemList, Operation, answer, parsed
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import version_to_hear
from server.songs.api import blobs_of
from server.songs.models import Version
from server.songs.preparing import heard_key

Agreed = list[tuple[QuestionShape, Agreement]]


async def list_answers(request: Request) -> Response:
    def find(session: Session) -> ItemList[AnswerShape]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        return ItemList(items=answers_of(session, version.id, only_of=only_of(session, access, version)))

    return answer(await database_of(request).reading(find))


async def list_agreement(request: Request) -> Response:
    def find(session: Session) -> tuple[Version, Agreed, bool]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        answers = answers_of(session, version.id, only_of=only_of(session, access, version))
        agreed = [
            (question, agreement_on(question, [one for one in answers if one.question == question.id]))
            for question in questions_of(session, version.id)
        ]
        return version, agreed, access.member

    version, agreed, member = await database_of(request).reading(find)
    measure = partial(_measured, blobs_of(request), version, agreed)
    measured = await run_in_threadpool(measure) if member and agreed else {}
    items = [
        AgreementShape.of(question.id, found, measured.get(question.id, [])) for question, found in agreed
    ]
    return answer(ItemList[AgreementShape](items=items))


def _measured(blobs: Blobs, version: Version, agreed: Agreed) -> dict[UUID, list[Measured]]:
    """Nothing while the version is not measured yet; the page asks again when it is."""
    key = heard_key(version.sha256)
    if blobs.size(key) is None:
        return {}
    heard = Heard(kept_features(blobs.get(key)), (version.loudness or {}).get("integrated_lufs"))
    return {question.id: heard.about(question, agreement) for question, agreement in agreed}


async def answer_question(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, NewAnswer)

    def add(session: Session) -> tuple[AnswerShape, bool]:
        given, id = credentials(request), request.path_params["question"]
        return give_answer(session, *question_to_answer(session, given, id), form)

    given, new = await database_of(request).writing(add)
    return answer(given, 201 if new else 200)


async def take_back_answer(request: Request) -> Response:
    await spend(request, WRITES)

    def remove(session: Session) -> None:
        take_back(session, answer_to_change(session, credentials(request), request.path_params["answer"])[2])

    await database_of(request).writing(remove)
    return Response(status_code=204)


async def bring_back_answer(request: Request) -> Response:
    await spend(request, WRITES)

    def restore(session: Session) -> AnswerShape:
        given, id = credentials(request), request.path_params["answer"]
        return bring_back(session, *answer_to_change(session, given, id))

    return answer(await database_of(request).writing(restore))


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/answers",
        list_answers,
        "The answers to a version's questions",
        gives=ItemList[AnswerShape],
        errors=(404,),
    ),
    Operation(
        "GET",
        "/api/versions/{version:uuid}/agreement",
        list_agreement,
        "Where listeners agree and where they scatter; for the band also what the file measures there",
        gives=ItemList[AgreementShape],
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/questions/{question:uuid}/answers",
        answer_question,
        "Answer a question; all but moments have one answer of each listener, the latest",
        takes=NewAnswer,
        gives=AnswerShape,
        status=201,
        also=(200,),
        errors=(404, 409, 422),
    ),
    Operation(
        "DELETE",
        "/api/answers/{answer:uuid}",
        take_back_answer,
        "Take an answer back",
        status=204,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/answers/{answer:uuid}/restore",
        bring_back_answer,
        "Bring it back",
        gives=AnswerShape,
        errors=(404, 409),
    ),
]
