"""The process that parses a file: bound in memory and time, whatever happens it says so."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from jiedui.registers.files.limits import MIB, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parse = Callable[[BinaryIO, BinaryIO, Limits], dict[str, Any]]

MEMORY = 176 * MIB
"""Bytes that any workbook may ask for; a small one that asks for more is not what it seems."""
MEMORY_PER_BYTE = 24
"""Bytes asked for a byte of workbook: the shortest number takes 16 bytes of XML and some 150 here."""
SECONDS = 0.5
"""Processor time that any workbook may take; a small one is read in a hundredth of it."""
BYTES_PER_SECOND = 8_000_000


class Refused(Exception):  # noqa: N818
    """A file that is not read: the rule and what its text needs."""

    def __init__(self, rule: str, **values: int | str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values


def answer(parse: Parse, limits: Mapping[str, int]) -> None:
    """Parse standard input to standard output, then say there what was written, or why nothing was.

    What was said stands at the end as JSON, behind it its length (8 bytes, big end first).
    """
    bounds = Limits(**limits)
    bind(bounds)
    with open(0, "rb") as file, open(1, "wb") as out:
        try:
            told = parse(file, out, bounds)
        except Refused as error:
            told = {"rule": error.rule, "values": error.values}
        except MemoryError:
            told = {"rule": "reading.too_heavy"}
        # A panic of a reader that is written in Rust is no Exception.
        except BaseException as error:  # noqa: BLE001
            told = {"rule": _rule(error)}
        content = json.dumps(told).encode()
        out.write(content + len(content).to_bytes(8, "big"))


def _rule(error: BaseException) -> str:
    """Give the rule of an error of a reader."""
    said = f"{type(error).__name__} {error}".lower()
    if "password" in said:
        return "reading.protected"
    is_heavy = any(word in said for word in ("capacity", "alloc", "map segment"))
    return "reading.too_heavy" if is_heavy else "reading.broken"


def bind(limits: Limits, size: int = 0, memory: int = 0) -> None:
    """Bind this process to what a file of so many unpacked bytes needs, and so much memory beside.

    Where the system cannot bind memory and processor time (Windows), only the clock of the waiting
    process holds; where it cannot bind memory (macOS), time still is.
    """
    try:
        import resource
    except ImportError:
        return
    needed = min(MEMORY + memory + MEMORY_PER_BYTE * size, limits.memory)
    for which, soft, most in (
        (resource.RLIMIT_AS, needed, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds, limits.seconds),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        hard = resource.getrlimit(which)[1]
        hard = most if hard == resource.RLIM_INFINITY else min(hard, most)
        # Some systems name a limit and refuse to set it.
        with suppress(OSError, ValueError):
            resource.setrlimit(which, (min(soft, hard), hard))
    signal.setitimer(signal.ITIMER_PROF, min(SECONDS + size / BYTES_PER_SECOND, limits.seconds))
