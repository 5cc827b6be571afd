"""A band's page, and the door that an invitation opens."""

from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.fields import Label, PageForm
from server.forms import Fields, lead_on, submitted
from server.operations import validated
from server.people import accounts, bands
from server.people.addresses import public_address
from server.people.cookies import remember_sign_in
from server.people.models import Band, Invitation, Membership, Person
from server.people.pages import NewAccount, device_of, you
from server.people.passwords import hash_password
from server.people.visitors import credentials, identify
from server.rates import SIGN_INS, spend
from server.rendering import pages


class NewInvitation(PageForm):
    note: Label = ""


def _member_asking(session: Session, request: Request) -> tuple[Person, Band]:
    person = identify(session, credentials(request)).person
    return bands.member_and_band(session, request.path_params["band"], person)


async def band(request: Request) -> Response:
    return await _band_page(request)


async def _band_page(
    request: Request,
    *,
    invitation_url: str | None = None,
    errors: dict[str, str] | None = None,
    values: Fields | None = None,
    status: int = 200,
) -> Response:
    def context(session: Session) -> dict[str, Any]:
        person, found = _member_asking(session, request)
        rows = bands.members_of(session, found.id)
        return {
            "you": you(person),
            "band": {"id": found.id, "name": found.name},
            "members": [_member(session, row, by=person) for row in rows],
            "invitations": [_shown(session, row) for row in bands.open_invitations(session, found.id)],
            "invitation_url": invitation_url,
            "errors": errors or {},
            "values": values or {},
        }

    return pages(request).page("people/band.html", await database_of(request).reading(context), status)


def _member(session: Session, row: tuple[Person, Membership], *, by: Person) -> dict[str, Any]:
    person, there = row
    return {
        **you(person),
        "email": person.email,
        "role": there.role,
        "may_be_ended": bands.may_end(session, there, by) and not bands.is_last_owner(session, there),
    }


def _shown(session: Session, row: Invitation) -> dict[str, Any]:
    inviter = session.get(Person, row.invited_by)
    return row.model_dump() | {"invited_by": inviter.name if inviter else ""}


async def invite(request: Request) -> Response:
    async def attempt(fields: Fields) -> Response:
        form = validated(NewInvitation.model_validate, fields)

        def add(session: Session) -> str:
            person, found = _member_asking(session, request)
            return bands.invite(session, found, person, form.note)

        secret = await database_of(request).writing(add)
        return await _band_page(request, invitation_url=public_address(request, f"/invitations/{secret}"))

    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return await _band_page(request, errors=errors, values=values, status=status)

    return await submitted(request, attempt, again)


async def withdraw_invitation(request: Request) -> Response:
    def withdraw(session: Session) -> UUID:
        person = identify(session, credentials(request)).person
        return bands.withdraw_invitation(session, request.path_params["id"], person).band_id

    return lead_on(f"/bands/{await database_of(request).writing(withdraw)}")


async def leave(request: Request) -> Response:
    """Takes a member out: oneself, or, by an owner, anyone."""

    def take_out(session: Session) -> str:
        person, found = _member_asking(session, request)
        member_id: UUID = request.path_params["person"]
        bands.end_membership(session, found, member_id, by=person)
        return "/" if member_id == person.id else f"/bands/{found.id}"

    return lead_on(await database_of(request).writing(take_out))


async def invitation(request: Request) -> Response:
    secret = request.path_params["secret"]

    async def again(errors: dict[str, str], values: Fields, status: int = 422) -> Response:
        def context(session: Session) -> dict[str, Any]:
            row = bands.open_invitation(session, secret)
            band, inviter = session.get_one(Band, row.band_id), session.get_one(Person, row.invited_by)
            person = identify(session, credentials(request)).person
            return {
                "band": {"id": band.id, "name": band.name},
                "invited_by": inviter.name,
                "you": you(person) if person else None,
                "page_url": request.url.path,
            }

        shown = await database_of(request).reading(context)
        return pages(request).page(
            "people/invitation.html", shown | {"errors": errors, "values": values}, status
        )

    def find_asking(session: Session) -> Person | None:
        bands.open_invitation(session, secret)
        return identify(session, credentials(request)).person

    async def attempt(fields: Fields) -> Response:
        await spend(request, SIGN_INS)
        asking = await database_of(request).reading(find_asking)
        form = None if asking else validated(NewAccount.model_validate, fields)
        password_hash = await run_in_threadpool(hash_password, form.password) if form else ""

        def join(session: Session) -> tuple[UUID, str | None]:
            person, signed = asking, None
            if form is not None:
                person = accounts.add_person(
                    session, email=form.email, name=form.name, password_hash=password_hash
                )
                signed = accounts.sign_in(session, person, device_of(request)).secret
            assert person is not None
            return bands.accept_invitation(session, secret, person).band_id, signed

        band_id, signed = await database_of(request).writing(join)
        response = lead_on(f"/bands/{band_id}")
        return remember_sign_in(response, request, signed) if signed else response

    return await (again({}, {}, 200) if request.method != "POST" else submitted(request, attempt, again))


routes = [
    Route("/bands/{band:uuid}", band, methods=["GET"]),
    Route("/bands/{band:uuid}/invitations", invite, methods=["POST"]),
    Route("/bands/{band:uuid}/members/{person:uuid}/leave", leave, methods=["POST"]),
    Route("/invitations/{id:uuid}/withdraw", withdraw_invitation, methods=["POST"]),
    Route("/invitations/{secret}", invitation, methods=["GET", "POST"]),
]
