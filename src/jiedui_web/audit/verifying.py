"""Verifying a chain of events: finds edits, deletions, insertions, rewrites and cuts, by number.

Needs neither Django nor the site: an exported file can be verified anywhere, by anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiedui_web.audit.signing import Checkpoint

START = "0" * 64
"""What stands in the place of the seal before the first."""
FORMAT = "jiedui-audit-1"
KEYS = {"number", "previous", "hash", "event"}
MOST = 1000
"""Findings kept; one is enough to distrust the trail."""


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed event as it was found; ``event`` is None where it is gone, ``line`` is that of a file."""

    number: int
    previous: str
    hash: str
    event: Mapping[str, Any] | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of a file that is no sealed event."""

    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong.

    Attributes
    ----------
    kind : str
        ``edited``, ``deleted``, ``missing``, ``repeated``, ``broken``, ``unreadable``,
        ``rewritten``, ``cut``, ``forged``, ``other_key``.
    number : int
        The event's number; of ``unreadable`` the line.
    to : int
        The last number, where it is about several.
    """

    kind: str
    number: int
    to: int


@dataclass(slots=True)
class Verified:
    """What a verification found.

    Attributes
    ----------
    proven_to : int
        Up to this number the chain agrees with a signed checkpoint: before it nothing was rewritten or cut.
    """

    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    head: str = START
    proven_to: int = 0
    keys: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def find(self, kind: str, number: int, to: int | None = None) -> None:
        """Note what is wrong."""
        if len(self.findings) < MOST:
            self.findings.append(Finding(kind, number, number if to is None else to))


def canonical(event: Mapping[str, Any]) -> bytes:
    """Give the one spelling of an event that its seal is made over."""
    spelled = json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return spelled.encode("utf-8", "surrogatepass")


def digest(number: int, previous: str, event: Mapping[str, Any]) -> str:
    """Give the seal of an event: SHA-256 over 0x00, its number, the seal before, and what it says.

    Examples
    --------
    >>> digest(1, START, {"id": 1})[:16]
    'd14d5f5402fe1a39'
    """
    joined = b"\x00" + number.to_bytes(8, "big") + bytes.fromhex(previous) + canonical(event)
    return hashlib.sha256(joined).hexdigest()


def verify(
    links: Iterable[Link | Unreadable], checkpoints: Sequence[Checkpoint] = (), *, key: str = ""
) -> Verified:
    """Verify a chain, and that it is the one that the checkpoints were signed over.

    Parameters
    ----------
    checkpoints
        Kept elsewhere than the trail: without them a chain rewritten as a whole, or cut, looks sound.
    key
        The public key that must have signed them; without it, that of the oldest.
    """
    found = Verified()
    asked = _trusted(checkpoints, key, found)
    events: set[int] = set()
    heads: dict[int, str] = {}
    for link in links:
        if isinstance(link, Unreadable):
            found.find("unreadable", link.line)
            continue
        _check(link, found, events)
        if link.number in asked:
            heads[link.number] = link.hash
    _compare(asked, heads, found)
    return found


def _check(link: Link, found: Verified, events: set[int]) -> None:
    """Check one link against the one before it."""
    expected = found.count + 1
    if link.number < expected:
        found.find("repeated", link.number)
        return
    if link.number > expected:
        found.find("missing", expected, link.number - 1)
    elif link.previous != found.head:
        found.find("broken", link.number)
    found.count, found.head = link.number, link.hash
    if link.event is None:
        found.find("deleted", link.number)
        return
    if not _is_hash(link.previous) or digest(link.number, link.previous, link.event) != link.hash:
        found.find("edited", link.number)
    own = link.event.get("id")
    if own in events:
        found.find("repeated", link.number)
    if isinstance(own, int):
        events.add(own)


def _is_hash(value: str) -> bool:
    return len(value) == len(START) and set(value) <= set("0123456789abcdef")


def _trusted(checkpoints: Sequence[Checkpoint], key: str, found: Verified) -> dict[int, set[str]]:
    """Give the heads by number that trusted checkpoints name."""
    asked: dict[int, set[str]] = {}
    ordered = sorted(checkpoints, key=lambda one: (one.number, one.at))
    trusted = key or next((one.key for one in ordered if one.is_signed()), "")
    found.keys = tuple(dict.fromkeys(one.key for one in ordered))
    for one in ordered:
        if not one.is_signed():
            found.find("forged", one.number)
        elif one.key != trusted:
            found.find("other_key", one.number)
        else:
            asked.setdefault(one.number, set()).add(one.head)
    return asked


def _compare(asked: Mapping[int, set[str]], heads: Mapping[int, str], found: Verified) -> None:
    """Compare the chain with the checkpoints."""
    for number, signed in sorted(asked.items()):
        if number > found.count:
            found.find("cut", found.count + 1, number)
        elif number and signed != {heads.get(number, "")}:
            found.find("rewritten", found.proven_to + 1, number)
        elif not found.findings:
            found.proven_to = number


def read_export(path: Path) -> Iterator[Link | Unreadable]:
    """Read an exported trail line by line; a file that ends too early ends with what is missing.

    Raises
    ------
    ValueError
        If the file is no exported trail.
    """
    with path.open("rb") as file:
        head = _read(next(file, b""))
        if head is None or head.get("format") != FORMAT or not isinstance(head.get("count"), int):
            raise ValueError(path.name)
        last = 0
        for line, spelled in enumerate(file, 2):
            link = _link(_read(spelled), line)
            last = link.number if isinstance(link, Link) else last
            yield link
        if last != head["count"]:
            yield Unreadable(line=int(head["count"]) + 1)


def _link(row: Mapping[str, Any] | None, line: int) -> Link | Unreadable:
    """Give a line as a link, if it has exactly the parts of one."""
    if row is None or set(row) != KEYS:
        return Unreadable(line)
    number, previous, own, event = row["number"], row["previous"], row["hash"], row["event"]
    well = type(number) is int and 0 < number < 2**63 and isinstance(previous, str) and isinstance(own, str)
    if not well or not isinstance(event, dict):
        return Unreadable(line)
    return Link(number, previous, own, event, line)


def _read(spelled: bytes) -> dict[str, Any] | None:
    """Read one line; None if it is no JSON object, or says a thing twice."""
    try:
        row = json.loads(spelled.decode("utf-8", "surrogatepass"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a key twice: readers would disagree on what it says."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
