"""What can go wrong for the person at the other end, and how it is said to them."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ValidationError


class AppError(Exception):
    """An answer that is not what was asked for: a machine's code, a status and a sentence for people."""

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers: dict[str, str] = {}


def not_found() -> AppError:
    """What does not exist and what you may not see get the same answer."""
    return AppError(404, "not_found", "There is nothing here, or it is not shared with you.")


def forbidden(message: str) -> AppError:
    return AppError(403, "forbidden", message)


def invalid(message: str, **fields: str) -> AppError:
    return AppError(422, "invalid", message, fields=fields)


def sign_in_first() -> AppError:
    return AppError(401, "sign_in_first", "Sign in first, or send an API token.")


class ErrorBody(BaseModel):
    code: str
    message: str
    details: dict[str, Any]


class ErrorAnswer(BaseModel):
    """Every error of the API has this shape."""

    error: ErrorBody


def as_json(error: AppError) -> dict[str, Any]:
    body = ErrorBody(code=error.code, message=error.message, details=error.details)
    return ErrorAnswer(error=body).model_dump(mode="json")


def from_status(status: int) -> AppError:
    """The sentence for an error that the framework raised, such as a wrong method."""
    if status == 404:
        return not_found()
    if status == 405:
        return AppError(405, "method_not_allowed", "This address does not do that.")
    if status == 413:
        return AppError(413, "too_large", "That is more than this address takes.")
    phrase = HTTPStatus(status).phrase
    return AppError(status, phrase.lower().replace(" ", "_"), f"{phrase}.")


def from_validation(error: ValidationError) -> AppError:
    fields: dict[str, str] = {}
    for problem in error.errors():
        fields.setdefault(_field_name(problem["loc"]), _sentence(problem))
    first = next(iter(fields.items()), ("", "Something in this request is not right."))
    message = f"{first[0]}: {first[1]}" if first[0] else first[1]
    return invalid(message, **fields)


def _field_name(location: tuple[int | str, ...]) -> str:
    # Only the field itself: what stands after it is pydantic's name for one of the types that it may have.
    return str(location[0]) if location else "body"


def _sentence(problem: Any) -> str:
    text = str(problem["msg"]).removeprefix("Value error, ")
    return text[:1].upper() + text[1:].rstrip(".") + "."
