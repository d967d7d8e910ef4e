"""``python3 do.py campaign registers [--minutes N]``: fuzz the readers with fresh seeds, for long."""

from __future__ import annotations

import argparse
import io
import random
import secrets
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile_files import GOOD, pack, unpack

from jiedui.errors import Finding, InputError
from jiedui.registers.files import Sheet, read_sheets

FORMATS = tuple(GOOD)
MOST = 12
"""Changes made to one file."""
INTERESTING = (
    b"\x00", b"\xff", b"\x7f", b"\n", b'"', b",", b"<", b">", b"&", b"\x00\x00\x00\x80", b"\xff\xff\xff\x7f",
    b"\xff\xff\xff\xff", b"99999999999999999999", b"-1", b"<!ENTITY", b"\xed\xa0\x80", "字".encode("gb18030"),
)  # fmt: skip
"""Bytes that have broken readers before."""


def flip(content: bytearray, chance: random.Random) -> None:
    """Change a byte."""
    content[chance.randrange(len(content))] = chance.randrange(256)


def cut(content: bytearray, chance: random.Random) -> None:
    """Take some bytes out."""
    start = chance.randrange(len(content))
    del content[start : start + chance.randrange(1, 64)]


def insert(content: bytearray, chance: random.Random) -> None:
    """Put some bytes in."""
    at = chance.randrange(len(content) + 1)
    content[at:at] = chance.choice(INTERESTING) * chance.choice((1, 1, 2, 50))


def repeat(content: bytearray, chance: random.Random) -> None:
    """Write some bytes a second time elsewhere."""
    start, at = chance.randrange(len(content)), chance.randrange(len(content) + 1)
    content[at:at] = content[start : start + chance.randrange(1, 200)]


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (flip, flip, cut, insert, repeat)


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Change a file at random; every second time so that all bytes keep their places."""
    changed = bytearray(content)
    changes = chance.choice((CHANGES, (flip,)))
    for _ in range(chance.choice((1, 1, 2, MOST))):
        if changed:
            chance.choice(changes)(changed, chance)
    return bytes(changed)


def mutated(name: str, chance: random.Random) -> bytes:
    """Give a good file of a format, changed as a whole or, where it is packed, in one of its parts."""
    content = GOOD[name]()
    if not zipfile.is_zipfile(io.BytesIO(content)) or chance.random() < 0.25:
        return mutate(content, chance)
    parts = unpack(content)
    part = chance.choice([one for one in sorted(parts) if parts[one]])
    return pack({**parts, part: mutate(parts[part], chance)})


def check_mutated(folder: Path, name: str, seed: int) -> str:
    """Read a file changed by a seed; say what came of it. Anything but a reading or findings is an error."""
    path = folder / f"{seed}{name}"
    path.write_bytes(mutated(name, random.Random(seed)))  # noqa: S311 - a seed repeats it
    refused: tuple[Finding, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    try:
        sheets = read_sheets(path)
    except InputError as error:
        refused = error.findings
    path.unlink()
    assert bool(refused) != bool(sheets)
    assert all(found.zh and found.en for found in refused)
    for sheet in sheets:
        sheet.cells.validate(full=True)
        assert len(sheet.headings) == len(sheet.positions) == sheet.cells.num_columns
        assert all(row > 0 for row in sheet.rows.tolist())
    return refused[0].rule if refused else "read"


def main() -> None:
    """Change and read files of every format in turn until time is up; a failure names its seed."""
    parser = argparse.ArgumentParser(prog="do.py campaign registers")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None, help="repeat one case of every format")
    asked = parser.parse_args()
    end, done = time.monotonic() + 60 * asked.minutes, Counter[tuple[str, str]]()
    with TemporaryDirectory() as folder:
        while time.monotonic() < end:
            seed = secrets.randbits(32) if asked.seed is None else asked.seed
            for name in FORMATS:
                try:
                    done[name, check_mutated(Path(folder), name, seed)] += 1
                except BaseException:
                    print(f"{name}: seed {seed}", flush=True)
                    raise
            if asked.seed is not None:
                break
    for (name, outcome), count in sorted(done.items()):
        print(f"{name:>10} {outcome:<24} {count:8}")
    print(f"{done.total()} passed, 0 failed")


if __name__ == "__main__":
    main()
