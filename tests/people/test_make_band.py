from collections.abc import Callable

import pytest
from sqlmodel import Session, SQLModel, select

from server.database import Database
from server.people.models import Band, Membership
from tests.cast import Cast

Count = Callable[[type[SQLModel]], int]


def test_its_maker_owns_it_and_nobody_else_is_in_it(cast: Cast, database: Database) -> None:
    answer = cast.ben.post("/bands", data={"name": "  Ben   alone "}, follow_redirects=False)

    assert answer.status_code == 303
    page = answer.headers["location"]
    assert "People in Ben alone" in cast.ben.get(page).text
    assert cast.ada.get(page).status_code == 404

    def members(session: Session) -> list[str]:
        band = session.exec(select(Band).where(Band.name == "Ben alone")).one()
        return list(session.exec(select(Membership.role).where(Membership.band_id == band.id)))

    assert database.read(members) == ["owner"]


def test_two_bands_may_have_one_name(cast: Cast, count: Count) -> None:
    before = count(Band)

    pages = {
        who.post("/bands", data={"name": "Twins"}, follow_redirects=False).headers["location"]
        for who in (cast.ada, cast.ada, cast.cleo)
    }

    assert len(pages) == 3
    assert count(Band) == before + 3


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "nul\x00"])
def test_a_name_that_does_not_do_is_said_on_the_start_page(cast: Cast, count: Count, name: str) -> None:
    before = count(Band)

    answer = cast.ada.post("/bands", data={"name": name})

    assert answer.status_code == 422
    assert 'id="band-name-error"' in answer.text
    assert '<details class="fold" open>' in answer.text
    assert "Night Bus" in answer.text
    assert count(Band) == before


def test_strangers_and_guests_are_asked_to_sign_in(cast: Cast, count: Count) -> None:
    before = count(Band)
    for who in (cast.stranger, cast.gil):
        answer = who.post("/bands", data={"name": "x"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")
    assert count(Band) == before


def test_a_song_without_a_title_is_said_in_the_form_of_its_band(cast: Cast) -> None:
    cast.ada.post("/bands", data={"name": "Another band"})

    answer = cast.ada.post("/songs", data={"title": " ", "band": str(cast.band)})

    assert answer.status_code == 422
    assert answer.text.count("field-error") == 1
    assert f'id="title-{cast.band}-error">This is needed.' in answer.text
