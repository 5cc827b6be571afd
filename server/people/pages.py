"""Signing in and out, the first account, one-time addresses: pages that work without scripts."""

from typing import Any

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.errors import AppError, invalid
from server.events.objects import author
from server.fields import Email, Name, PageForm, Password, Title
from server.forms import Fields, lead_on, local, submitted
from server.operations import validated
from server.people import accounts, bands
from server.people.cookies import forget_sign_in, remember_sign_in
from server.people.devices import device_name
from server.people.models import Person
from server.people.passwords import hash_password, password_matches
from server.people.visitors import SIGN_IN_COOKIE
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


def device_of(request: Request) -> str:
    return device_name(request.headers.get("user-agent", ""))


async def sign_in(request: Request) -> Response:
    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return pages(request).page("people/sign_in.html", {"errors": errors, "values": values}, status)

    async def attempt(fields: Fields) -> Response:
        form = validated(SigningIn.model_validate, fields)
        await spend(request, SIGN_INS)
        await spend(request, SIGN_INS, "account", form.email)
        person = await database_of(request).reading(lambda s: accounts.person_with_email(s, form.email))
        # Between the two transactions, not inside one: hashing takes too long to hold up everybody else.
        known = person.password_hash if person else None
        if not await run_in_threadpool(password_matches, form.password, known) or person is None:
            raise invalid("That e-mail address and password do not belong together.")
        secret = await database_of(request).writing(lambda s: _signed_in(s, request, person, known))
        return remember_sign_in(lead_on(form.next), request, secret)

    return sign_in_page(request) if request.method != "POST" else await submitted(request, attempt, again)


def sign_in_page(request: Request) -> Response:
    values = {"next": local(request.query_params.get("next"))}
    return pages(request).page("people/sign_in.html", {"errors": {}, "values": values})


def _signed_in(session: Session, request: Request, person: Person, checked_hash: str | None) -> str:
    """The secret for the cookie. What this browser was signed in with before is over."""
    there = session.get_one(Person, person.id)
    if there.password_hash != checked_hash:
        raise invalid("The password has been changed just now. Sign in with the new one.")
    if earlier := request.cookies.get(SIGN_IN_COOKIE):
        accounts.end_sign_in(session, earlier)
    return accounts.sign_in(session, there, device_of(request)).secret


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

    await database_of(request).reading(lambda session: accounts.open_welcome(session, secret))
    return await (again({}, {}, 200) if request.method != "POST" else submitted(request, attempt, again))


async def once(request: Request) -> Response:
    """A one-time address that signs a person in; the demo prints one."""
    secret = request.path_params["secret"]
    if request.method == "HEAD":
        # Something looks whether the address is good before a person opens it: that must not use it up.
        await database_of(request).reading(lambda session: accounts.open_one_time_address(session, secret))
        return Response()

    def use(session: Session) -> tuple[accounts.Signed, str]:
        row = accounts.use_one_time_address(session, secret)
        person = session.get(Person, row.person_id) if row.person_id else None
        if person is None:
            raise AppError(404, "used", "This address makes the first account; open it as it was printed.")
        return accounts.sign_in(session, person, device_of(request)), row.next_page

    signed, next_page = await database_of(request).writing(use)
    return remember_sign_in(lead_on(next_page), request, signed.secret)


def you(person: Person) -> dict[str, Any]:
    return author(person.id, "person", person.name).model_dump(mode="json")


routes = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/welcome/{secret}", welcome, methods=["GET", "POST"]),
    Route("/once/{secret}", once, methods=["GET"]),
]
