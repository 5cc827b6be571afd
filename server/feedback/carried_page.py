"""The review page's share of what was carried: found places in the list among the others, the rest in groups."""

from typing import Any
from uuid import UUID

from starlette.requests import Request

from server.feedback.carried import CarriedShape
from server.feedback.carried_api import carried_to

# In the order in which they want to be looked at; found ones stand in the list itself.
GROUPS = (
    ("unsure", "Check the place"),
    ("cut", "That part was cut"),
    ("waiting", "Looking for the place…"),
)


async def with_carried(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    """The review page's context, and the open comments of earlier versions in it."""
    version = context["version"]
    items = await carried_to(request, UUID(version["id"])) if version else []
    numbers = {UUID(each["id"]): each["number"] for each in context["versions"]}
    # One that was brought back this very moment is not among the page's versions yet.
    items = [item for item in items if item.comment.version in numbers]
    threads = [_thread(item, numbers[item.comment.version]) for item in items]
    found = [thread for thread in threads if thread["carried"]["place"] == "found"]
    own = [{**thread, "carried": None} for thread in context["threads"]]
    you = context["page_data"]["you"]["id"]
    counts = context["counts"]
    mine = sum(str(item.comment.author.id) == you for item in items)
    return {
        **context,
        "threads": sorted([*own, *found], key=lambda thread: thread["comment"]["at"]),
        "groups": [
            {
                "place": place,
                "title": title,
                "threads": [thread for thread in threads if thread["carried"]["place"] == place],
            }
            for place, title in GROUPS
        ],
        "counts": {**counts, "open": counts["open"] + len(items), "mine": counts["mine"] + mine},
        "page_data": {**context["page_data"], "carried": [item.model_dump(mode="json") for item in items]},
    }


def _thread(item: CarriedShape, number: int) -> dict[str, Any]:
    """As the page's other threads: the comment at its new place, and how it got there."""
    comment = item.comment.model_dump(mode="json")
    if item.at is not None:
        comment |= {"at": item.at, "until": item.until}
    return {
        "comment": comment,
        "replies": [],
        "carried": item.model_dump(mode="json") | {"number": number, "written_at": item.comment.at},
    }
