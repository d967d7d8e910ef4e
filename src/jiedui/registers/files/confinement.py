"""Parsing in a process that can do no harm: the side that waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    from pathlib import Path

    from jiedui.registers.files.limits import Limits

START = """
import json, sys, types
limits, sys.path[:], doors = map(json.loads, sys.argv[1:])
for name, path in doors.items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = path
from jiedui.registers.files.child import answer
from jiedui.registers.files.{} import parse
answer(parse, limits)
"""
"""Without the user's settings and start-up files."""
DOORS = ("jiedui.registers", "jiedui.registers.files", "jiedui.tables")
"""Not opened there: they load the whole stage, which takes three times as long as most files."""
TOLD = 8
"""Bytes at the end that say how long what is told before them is."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a process wrote, and what it told of it."""

    content: bytes
    told: dict[str, Any]


def parse_confined(path: Path, name: str, module: str, limits: Limits) -> Parsed:
    """Give what the function ``parse`` of a module of this room makes of a file.

    Raises
    ------
    InputError
        If it cannot be read within the limits.
    """
    with tempfile.TemporaryFile() as out:
        is_stopped = _run(path, module, out, limits)
        out.seek(0)
        content = out.read()
    told = _told(content)
    if told is None:
        raise InputError([finding("reading.too_heavy" if is_stopped else "reading.broken", file=name)])
    if rule := told.get("rule"):
        raise InputError([finding(rule, file=name, **told.get("values", {}))])
    return Parsed(content, told)


def _run(path: Path, module: str, out: BinaryIO, limits: Limits) -> bool:
    """Run the process; say whether it was stopped before its end."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", START.format(module)]
    doors = {name: list(sys.modules[name].__path__) for name in DOORS}
    command += map(json.dumps, (asdict(limits), [entry for entry in sys.path if entry], doors))
    if sys.dont_write_bytecode:
        command.insert(1, "-B")
    if sys.pycache_prefix:
        command[1:1] = ["-X", f"pycache_prefix={sys.pycache_prefix}"]
    quiet = subprocess.DEVNULL
    with path.open("rb") as file:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter
                command, stdin=file, stdout=out, stderr=quiet, timeout=limits.seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return True
    return done.returncode != 0


def _told(content: bytes) -> dict[str, Any] | None:
    """Give what stands at the end of an output; None when the process died before it."""
    length = int.from_bytes(content[-TOLD:], "big")
    if not 0 < length <= len(content) - TOLD:
        return None
    try:
        told = json.loads(content[-TOLD - length : -TOLD])
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
