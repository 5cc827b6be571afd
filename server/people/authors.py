"""Whose something is, as the one that travels."""

import uuid

from sqlmodel import Session

from server.events.objects import Author, author
from server.people.models import Guest, Person


def author_of(session: Session, person_id: uuid.UUID | None, guest_id: uuid.UUID | None) -> Author:
    """Exactly one of the two is given: a row belongs to a person or to a guest."""
    if person_id is not None:
        person = session.get_one(Person, person_id)
        return author(person.id, "person", person.name)
    guest = session.get_one(Guest, guest_id)
    return author(guest.id, "guest", guest.name)
