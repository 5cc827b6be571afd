import pytest

from tests.cast import Cast
from tests.databases import both_databases
from tests.feedback.saying import listed, said

pytestmark = both_databases


def test_they_come_in_the_order_of_the_music(cast: Cast) -> None:
    for at in (30.0, 10.0, 20.0):
        said(cast.gil, cast, at=at)

    assert [comment["at"] for comment in listed(cast.ada, cast)] == [10.0, 20.0, 30.0]


def test_a_long_list_comes_in_pages_without_gap_or_double(cast: Cast) -> None:
    ids = {said(cast.ben, cast, at=number % 3)["id"] for number in range(11)}
    address, found, cursor = f"/api/versions/{cast.version}/comments", [], ""

    while cursor is not None:
        query = {"limit": 4} | ({"after": cursor} if cursor else {})
        page = cast.ada.get(address, params=query).json()
        assert len(page["items"]) <= 4
        found += [comment["id"] for comment in page["items"]]
        cursor = page["next"]

    assert len(found) == 11
    assert set(found) == ids


@pytest.mark.parametrize(
    "query", ["after=nonsense", "after=W10=", "after=%00", "limit=0", "limit=501", "limit=x"]
)
def test_a_wrong_query_is_named(cast: Cast, query: str) -> None:
    assert cast.ada.get(f"/api/versions/{cast.version}/comments?{query}").status_code == 422


def test_a_guest_who_may_only_listen_reads_them(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    assert listed(cast.lou, cast) == [comment]


def test_outsiders_are_told_there_is_nothing(cast: Cast) -> None:
    for outsider in cast.outsiders:
        assert outsider.get(f"/api/versions/{cast.version}/comments").status_code == 404
