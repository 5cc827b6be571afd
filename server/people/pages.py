"""Signing in and out, the first account, one-time addresses, one's own account: pages that work without scripts."""

from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.errors import AppError, invalid
from server.events.objects import author
from server.fields import Email, Name, PageForm, Password, Title
from server.forms import Fields, fields_of, lead_on, local, submitted
from server.operations import validated
from server.people import accounts, bands
from server.people.cookies import forget_sign_in, remember_sign_in
from server.people.models import ApiToken, Person, SignIn
from server.people.passwords import hash_password, password_matches
from server.people.visitors import SIGN_IN_COOKIE, credentials, person_asking, sign_in_row
from server.rates import SIGN_INS, spend
from server.rendering import pages


class SigningIn(PageForm):
    email: Email
    password: Password
    next: str = "/"


class NewAccount(PageForm):
    email: Email
    name: Name
    password: Password


class FirstAccount(NewAccount):
    band: Title


class NewName(PageForm):
    name: Name


class NewPassword(PageForm):
    current: Password
    new: Password


def device_of(request: Request) -> str:
    return request.headers.get("user-agent", "unknown")


async def sign_in(request: Request) -> Response:
    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return pages(request).page("people/sign_in.html", {"errors": errors, "values": values}, status)

    async def attempt(fields: Fields) -> Response:
        form = validated(SigningIn.model_validate, fields)
        await spend(request, SIGN_INS)
        await spend(request, SIGN_INS, "account", form.email)
        # The password is checked in a read: hashing takes too long to hold up everybody's writes.
        person = await database_of(request).reading(lambda session: _person_with_password(session, form))
        signed = await database_of(request).writing(lambda s: accounts.sign_in(s, person, device_of(request)))
        return remember_sign_in(lead_on(form.next), request, signed.secret)

    return sign_in_page(request) if request.method == "GET" else await submitted(request, attempt, again)


def sign_in_page(request: Request) -> Response:
    values = {"next": local(request.query_params.get("next"))}
    return pages(request).page("people/sign_in.html", {"errors": {}, "values": values})


def _person_with_password(session: Session, form: SigningIn) -> Person:
    person = accounts.person_with_email(session, form.email)
    if not password_matches(form.password, person.password_hash if person else None) or person is None:
        raise invalid("That e-mail address and password do not belong together.")
    return person


async def sign_out(request: Request) -> Response:
    secret = request.cookies.get(SIGN_IN_COOKIE)
    if secret:
        await database_of(request).writing(lambda session: accounts.end_sign_in(session, secret))
    return forget_sign_in(lead_on("/"))


async def welcome(request: Request) -> Response:
    """The first account of an empty Earmark, by the address that `serve` printed."""
    secret = request.path_params["secret"]

    async def again(errors: dict[str, str], values: Fields, status: int = 422) -> Response:
        return pages(request).page("people/welcome.html", {"errors": errors, "values": values}, status)

    async def attempt(fields: Fields) -> Response:
        form = validated(FirstAccount.model_validate, fields)
        password_hash = await run_in_threadpool(hash_password, form.password)

        def make(session: Session) -> accounts.Signed:
            signed = accounts.first_account(
                session,
                secret,
                email=form.email,
                name=form.name,
                password_hash=password_hash,
                device=device_of(request),
            )
            bands.add_band(session, form.band, signed.person)
            return signed

        signed = await database_of(request).writing(make)
        return remember_sign_in(lead_on("/"), request, signed.secret)

    await database_of(request).reading(lambda session: accounts.open_one_time_address(session, secret))
    return await (again({}, {}, 200) if request.method == "GET" else submitted(request, attempt, again))


async def once(request: Request) -> Response:
    """A one-time address that signs a person in; the demo prints one."""

    def use(session: Session) -> tuple[accounts.Signed, str]:
        row = accounts.use_one_time_address(session, request.path_params["secret"])
        person = session.get(Person, row.person_id) if row.person_id else None
        if person is None:
            raise AppError(404, "used", "This address makes the first account; open it as it was printed.")
        return accounts.sign_in(session, person, device_of(request)), row.next_page

    signed, next_page = await database_of(request).writing(use)
    return remember_sign_in(lead_on(next_page), request, signed.secret)


async def account(request: Request) -> Response:
    if request.method == "POST":
        form = validated(NewName.model_validate, await fields_of(request))

        def rename(session: Session) -> None:
            person = person_asking(session, credentials(request))
            person.name = form.name
            session.add(person)

        await database_of(request).writing(rename)
        return lead_on("/account")
    return await _account_page(request)


async def _account_page(
    request: Request, errors: dict[str, str] | None = None, new_token: str | None = None, status: int = 200
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
    return pages(request).page(
        "people/account.html", shown | {"errors": errors or {}, "new_token": new_token, "values": {}}, status
    )


def you(person: Person) -> dict[str, Any]:
    return author(person.id, "person", person.name).model_dump(mode="json")


async def change_password(request: Request) -> Response:
    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return await _account_page(request, errors, status=status)

    async def attempt(fields: Fields) -> Response:
        form = validated(NewPassword.model_validate, fields)
        await spend(request, SIGN_INS)
        new_hash = await database_of(request).reading(lambda session: _checked(session, request, form))

        def change(session: Session) -> None:
            given = credentials(request)
            accounts.change_password(session, person_asking(session, given), new_hash, given.sign_in)

        await database_of(request).writing(change)
        return lead_on("/account")

    return await submitted(request, attempt, again)


def _checked(session: Session, request: Request, form: NewPassword) -> str:
    person = person_asking(session, credentials(request))
    if not password_matches(form.current, person.password_hash):
        raise invalid("That is not your password.", current="That is not your password.")
    return hash_password(form.new)


async def add_token(request: Request) -> Response:
    form = validated(NewName.model_validate, await fields_of(request))
    secret = await database_of(request).writing(
        lambda session: accounts.add_token(session, person_asking(session, credentials(request)), form.name)
    )
    return await _account_page(request, new_token=secret)


async def end_token(request: Request) -> Response:
    return await _end(request, ApiToken)


async def end_sign_in(request: Request) -> Response:
    return await _end(request, SignIn)


async def _end(request: Request, kind: type[SignIn] | type[ApiToken]) -> Response:
    id: UUID = request.path_params["id"]

    def end(session: Session) -> None:
        row: SignIn | ApiToken | None = session.get(kind, id)
        accounts.end_own(session, person_asking(session, credentials(request)), row)

    await database_of(request).writing(end)
    return lead_on("/account")


routes = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/welcome/{secret}", welcome, methods=["GET", "POST"]),
    Route("/once/{secret}", once, methods=["GET"]),
    Route("/account", account, methods=["GET", "POST"]),
    Route("/account/password", change_password, methods=["POST"]),
    Route("/account/tokens", add_token, methods=["POST"]),
    Route("/account/tokens/{id:uuid}/end", end_token, methods=["POST"]),
    Route("/account/sign-ins/{id:uuid}/end", end_sign_in, methods=["POST"]),
]
