"""One's own account: name, password, where one is signed in, API tokens. Each form works without scripts."""

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.errors import invalid
from server.fields import Name, PageForm, Password
from server.forms import Fields, lead_on, submitted
from server.operations import validated
from server.people import accounts
from server.people.models import ApiToken, SignIn
from server.people.pages import you
from server.people.passwords import hash_password, password_matches
from server.people.visitors import credentials, person_asking, sign_in_row
from server.rates import SIGN_INS, spend
from server.rendering import pages

Own = TypeVar("Own", SignIn, ApiToken)


class NewName(PageForm):
    name: Name


class NewPassword(PageForm):
    current: Password
    new: Password


async def account(request: Request) -> Response:
    return await (_account_page(request) if request.method != "POST" else _rename(request))


async def _rename(request: Request) -> Response:
    async def attempt(fields: Fields) -> Response:
        form = validated(NewName.model_validate, fields)

        def change(session: Session) -> None:
            person = person_asking(session, credentials(request))
            person.name = form.name
            session.add(person)

        await database_of(request).writing(change)
        return lead_on("/account")

    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return await _account_page(request, errors=errors, values=values, status=status)

    return await submitted(request, attempt, again)


async def change_password(request: Request) -> Response:
    async def attempt(fields: Fields) -> Response:
        form = validated(NewPassword.model_validate, fields)
        given = credentials(request)
        person = await database_of(request).reading(lambda session: person_asking(session, given))
        await spend(request, SIGN_INS)
        if not await run_in_threadpool(password_matches, form.current, person.password_hash):
            raise invalid("That is not your password.", current="That is not your password.")
        new_hash = await run_in_threadpool(hash_password, form.new, "new")

        def change(session: Session) -> None:
            accounts.change_password(session, person_asking(session, given), new_hash, given.sign_in)

        await database_of(request).writing(change)
        return lead_on("/account")

    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return await _account_page(request, errors=errors, status=status)

    return await submitted(request, attempt, again)


async def add_token(request: Request) -> Response:
    async def attempt(fields: Fields) -> Response:
        form = validated(NewName.model_validate, fields)

        def add(session: Session) -> str:
            return accounts.add_token(session, person_asking(session, credentials(request)), form.name)

        return await _account_page(request, new_token=await database_of(request).writing(add))

    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        # The page has another field called `name`, the person's own.
        renamed = {"token_name" if key == "name" else key: sentence for key, sentence in errors.items()}
        typed = {"token_name": values.get("name", "")}
        return await _account_page(request, errors=renamed, values=typed, status=status)

    return await submitted(request, attempt, again)


async def _account_page(
    request: Request,
    *,
    errors: dict[str, str] | None = None,
    values: Fields | None = None,
    new_token: str | None = None,
    status: int = 200,
) -> Response:
    def context(session: Session) -> dict[str, Any]:
        given = credentials(request)
        person = person_asking(session, given)
        current = sign_in_row(session, given.sign_in) if given.sign_in else None
        rows = accounts.sign_ins_of(session, person.id)
        return {
            "you": you(person) | {"email": person.email},
            "sign_ins": [
                row.model_dump() | {"current": current is not None and row.id == current.id} for row in rows
            ],
            "tokens": [row.model_dump() for row in accounts.tokens_of(session, person.id)],
        }

    shown = await database_of(request).reading(context)
    form = {"errors": errors or {}, "values": values or {}, "new_token": new_token}
    return pages(request).page("people/account.html", shown | form, status)


async def end_token(request: Request) -> Response:
    return await _end(request, ApiToken)


async def end_sign_in(request: Request) -> Response:
    return await _end(request, SignIn)


async def _end(request: Request, kind: type[Own]) -> Response:
    id: UUID = request.path_params["id"]

    def end(session: Session) -> None:
        person = person_asking(session, credentials(request))
        accounts.end_own(session, person, session.get(kind, id))

    await database_of(request).writing(end)
    return lead_on("/account")


routes = [
    Route("/account", account, methods=["GET", "POST"]),
    Route("/account/password", change_password, methods=["POST"]),
    Route("/account/tokens", add_token, methods=["POST"]),
    Route("/account/tokens/{id:uuid}/end", end_token, methods=["POST"]),
    Route("/account/sign-ins/{id:uuid}/end", end_sign_in, methods=["POST"]),
]
