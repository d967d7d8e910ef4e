"""The text of a file, whatever its encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 2**28
"""The bytes that a file may have, or unpack to."""
ENCODINGS = ("utf-8", "gb18030")


def bytes_of(path: Path) -> bytes:
    """Give the bytes of a file.

    Raises
    ------
    InputError
        If there is no such file, it cannot be opened, is empty or too large.
    """
    try:
        rule = "table.file_is_folder" if path.is_dir() else _wrong_size(path.stat().st_size)
        data = b"" if rule else path.read_bytes()
    except FileNotFoundError:
        rule, data = "table.file_missing", b""
    except (OSError, ValueError):
        rule, data = "table.file_unreadable", b""
    if rule:
        raise InputError([finding(rule, file=path.name)])
    return data


def decoded(data: bytes, file: str) -> str:
    r"""Give bytes as text: UTF-16 or UTF-8 by their mark, else UTF-8, else GB18030, else line by line.

    What no encoding reads becomes ``�``: it is lost.

    Raises
    ------
    InputError
        If the bytes are no text.

    Examples
    --------
    >>> decoded("户主".encode("gb18030"), "a.txt"), decoded(b"\xe6\x88\xb7\n\xbb\xa7", "a.txt")
    ('户主', '户\n户')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise InputError([finding("damaged.no_text", file=file)])
    data = data.removeprefix(b"\xef\xbb\xbf")
    return _read(data) or "".join(
        _read(line) or line.decode("utf-8", "replace") for line in data.splitlines(keepends=True)
    )


def _wrong_size(size: int) -> str:
    if not size:
        return "table.file_empty"
    return "table.file_large" if size > LARGEST else ""


def _read(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
