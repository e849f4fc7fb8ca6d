"""Secrets of at least 128 bits: keys for links, and codes that a person can write down.

A code is 28 signs in groups of four. Its alphabet has no I, L, O or U, so that a misread 0 or 1 does no harm.
"""

from __future__ import annotations

import hashlib
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 28
_GROUP = 4
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN_GROUPS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}_."
_KEY_BYTES = 16


def new_key() -> str:
    """Make a secret of 128 bits for a link: 32 hexadecimal digits."""
    return secrets.token_hex(_KEY_BYTES)


def new_code() -> str:
    """Make a secret of 140 bits that a person can copy by hand."""
    return _in_groups("".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, as it was given out; ``None`` if it can't be one."""
    signs = "".join(sign for sign in typed if not sign.isspace() and sign not in _BETWEEN_GROUPS)
    code = signs.upper().translate(_MISREAD)
    if len(code) != _CODE_LENGTH or not set(code) <= set(_ALPHABET):
        return None
    return _in_groups(code)


def hash_of(secret: str) -> bytes:
    """Return the SHA-256 of a secret, by which it is found; the secret itself isn't kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def looks_like_key(text: str) -> bool:
    """Whether a text could be a key; what couldn't isn't looked up."""
    return len(text) == 2 * _KEY_BYTES and set(text) <= set("0123456789abcdef")


def _in_groups(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
