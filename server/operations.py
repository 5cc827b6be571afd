"""One call of the API, declared once: from it come its route and its entry in /api/openapi.json."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.body_limit import JSON_LIMIT, room_for
from server.errors import AppError, ErrorAnswer, from_validation

Endpoint = Callable[[Request], Awaitable[Response]]
Form = TypeVar("Form", bound=BaseModel)
Item = TypeVar("Item")


class ItemList(BaseModel, Generic[Item]):
    """A page of a list; `next` is the cursor of the page after it."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    endpoint: Endpoint
    summary: str
    takes: type[BaseModel] | None = None
    takes_as: str = "application/json"
    query: type[BaseModel] | None = None
    gives: type[BaseModel] | str | None = None
    """A model, or the media type of an answer that is no JSON; None for an empty answer."""
    status: int = 200
    also: tuple[int, ...] = ()
    """Other good answers, of the same shape."""
    errors: tuple[int, ...] = (401, 404, 422)
    request_headers: tuple[str, ...] = field(default=())
    body_limit: int = JSON_LIMIT

    def route(self) -> Route:
        return Route(self.path, self.endpoint, methods=[self.method], middleware=room_for(self.body_limit))


async def parsed(request: Request, form: type[Form]) -> Form:
    """The request's JSON as a form; anything else is answered with what is wrong in it."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise AppError(415, "not_json", "Send JSON, with 'Content-Type: application/json'.")
    return validated(form.model_validate_json, await request.body())


def parsed_query(request: Request, form: type[Form]) -> Form:
    return validated(form.model_validate, dict(request.query_params))


def validated(validate: Callable[[Any], Form], given: Any) -> Form:
    try:
        return validate(given)
    except ValidationError as error:
        raise from_validation(error) from None


def answer(content: BaseModel, status: int = 200, **headers: str) -> Response:
    return JSONResponse(content.model_dump(mode="json"), status, headers)


def openapi(operations: list[Operation], *, title: str, version: str) -> dict[str, Any]:
    """The description of all calls, OpenAPI 3.1, from the models that the calls themselves use."""
    references, definitions = models_json_schema(
        _models(operations), ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _described(operation, references)
        paths.setdefault(_bare(operation.path), {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "sign_in": {"type": "apiKey", "in": "cookie", "name": "earmark_sign_in"},
                "guest": {"type": "apiKey", "in": "cookie", "name": "earmark_guest"},
            },
        },
        "security": [{"token": []}, {"sign_in": []}, {"guest": []}],
    }


def _models(operations: list[Operation]) -> list[Any]:
    found: list[Any] = [(ErrorAnswer, "serialization")]
    for operation in operations:
        found += [(model, "validation") for model in (operation.takes, operation.query) if model]
        if operation.gives is not None and not isinstance(operation.gives, str):
            found.append((operation.gives, "serialization"))
    return list(dict.fromkeys(found))


def _described(operation: Operation, references: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.endpoint.__name__,
        "summary": operation.summary,
        "parameters": _path_parameters(operation) + _query_parameters(operation) + _headers(operation),
        "responses": _responses(operation, references),
    }
    if operation.takes:
        schema = references[(operation.takes, "validation")]
        described["requestBody"] = {"required": True, "content": {operation.takes_as: {"schema": schema}}}
    return described


def _responses(operation: Operation, references: Any) -> dict[str, Any]:
    good: dict[str, Any] = {"description": operation.summary}
    if isinstance(operation.gives, str):
        good["content"] = {operation.gives: {"schema": {"type": "string", "format": "binary"}}}
    elif operation.gives is not None:
        good["content"] = {"application/json": {"schema": references[(operation.gives, "serialization")]}}
    refused = {
        "description": "What went wrong, and what to do about it",
        "content": {"application/json": {"schema": references[(ErrorAnswer, "serialization")]}},
    }
    answers = {str(status): good for status in (operation.status, *operation.also)}
    always = (400, 403, 405, 413, 429) + ((415,) if operation.takes else ())
    return answers | {str(status): refused for status in (*operation.errors, *always)}


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1].partition(":") for part in operation.path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(kind)}
        for name, _, kind in names
    ]


def _path_schema(kind: str) -> dict[str, str]:
    return {"type": "string", "format": "uuid"} if kind == "uuid" else {"type": "string"}


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": property_schema}
        for name, property_schema in schema["properties"].items()
    ]


def _headers(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}
        for name in operation.request_headers
    ]


def _bare(path: str) -> str:
    """{version:uuid} as OpenAPI writes it: {version}."""
    return "/".join(f"{part.partition(':')[0]}}}" if ":" in part else part for part in path.split("/"))
