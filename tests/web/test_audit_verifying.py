"""Verifying a trail: whatever is done to it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from jiedui_web.audit.signing import Checkpoint, read_checkpoints, sign
from jiedui_web.audit.verifying import FORMAT, START, Link, digest, read_export, verify

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
LENGTH, SIGNED = 60, 45
AT = "2026-11-25T10:00:00+08:00"
Rows = list[dict[str, Any]]


def event(number: int) -> dict[str, Any]:
    return {"id": number * 3, "actor": f"人{number % 5}", "action": "record.change", "after": {"n": number}}


def sealed(events: list[dict[str, Any]]) -> Rows:
    rows: Rows = []
    head = START
    for number, said in enumerate(events, 1):
        own = digest(number, head, said)
        rows.append({"number": number, "previous": head, "hash": own, "event": said})
        head = own
    return rows


def checkpoints(rows: Rows, *numbers: int, key: bytes = KEY) -> list[Checkpoint]:
    return [sign(number, rows[number - 1]["hash"], AT, key) for number in numbers]


def links(rows: Rows) -> list[Link]:
    return [Link(row["number"], row["previous"], row["hash"], row["event"]) for row in rows]


def edit(rows: Rows, at: Random) -> int:
    """Change what one event says."""
    row = rows[at.randrange(SIGNED)]
    row["event"] = row["event"] | at.choice([{"actor": "他人"}, {"after": None}, {"id": 999}, {"more": 1}])
    return int(row["number"])


def delete(rows: Rows, at: Random) -> int:
    """Take one event and its seal away."""
    return int(rows.pop(at.randrange(SIGNED))["number"])


def empty(rows: Rows, at: Random) -> int:
    """Take one event away and leave its seal."""
    row = rows[at.randrange(SIGNED)]
    row["event"] = None
    return int(row["number"])


def insert(rows: Rows, at: Random) -> int:
    """Put an event between, sealed as if it belonged there."""
    place = at.randrange(SIGNED)
    number, previous = rows[place]["number"], rows[place]["previous"]
    own = digest(number, previous, event(1000))
    rows.insert(place, {"number": number, "previous": previous, "hash": own, "event": event(1000)})
    return int(number)


def swap(rows: Rows, at: Random) -> int:
    """Exchange what two neighbours say."""
    place = at.randrange(SIGNED - 1)
    rows[place]["event"], rows[place + 1]["event"] = rows[place + 1]["event"], rows[place]["event"]
    return int(rows[place]["number"])


def hide(rows: Rows, at: Random) -> int:
    """Change an event and its own seal, but not those after it: the next one does not fit."""
    place = at.randrange(SIGNED - 1)
    row = rows[place]
    row["event"] = row["event"] | {"actor": "他人"}
    row["hash"] = digest(row["number"], row["previous"], row["event"])
    return int(row["number"]) + 1


def rewrite(rows: Rows, at: Random) -> None:
    """Change an event and seal the whole chain anew."""
    said = [row["event"] for row in rows]
    said[at.randrange(SIGNED)]["actor"] = "他人"
    rows[:] = sealed(said)


def drop_and_rewrite(rows: Rows, at: Random) -> None:
    """Take an event away and seal the rest anew."""
    said = [row["event"] for row in rows]
    del said[at.randrange(SIGNED)]
    rows[:] = sealed(said)


def cut(rows: Rows, at: Random) -> None:
    """Take the end away."""
    del rows[at.randrange(SIGNED) :]


TOLD = (edit, delete, empty, insert, swap, hide)
ONLY_BY_CHECKPOINTS = (rewrite, drop_and_rewrite, cut)


@pytest.mark.parametrize("seed", range(200))
def test_every_change_of_the_trail_is_found(seed: int) -> None:
    at = Random(seed)  # noqa: S311 - a test repeats
    rows = sealed([event(number) for number in range(1, LENGTH + 1)])
    kept = checkpoints(rows, 10, SIGNED)
    changed: Callable[[Rows, Random], int | None] = at.choice(TOLD + ONLY_BY_CHECKPOINTS)
    number = changed(rows, at)
    found = verify(links(rows), kept)
    assert not found.is_sound, changed.__name__
    if number is not None:
        assert any(one.number <= number <= one.to for one in found.findings), changed.__name__
        assert not verify(links(rows)).is_sound, changed.__name__


def test_a_sound_trail_is_sound_and_proven_to_its_last_checkpoint() -> None:
    rows = sealed([event(number) for number in range(1, LENGTH + 1)])
    found = verify(links(rows), checkpoints(rows, 10, SIGNED))
    assert (found.is_sound, found.count, found.proven_to) == (True, LENGTH, SIGNED)


def test_without_checkpoints_a_rewritten_chain_looks_sound_and_nothing_is_called_proven() -> None:
    rows = sealed([event(number) for number in range(1, LENGTH + 1)])
    rewrite(rows, Random(1))  # noqa: S311 - a test repeats
    found = verify(links(rows))
    assert (found.is_sound, found.proven_to) == (True, 0)


def test_a_checkpoint_forged_or_signed_by_another_is_found() -> None:
    rows = sealed([event(number) for number in range(1, LENGTH + 1)])
    true = checkpoints(rows, 10)
    foreign = checkpoints(rows, 20, key=OTHER_KEY)
    forged = [Checkpoint(30, rows[29]["hash"], AT, true[0].key, true[0].signature)]
    kinds = {one.kind for one in verify(links(rows), true + foreign + forged).findings}
    assert kinds == {"other_key", "forged"}
    assert not verify(links(rows), foreign, key=true[0].key).is_sound
    assert verify(links(rows), foreign, key=foreign[0].key).is_sound


def write(path: Path, rows: Rows) -> None:
    head = {"format": FORMAT, "count": len(rows), "head": rows[-1]["hash"], "at": AT}
    spelled = [json.dumps(row, ensure_ascii=False) for row in [head, *rows]]
    path.write_text("\n".join(spelled) + "\n", encoding="utf-8")


def test_a_file_of_which_any_sign_was_changed_or_cut_is_found(tmp_path: Path) -> None:
    rows = sealed([event(number) for number in range(1, LENGTH + 1)])
    path = tmp_path / "trail.jsonl"
    write(path, rows)
    kept = checkpoints(rows, LENGTH)
    assert verify(read_export(path), kept).is_sound
    whole = path.read_bytes()
    body = whole.index(b"\n") + 1
    at = Random(7)  # noqa: S311 - a test repeats
    for _ in range(200):
        place = at.randrange(body, len(whole) - 1)
        other = at.choice([sign for sign in b'0123456789abcdefxyz{}",' if sign != whole[place]])
        if whole[place] in b" \n":
            continue
        path.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
        assert not verify(read_export(path), kept).is_sound, whole[place - 20 : place + 20]
    path.write_bytes(whole[: len(whole) // 2])
    assert not verify(read_export(path)).is_sound


def test_a_line_that_says_a_thing_twice_is_refused(tmp_path: Path) -> None:
    rows = sealed([event(1)])
    path = tmp_path / "trail.jsonl"
    write(path, rows)
    path.write_text(path.read_text(encoding="utf-8").replace('"actor"', '"actor": "他人", "actor"'), "utf-8")
    assert [one.kind for one in verify(read_export(path)).findings][:1] == ["unreadable"]


def test_another_file_is_no_trail(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"x\.csv"):
        list(read_export(tmp_path / "x.csv"))


def test_checkpoints_of_a_folder_are_read_and_a_spoiled_one_is_forged(tmp_path: Path) -> None:
    rows = sealed([event(1)])
    (tmp_path / "1.json").write_text(checkpoints(rows, 1)[0].spelled())
    (tmp_path / "2.json").write_text("{")
    found = verify(links(rows), list(read_checkpoints(tmp_path)))
    assert [one.kind for one in found.findings] == ["forged"]
