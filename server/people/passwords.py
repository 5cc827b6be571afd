"""Passwords by argon2. Both calls take a tenth of a second on purpose: never call them on the event loop."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import invalid

SHORTEST, LONGEST = 8, 200

_hasher = PasswordHasher()
# Each hash takes 64 MB: a flood of sign-ins must wait rather than fill the memory.
_at_once = threading.Semaphore(2)
# Verified when there is no such person, so that the answer takes as long as for one who exists.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$ZhBnLbbyxSZGQ1xuSDBVYrnLHKs1EzfjHSvfSEDHnZY"


def hash_password(password: str, field: str = "password") -> str:
    """Raises 422 for one that is too short or too long, naming the form's field."""
    if not SHORTEST <= len(password) <= LONGEST:
        sentence = f"Choose a password of {SHORTEST} to {LONGEST} characters."
        raise invalid(sentence, **{field: sentence})
    with _at_once:
        return _hasher.hash(password)


def password_matches(password: str, password_hash: str | None) -> bool:
    with _at_once:
        try:
            return _hasher.verify(password_hash or _NOBODY, password[:LONGEST]) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False
