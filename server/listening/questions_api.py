"""Questions over JSON: asked, rewritten while nobody has answered, withdrawn, asked again."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of
from server.errors import forbidden
from server.events.objects import QuestionKind, QuestionShape, Shape
from server.listening import questions
from server.listening.access import question_to_change
from server.listening.answers import tell_again
from server.listening.questions import ChangedQuestion, NewQuestion
from server.listening.suggested import suggested_for
from server.operations import ItemList, Operation, answer, parsed
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import version_to_change, version_to_hear


class SuggestedShape(Shape):
    """A question that suits the stage; `part` is empty for what is not about one."""

    kind: QuestionKind
    text: str
    part: str


async def list_questions(request: Request) -> Response:
    def find(session: Session) -> ItemList[QuestionShape]:
        _, version = version_to_hear(session, credentials(request), request.path_params["version"])
        return ItemList(items=questions.questions_of(session, version.id))

    return answer(await database_of(request).reading(find))


async def list_suggested_questions(request: Request) -> Response:
    def find(session: Session) -> ItemList[SuggestedShape]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        if not access.member:
            raise forbidden("Only the band asks questions.")
        found = suggested_for(version.stage)
        return ItemList(items=[SuggestedShape(kind=one.kind, text=one.text, part=one.part) for one in found])

    return answer(await database_of(request).reading(find))


async def ask_question(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, NewQuestion)

    def add(session: Session) -> tuple[QuestionShape, bool]:
        access, version = version_to_change(session, credentials(request), request.path_params["version"])
        return questions.ask(session, access, version, form)

    question, new = await database_of(request).writing(add)
    return answer(question, 201 if new else 200)


async def rewrite_question(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, ChangedQuestion)

    def change(session: Session) -> QuestionShape:
        _, question = question_to_change(session, credentials(request), request.path_params["question"])
        return questions.rewrite(session, question, form)

    return answer(await database_of(request).writing(change))


async def withdraw_question(request: Request) -> Response:
    def withdraw(session: Session) -> None:
        given, id = credentials(request), request.path_params["question"]
        questions.withdraw(session, question_to_change(session, given, id, removed=True)[1])

    await database_of(request).writing(withdraw)
    return Response(status_code=204)


async def restore_question(request: Request) -> Response:
    def restore(session: Session) -> QuestionShape:
        given, id = credentials(request), request.path_params["question"]
        version, question = question_to_change(session, given, id, removed=True)
        was_withdrawn = question.removed_at is not None
        shape = questions.restore(session, version, question)
        if was_withdrawn:
            tell_again(session, question)
        return shape

    return answer(await database_of(request).writing(restore))


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/questions",
        list_questions,
        "What the band asks whoever hears a version",
        gives=ItemList[QuestionShape],
        errors=(404,),
    ),
    Operation(
        "GET",
        "/api/versions/{version:uuid}/questions/suggested",
        list_suggested_questions,
        "For the band: questions that suit the version's stage",
        gives=ItemList[SuggestedShape],
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/versions/{version:uuid}/questions",
        ask_question,
        "Ask a question; a version has up to three",
        takes=NewQuestion,
        gives=QuestionShape,
        status=201,
        also=(200,),
        errors=(404, 409, 422),
    ),
    Operation(
        "PATCH",
        "/api/questions/{question:uuid}",
        rewrite_question,
        "Rewrite it, while nobody has answered",
        takes=ChangedQuestion,
        gives=QuestionShape,
        errors=(404, 409, 422),
    ),
    Operation(
        "DELETE",
        "/api/questions/{question:uuid}",
        withdraw_question,
        "Withdraw it; its answers are kept",
        status=204,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/questions/{question:uuid}/restore",
        restore_question,
        "Ask it again, with the answers it had",
        gives=QuestionShape,
        errors=(404, 409),
    ),
]
