"""Passwords as argon2id hashes (RFC 9106), and keys as they are stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.domain.passwords import MOST_LENGTH, fold_password

__all__ = ["hash_key", "hash_password", "is_outdated", "keyed_hash", "new_key", "verify_password"]

_HASHER = PasswordHasher()
"""RFC 9106's second choice, which argon2-cffi follows: 64 MiB, 3 passes, 4 lanes."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each takes 64 MiB and a core: a crowd of sign-ins queues instead of filling a small machine."""


def hash_password(password: str) -> str:
    """Return the hash of a password that `geo.domain.passwords.check_password` let through."""
    with _AT_ONCE:
        return _HASHER.hash(fold_password(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Return whether a password is the one of a hash; where there is no hash, as much work is done for nothing."""
    # What is too long to have been accepted is compared all the same, and in vain.
    typed = fold_password(password)[: MOST_LENGTH + 1]
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _nobodys_hash(), typed) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def new_key(prefix: str = "") -> str:
    """Return a new secret of 256 bits for a session or a program."""
    return prefix + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """Return a key as it is stored. It is random and long: a quick hash is as good as a slow one."""
    return hashlib.sha256(key.encode()).hexdigest()


def keyed_hash(secret: str, *parts: str) -> str:
    """Return a hash that nobody can make without the secret (HMAC-SHA-256)."""
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
