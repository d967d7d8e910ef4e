"""ID numbers: sealed for keeping, found again by a keyed index, masked for showing.

A sealed number is one byte of version, 12 of nonce, and AES-256-GCM's ciphertext with its tag. Seal and index
have keys of their own, derived from the setting ``SEAL_KEY``: whoever has the database alone has neither.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE = 12
INDEX_SIGNS = 32
"""128 bits: among thirty million numbers two share an index with a chance under one in 10²³."""
OPEN_SIGNS = 4
WHOLE = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
WITHIN = re.compile(
    r"(?<!\d)(?:\d{17}[\dXxＸｘ]|\d{15}"
    r"|\d{6}[ \u3000-](?:18|19|20)\d\d[ \u3000-]?\d{4}[ \u3000-]?\d{3}[\dXxＸｘ])(?!\d)"
)
"""A whole number within a text: in digits of any width, its parts together or set apart."""
MAYBE = r"\p{Nd}{15}|\p{Nd}{6}[ \x{3000}-]\p{Nd}{4}"
"""Where there may be one, as Arrow (RE2) looks for it."""
SPACES = re.compile(r"[\s\-\u200b\ufeff]+")


@cache
def _key(purpose: bytes, secret: str) -> bytes:
    return HKDF(SHA256(), 32, b"jiedui", purpose).derive(secret.encode())


@cache
def _cipher(secret: str) -> AESGCM:
    return AESGCM(_key(b"seal id numbers", secret))


def plain(number: str) -> str:
    """Give a number as it is kept: half-width, without spaces, a closing X large.

    Examples
    --------
    >>> plain(" 9901011990010112３x ")
    '99010119900101123X'
    """
    if number.isascii() and number.isalnum():
        return number.upper()
    return SPACES.sub("", unicodedata.normalize("NFKC", number)).upper()


def is_whole(typed: str) -> bool:
    """Whether what somebody typed is a whole ID number, which must stand in no address and no log."""
    return bool(WHOLE.fullmatch(plain(typed)))


def holds_whole(text: str) -> bool:
    """Whether something like a whole ID number stands anywhere in a text."""
    return bool(WITHIN.search(text))


def number_within(text: str) -> str:
    """Give the first whole ID number in a text; empty without one.

    Examples
    --------
    >>> number_within("王某 990101 19900101 1234")
    '990101 19900101 1234'
    """
    found = WITHIN.search(text)
    return found.group() if found else ""


def covered(text: str) -> str:
    """Give a text in which all but the last four signs of each ID number are covered.

    Examples
    --------
    >>> covered("户主990101199001011234，户号9901010012")
    '户主**************1234，户号9901010012'
    """
    return WITHIN.sub(lambda found: masked(found.group()), text)


def seal(number: str) -> bytes:
    """Seal a number; each time otherwise, so that equal numbers do not look alike."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + _cipher(settings.SEAL_KEY).encrypt(nonce, plain(number).encode(), VERSION)


def seal_many(numbers: Iterable[str]) -> list[bytes | None]:
    """Seal many numbers; an empty one gives nothing."""
    encrypt, draw = _cipher(settings.SEAL_KEY).encrypt, os.urandom
    found: list[bytes | None] = []
    for number in numbers:
        if number:
            nonce = draw(NONCE)
            found.append(VERSION + nonce + encrypt(nonce, plain(number).encode(), VERSION))
        else:
            found.append(None)
    return found


def open_sealed(sealed: bytes | memoryview | None) -> str:
    """Give the number that was sealed; empty where there is none.

    Raises
    ------
    cryptography.exceptions.InvalidTag
        If somebody changed it, or the key is another.
    """
    if not sealed:
        return ""
    held = bytes(sealed)
    nonce, content = held[1 : 1 + NONCE], held[1 + NONCE :]
    return _cipher(settings.SEAL_KEY).decrypt(nonce, content, held[:1]).decode()


def seal_text(number: str) -> str:
    """Seal a further number of a record, such as that of a disability certificate, for its JSON body."""
    return base64.b64encode(seal(number)).decode()


def open_text(sealed: str) -> str:
    """Give the number that `seal_text` sealed."""
    return open_sealed(base64.b64decode(sealed))


def index_of(number: str) -> str:
    """Give the index under which a number is found; empty for none."""
    return index_many([number])[0]


def index_many(numbers: Iterable[str]) -> list[str]:
    """Give the indexes of many numbers."""
    key, digest = _key(b"find id numbers", settings.SEAL_KEY), hmac.digest
    return [
        digest(key, plain(number).encode(), "sha256").hex()[:INDEX_SIGNS] if number else ""
        for number in numbers
    ]


def masked(number: str) -> str:
    """Give a number as it is shown: of a long one the last four signs.

    Examples
    --------
    >>> masked("990101199001011234")
    '**************1234'
    """
    if len(number) <= OPEN_SIGNS * 2:
        return "*" * len(number)
    return "*" * (len(number) - OPEN_SIGNS) + number[-OPEN_SIGNS:]


def masked_phone(phone: str) -> str:
    """Give a phone number or account as it is shown in lists.

    Examples
    --------
    >>> masked_phone("13812345678")
    '138****5678'
    """
    if len(phone) < OPEN_SIGNS + 3:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 3 - OPEN_SIGNS) + phone[-OPEN_SIGNS:]
