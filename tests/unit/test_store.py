"""The store: one file, one writer, whole or not at all; nothing outside it can be reached from it."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from jiedui.errors import InputError
from jiedui.store import FORMAT, Store

ROOT = Path(__file__).parents[2]
ROWS = pa.table(
    {
        "text": pa.array(["麻子村", None, ""], pa.string()),
        "count": pa.array([1, None, -(2**62)], pa.int64()),
        "share": pa.array([0.1, None, 1e300], pa.float64()),
        "is_listed": pa.array([True, None, False], pa.bool_()),
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "county.duckdb"


@pytest.fixture
def made(path: Path) -> Path:
    with Store.open(path, create=True) as store:
        store.write_table("villages", ROWS)
    return path


def refused(rule: str, what: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        what()
    assert [found.rule for found in caught.value.findings] == [f"store.{rule}"]
    return caught.value


def run(program: str, path: Path) -> subprocess.Popen[str]:
    """Start a program that finds `path` and `Store` at hand."""
    head = "import sys, pathlib, pyarrow as pa\nfrom jiedui.store import Store\n"
    head += "path = pathlib.Path(sys.argv[1])\n"
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", head + program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_a_table_comes_back_as_it_was_written(made: Path) -> None:
    with Store.open(made) as store:
        assert store.tables() == ("villages",)
        assert store.read_table("villages").equals(ROWS)


def test_a_table_takes_the_place_of_the_one_of_its_name(made: Path) -> None:
    with Store.open(made) as store:
        store.write_table("villages", pa.table({"other": [1]}))
        assert store.read_table("villages").to_pylist() == [{"other": 1}]


def test_many_rows_keep_their_order(path: Path) -> None:
    rows = pa.table({"row": pa.array(range(300_000), pa.int64())})
    with Store.open(path, create=True) as store:
        store.write_table("rows_", rows)
        assert store.read_table("rows_").equals(rows)


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    for name in ("main.duckdb", "staged.duckdb", "县 'a' \"b\".duckdb", "memory", "meta.db"):
        with Store.open(tmp_path / name, create=True) as store:
            store.connection().execute("CREATE SCHEMA staged; CREATE TABLE staged.meta AS SELECT 1 AS a")
            store.write_table("a", ROWS)
            assert store.tables() == ("a",)
        with Store.open(tmp_path / name) as store:
            assert store.read_table("a").equals(ROWS)


def test_creating_where_a_store_stands_opens_it(made: Path) -> None:
    with Store.open(made, create=True) as store:
        assert store.tables() == ("villages",)


def test_nothing_is_left_beside_a_closed_store(made: Path) -> None:
    assert [file.name for file in made.parent.iterdir()] == [made.name]


def test_a_file_that_is_not_there_is_said(path: Path) -> None:
    assert "county.duckdb" in refused("file_missing", lambda: Store.open(path)).findings[0].zh
    refused("folder_missing", lambda: Store.open(path.parent / "none" / "a.duckdb", create=True))
    refused("file_missing", lambda: Store.open(path.parent))
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"DUCK", b"code,name\n610204,x\n", b"\x00" * 8 + b"DUCK", os.urandom(9999)]
)
def test_a_file_that_is_not_a_store_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"store\.(not_a_store|damaged)"):
        Store.open(path, create=True)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [
        "CREATE TABLE other (a INTEGER)",
        "CREATE TABLE meta (a INTEGER)",
        "CREATE VIEW meta AS SELECT 'software' AS key, 'jiedui' AS value",
        "CREATE TABLE meta AS SELECT 'software' AS key, 'other' AS value",
        "CREATE TABLE meta AS FROM (VALUES ('software', 'jiedui'), ('format', 'x')) t(key, value)",
    ],
)
def test_another_programs_database_is_refused_and_left_as_it_is(path: Path, content: str) -> None:
    with duckdb.connect(path) as db:
        db.execute(content)
    before = path.read_bytes()
    refused("not_a_store", lambda: Store.open(path))
    assert path.read_bytes() == before


def test_a_store_of_a_newer_format_is_refused_with_both_numbers(made: Path) -> None:
    with duckdb.connect(made) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'format'", [str(FORMAT + 1)])
    words = refused("newer", lambda: Store.open(made)).findings[0].en
    assert f"format {FORMAT + 1}" in words
    assert f"up to {FORMAT}" in words


@pytest.mark.parametrize("name", ["meta", "", "Villages", "村", 'a"; DROP TABLE b; --', "../a", "a" * 64])
def test_a_name_that_is_no_name_is_refused(made: Path, name: str) -> None:
    with Store.open(made) as store:
        refused("table_name", lambda: store.write_table(name, ROWS))
        refused("table_missing", lambda: store.read_table(name))


def test_the_connection_reaches_nothing_outside_the_store(made: Path) -> None:
    secret = made.parent / "secret.csv"
    secret.write_text("a\n1\n")
    rows_of_the_program = ROWS
    attempts = [
        *(f"FROM {name}('{secret}')" for name in ("read_csv", "read_text", "read_blob", "glob", "sniff_csv")),
        f"FROM '{secret}'",
        f"COPY villages TO '{secret}'",
        f"COPY villages FROM '{secret}'",
        f"COPY villages TO '{made}'",
        f"ATTACH '{made.parent}/other.duckdb'",
        f"EXPORT DATABASE '{made.parent}/exported'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM rows_of_the_program",
        "SET enable_external_access = true",
        "SET memory_limit = '99GiB'",
        "SET threads = 64",
        "SET lock_configuration = false",
        "RESET memory_limit",
    ]
    with Store.open(made) as store:
        for attempt in attempts:
            with pytest.raises(duckdb.Error):
                store.connection().execute(attempt)
        assert store.read_table("villages").equals(rows_of_the_program)
    assert secret.read_text() == "a\n1\n"


def test_memory_and_threads_are_as_they_were_asked_for(made: Path) -> None:
    asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
    with Store.open(made, memory_mib=64, threads=1) as store:
        assert store.connection().execute(asked).fetchone() == ("64.0 MiB", 1)


def test_what_does_not_fit_in_memory_goes_on_beside_the_store(path: Path) -> None:
    big = "SELECT count(DISTINCT md5(range::VARCHAR)) FROM range(1_500_000)"
    with Store.open(path, create=True, memory_mib=96, threads=1) as store:
        assert store.connection().execute(big).fetchone() == (1_500_000,)
    assert list(path.parent.iterdir()) == [path]


def test_a_second_process_is_told_which_one_holds_the_store(made: Path) -> None:
    other = run("with Store.open(path):\n    print('open', flush=True)\n    sys.stdin.read()\n", made)
    assert other.stdout
    assert other.stdout.readline() == "open\n"
    words = refused("in_use", lambda: Store.open(made)).findings[0].en
    assert f"process {other.pid}" in words
    other.communicate("", timeout=30)
    with Store.open(made) as store:
        assert store.tables() == ("villages",)


def test_a_process_cannot_open_a_store_twice(made: Path) -> None:
    with Store.open(made) as store:
        words = refused("in_use", lambda: Store.open(made)).findings[0].en
        assert f"process {os.getpid()}" in words
        assert store.read_table("villages").equals(ROWS)


KILLED = """
with Store.open(path, create=True) as store:
    number = max(store.read_table("a")["v"].to_pylist(), default=0) if "a" in store.tables() else 0
    while True:
        number += 1
        rows = pa.table({"v": pa.array([number] * 5_000, pa.int64()), "w": ["x" * 50] * 5_000})
        store.write_table("a", rows)
        db = store.connection()
        db.execute("BEGIN; CREATE OR REPLACE TABLE b AS SELECT v, w FROM a")
        db.execute("CREATE OR REPLACE TABLE c AS SELECT v FROM b; COMMIT")
        print(number, flush=True)
"""


def test_a_killed_store_opens_again_and_holds_all_or_nothing_of_each_write(path: Path) -> None:
    chance = random.Random(20161201)  # noqa: S311 - not for secrets
    for _ in range(3):
        writer = run(KILLED, path)
        assert writer.stdout
        said = int(writer.stdout.readline())
        time.sleep(chance.uniform(0.0, 0.06))
        writer.kill()
        said = int(([str(said), *writer.stdout.read().split()])[-1])
        writer.communicate()
        with Store.open(path) as store:
            held = {name: store.read_table(name)["v"].to_pylist() for name in store.tables()}
            assert store.check() == ()
        assert {name: (len(rows), len(set(rows))) for name, rows in held.items()} == dict.fromkeys(
            "abc", (5_000, 1)
        )
        assert held["b"] == held["c"]
        assert said <= held["b"][0] <= held["a"][0] <= said + 1


def test_a_store_killed_while_it_is_made_is_made_anew(path: Path) -> None:
    for delay in (0.0, 0.02, 0.05):
        path.unlink(missing_ok=True)
        maker = run("print('go', flush=True)\nStore.open(path, create=True).close()\n", path)
        assert maker.stdout
        maker.stdout.readline()
        time.sleep(delay)
        maker.kill()
        maker.communicate()
        with Store.open(path, create=True) as store:
            assert store.tables() == ()
        assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_what_a_killed_maker_left_is_cleared(path: Path) -> None:
    part = f".county.duckdb.{'0f' * 8}.part"
    for name in (part, f"{part}.wal"):
        (path.parent / name).write_bytes(b"left")
    with Store.open(path, create=True) as store:
        store.write_table("villages", ROWS)
    assert list(path.parent.iterdir()) == [path]


def test_of_two_who_make_a_store_at_once_the_second_finds_it_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(part: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        with Store.open(target, create=True) as first:
            first.write_table("villages", ROWS)
        link(part, target)

    monkeypatch.setattr(os, "link", late)
    with Store.open(path, create=True) as second:
        assert second.tables() == ("villages",)
    assert list(path.parent.iterdir()) == [path]


def test_no_store_is_made_over_the_log_of_a_lost_one(path: Path) -> None:
    log = path.parent / "county.duckdb.wal"
    log.write_bytes(b"not saved yet")
    refused("log_left", lambda: Store.open(path, create=True))
    assert list(path.parent.iterdir()) == [log]


def test_damage_is_found_by_the_check_or_on_opening(path: Path) -> None:
    with Store.open(path, create=True) as store:
        store.write_table("sound", ROWS)
        numbers = random.Random(1).sample(range(10**12), 300_000)  # noqa: S311 - not for secrets
        store.write_table("spoilt", pa.table({"number": pa.array(numbers, pa.int64())}))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(byte ^ 0xFF for byte in data[middle : middle + 64])
    path.write_bytes(data)
    with Store.open(path) as store:
        found = store.check()
    assert [one.rule for one in found] == ["store.table_damaged"]
    assert "main.spoilt" in found[0].en


def test_every_table_is_exported_whatever_its_schema(made: Path) -> None:
    with Store.open(made) as store:
        store.connection().execute(
            "CREATE SCHEMA staged; CREATE TABLE staged.villages AS FROM main.villages LIMIT 1"
        )
        store.write_table("empty", ROWS.slice(0, 0))
        files = store.export_parquet(made.parent / "out")
        assert [file.name for file in files] == [
            "empty.parquet",
            "villages.parquet",
            "staged.villages.parquet",
        ]
        assert parquet.read_table(files[1]).equals(ROWS)
        assert [parquet.read_table(file).num_rows for file in files] == [0, 3, 1]
        again = store.export_parquet(made.parent / "again")
        assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]


def test_nothing_is_exported_over_what_is_there(made: Path) -> None:
    (made.parent / "full").mkdir()
    (made.parent / "full" / "mine.txt").write_text("mine")
    (made.parent / "empty").mkdir()
    with Store.open(made) as store:
        refused("folder_not_empty", lambda: store.export_parquet(made.parent / "full"))
        refused("folder_not_empty", lambda: store.export_parquet(made))
        refused("folder_not_writable", lambda: store.export_parquet(made.parent / "none" / "out"))
        assert len(store.export_parquet(made.parent / "empty")) == 1
    assert sorted(file.name for file in made.parent.iterdir()) == ["county.duckdb", "empty", "full"]


def test_only_the_store_opens_database_files() -> None:
    opening = re.compile(r"duckdb\.connect\((?!\)|config=)|ATTACH", re.MULTILINE)
    texts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py")}
    found = {file.parent.name for file, text in texts.items() if opening.search(text)}
    assert found == {"store"}


def test_the_door_opens_without_heavy_libraries() -> None:
    program = "import sys, jiedui.store; print(sorted({'duckdb', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "[]\n"
