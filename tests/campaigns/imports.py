"""``python3 do.py campaign imports [--minutes N]``: kill imports at any moment, look for what is lost."""

from __future__ import annotations

import argparse
import random
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.imported import BY, households

from jiedui.registers import Register
from jiedui.registers.imports import commit, history, review, rows_in_force, stage, undo
from jiedui.store import Store

FILES, ROWS, KEYS, CHUNK = 5, 1500, 2500, 250
LONGEST, LONGER = 0.8, 0.2
"""Seconds after which a program that works is killed at the latest; after each kill so much longer."""
ORDER = ("loaded", "in_review", "merged", "undone")
Sizes = dict[str, int]


def sizes_of(seed: int, file: int) -> Sizes:
    """Give what a file says of some households."""
    draw = random.Random(f"{seed}|{file}")  # noqa: S311 - a seed repeats it
    return {f"{key:08}": draw.randint(1, 9) for key in sorted(draw.sample(range(KEYS), ROWS))}


def register_of(seed: int, file: int) -> Register:
    """Give a file as it is read."""
    rows: list[dict[str, object]] = [
        {"household": key, "size": size} for key, size in sizes_of(seed, file).items()
    ]
    return households(rows, ("household", "size"), file=f"{file}.csv")


def is_undone(seed: int, file: int) -> bool:
    """Tell whether a file is taken back after it was merged."""
    return random.Random(f"undo {seed}|{file}").random() < 0.4  # noqa: S311 - a seed repeats it


def work(path: Path, seed: int) -> None:
    """Stage, merge and take back file after file from where the store stands; tell what is done."""
    print("ready", flush=True)
    with Store.open(path, create=True) as store:
        db = store.connection()
        for file in range(FILES):
            name = f"{file}.csv"
            state = {one.file: one.state for one in history(db)}.get(name, "loaded")
            if state == "loaded":
                stage(db, register_of(seed, file), chunk=CHUNK, **BY)
                print(f"{name} in_review", flush=True)
            number = {one.file: one.number for one in history(db)}[name]
            if state in ("loaded", "in_review"):
                commit(db, number, reviewed=review(db, number).version, **BY)
                print(f"{name} merged", flush=True)
            if state != "undone" and is_undone(seed, file):
                undo(db, number, **BY)
                print(f"{name} undone", flush=True)


def look(path: Path, seed: int, told: str) -> bool:
    """Hold a store against a twin and against what was told to be done; tell whether all is done."""
    with Store.open(path) as store:
        db = store.connection()
        assert store.check() == ()
        states = {one.file: one.state for one in history(db)}
        assert len(states) == len(history(db)), "an import stands twice"
        for name, state in (line.split() for line in told.splitlines() if line.count(" ") == 1):
            assert ORDER.index(states[name]) >= ORDER.index(state), f"{name} was {state}, is {states[name]}"
        expected: Sizes = {}
        for file in range(FILES):
            if states.get(f"{file}.csv") == "merged":
                expected |= sizes_of(seed, file)
        rows = rows_in_force(db, "households").select(["household", "size"]).to_pylist()
        assert len(rows) == len(expected)
        assert {row["household"]: row["size"] for row in rows} == expected
    wanted = ["undone" if is_undone(seed, file) else "merged" for file in range(FILES)]
    return [states.get(f"{file}.csv") for file in range(FILES)] == wanted


def kill_until_done(path: Path, seed: int, done: Counter[str]) -> None:
    """Start the work again and again, each time killed at a random moment, until it gets through."""
    draw, longest = random.Random(seed), LONGEST  # noqa: S311 - a seed repeats it
    command = [sys.executable, "-m", "tests.campaigns.imports", "--work", str(path), "--seed", str(seed)]
    while True:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            timer = threading.Timer(longest * draw.random(), process.kill)
            timer.start()
            told = process.stdout.read()
            code = process.wait()
            timer.cancel()
        assert code in (0, -9), code
        done["killed" if code else "finished"] += 1
        longest += LONGER
        if not path.exists():
            assert code
            assert not told
        elif look(path, seed, told):
            return


def main() -> None:
    """Import into store after store until time is up; a failure names its seed."""
    parser = argparse.ArgumentParser(prog="do.py campaign imports")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=None, help="repeat one store")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(asked.work, asked.seed)
        return
    end, done = time.monotonic() + 60 * asked.minutes, Counter[str]()
    while time.monotonic() < end:
        seed = secrets.randbits(32) if asked.seed is None else asked.seed
        with TemporaryDirectory() as folder:
            try:
                kill_until_done(Path(folder) / "store.duckdb", seed, done)
            except BaseException:
                print(f"seed {seed}", flush=True)
                raise
        done["stores"] += 1
        if asked.seed is not None:
            break
    print(dict(done))
    print(f"{done['killed']} kills, nothing lost, nothing double")


if __name__ == "__main__":
    main()
