"""Secrets that we hand out (cookies, tokens, links) and keep only as hashes."""

import hashlib
import secrets


def new_secret() -> str:
    """128 bits for the holder, in 22 characters that survive an address."""
    return secrets.token_urlsafe(16)


def hash_of(secret: str) -> str:
    # A fast hash is enough: the secret itself is random, there is nothing to guess from.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
