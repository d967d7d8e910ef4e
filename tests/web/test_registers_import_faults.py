"""Imports when something breaks: killed workers on a file, races of real threads."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from tests.web.conftest import OWN
from tests.web.import_cast import ROWS, csv_of, run_tasks, store, taken_in

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.bridge.importing import take_file
from jiedui_web.registers import import_merging
from jiedui_web.registers.import_runs import SILENT
from jiedui_web.registers.importing import (
    OvertookError,
    ask_commit,
    ask_undo,
    receive,
    refuse,
    run_again,
)
from jiedui_web.registers.models import Import, PastRecord, Record, StagedRow, State

WORKER = """
import sys
import django
django.setup()
from jiedui_web.registers import import_merging, import_reading, search
def slowly(ids):
    print("half way", flush=True)
    import time
    time.sleep(60)
if sys.argv[1] == "merge":
    search.add_to_index = slowly
    import_merging.merge(sys.argv[2])
else:
    import_reading.compare = slowly
    import_reading.read(sys.argv[2])
"""
MANAGE = """
import json, os, sys
import django
django.setup()
from django.core.management import call_command
from tests.web.import_cast import csv_of, run_tasks, store
from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.places.models import Programme
from jiedui_web.registers.importing import ask_commit, confirm_mapping, receive, resume_stopped
from jiedui_web.registers.models import Import, PastRecord, Record, StagedRow
def prepare():
    call_command("migrate", verbosity=0)
    unit = make_organisation(by=System(), name="office")
    secret = os.urandom(20).hex()
    user = make_user(by=System(), username="clerk", name="clerk", password=secret, organisation=unit)
    assign_role(by=System(), function=Function.ENTER, level=Level.COUNTY, prefix="640422", user=user)
    Programme.objects.create(key="county", name="county")
    rows = [f"{n},head,,,3," for n in range(500)]
    receive(by=user, programme="county", place_code="640422", file=store(csv_of(*rows)))
def commit():
    run_tasks()
    from jiedui_web.accounts.models import User
    run, user = Import.objects.get(), User.objects.get()
    confirm_mapping(run, by=user, feeds=[line["feeds"] for line in run.mapping], version=run.version)
    run.refresh_from_db()
    ask_commit(run, by=user, version=run.version)
def resume():
    resume_stopped()
    run_tasks()
for name in sys.argv[1:]:
    globals()[name]()
from jiedui_web.audit.models import Event
run = Import.objects.get()
print(json.dumps([run.outer_id, run.state, Record.objects.count(), StagedRow.objects.count(),
    Event.objects.filter(action="import.commit").count()]))
"""


def site(folder: Path, program: str, *values: str) -> subprocess.Popen[str]:
    """Start a program in a site of its own, on a file."""
    environment = os.environ | {
        "JIEDUI_SITE": str(folder),
        "JIEDUI_LOCAL": "1",
        "JIEDUI_DATABASE": "",
        "DJANGO_SETTINGS_MODULE": "jiedui_web.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", program, *values]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603


def answer(folder: Path, *steps: str) -> list[object]:
    """Do steps in a site and give how it stands: outer id, state, records, staged rows, events of commits."""
    import json

    process = site(folder, MANAGE, *steps)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    found: list[object] = json.loads(out.splitlines()[-1])
    return found


def kill_half_way(folder: Path, part: str, outer_id: str) -> None:
    """Kill a worker in the middle of its part, the way a power cut does."""
    process = site(folder, WORKER, part, outer_id)
    assert process.stdout is not None
    assert "half way" in process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()


def stands(folder: Path) -> list[object]:
    """Look into the file of a site: state of the import, records, staged rows."""
    with closing(sqlite3.connect(folder / "jiedui.sqlite3")) as file:
        ((state,),) = file.execute("SELECT state FROM registers_import").fetchall()
        ((records,),) = file.execute("SELECT count(*) FROM registers_record").fetchall()
        ((staged,),) = file.execute("SELECT count(*) FROM registers_stagedrow").fetchall()
    return [state, records, staged]


def test_a_worker_killed_while_it_reads_or_commits_leaves_nothing_half_done(tmp_path: Path) -> None:
    """Killed with rows staged, and with all records written but not committed; then it goes on."""
    outer_id, *_ = answer(tmp_path, "prepare")
    kill_half_way(tmp_path, "read", str(outer_id))
    assert stands(tmp_path) == ["reading", 0, 500]
    assert answer(tmp_path, "resume", "commit")[1:] == ["committing", 0, 500, 0]
    kill_half_way(tmp_path, "merge", str(outer_id))
    assert stands(tmp_path) == ["committing", 0, 500]
    assert answer(tmp_path, "resume")[1:] == ["committed", 500, 0, 1]


@pytest.fixture
def clerk(programme: object, person: Callable[..., User]) -> User:
    """Whoever enters data in the own county."""
    return person(Function.ENTER)


@pytest.mark.django_db
def test_a_run_that_gives_no_sign_of_life_may_be_begun_anew_but_not_one_that_works(clerk: User) -> None:
    """The page offers it after a while; before, it is refused."""
    run, _ = receive(by=clerk, programme="county", place_code=OWN, file=store(csv_of(*ROWS)))
    with pytest.raises(OvertookError):
        run_again(run, by=clerk)
    Import.objects.update(worked_at=timezone.now() - 2 * SILENT, state=State.READING)
    run.refresh_from_db()
    run_again(run, by=clerk)
    run_tasks()
    run.refresh_from_db()
    assert (run.state, StagedRow.objects.count()) == (State.MAPPING, 2)


@pytest.mark.django_db
def test_an_overtaken_run_writes_nothing_more(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow worker comes back after another took over: its rows do not stand beside the other's."""
    from jiedui_web.registers import import_reading

    run, _ = receive(by=clerk, programme="county", place_code=OWN, file=store(csv_of(*ROWS)))
    taking = take_file

    def overtaken(*values: object, **named: object) -> object:
        monkeypatch.setattr(import_reading, "take_file", taking)
        import_reading.read(run.outer_id)
        return taking(*values, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(import_reading, "take_file", overtaken)
    import_reading.read(run.outer_id)
    assert StagedRow.objects.count() == 2
    run.refresh_from_db()
    assert (run.state, run.attempt) == (State.MAPPING, 2)


@pytest.mark.django_db
def test_a_fault_while_reading_is_told_and_may_be_repeated(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No space for the findings: nothing staged stays; once there is, it goes through."""
    from jiedui_web.registers import import_reading

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(import_reading, "keep_findings", full)
        run, _ = receive(by=clerk, programme="county", place_code=OWN, file=store(csv_of(*ROWS)))
        with pytest.raises(OSError, match="no space"):
            import_reading.read(run.outer_id)
    run.refresh_from_db()
    assert (run.state, run.step, StagedRow.objects.count()) == (State.FAILED, "full", 0)
    run_again(run, by=clerk)
    run_tasks()
    run.refresh_from_db()
    assert run.state == State.MAPPING


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
class TestRaces:
    """Real threads on a real PostgreSQL."""

    def test_of_many_who_commit_and_refuse_at_once_exactly_one_wins(self, clerk: User) -> None:
        """Eight ask; one is first."""
        run = _reviewed(clerk, ROWS)
        acts = [
            lambda: ask_commit(run, by=clerk, version=run.version),
            lambda: refuse(run, by=clerk, version=run.version),
        ] * 4
        assert sorted(_at_once(acts)) == ["done", *["overtaken"] * 7]

    def test_the_same_file_sent_twice_at_once_is_one_import(self, clerk: User) -> None:
        """Double click on upload."""
        files = [store(csv_of(*ROWS)) for _ in range(6)]
        acts = [partial(receive, by=clerk, programme="county", place_code=OWN, file=file) for file in files]
        assert _at_once(acts) == ["done"] * 6
        assert Import.objects.count() == 1

    def test_two_merges_of_the_same_household_do_not_lose_the_first(self, clerk: User) -> None:
        """Both reviewed against the same row: one comes into force, the other is reviewed anew."""
        first = _reviewed(clerk, ROWS)
        ask_commit(first, by=clerk, version=first.version)
        run_tasks()
        runs = [_reviewed(clerk, [f"1002,李四,河东镇,下村,{size},"]) for size in (5, 6)]
        for run in runs:
            ask_commit(run, by=clerk, version=run.version)
        _at_once([partial(import_merging.merge, run.outer_id) for run in runs])
        states = sorted(
            Import.objects.filter(pk__in=[run.pk for run in runs]).values_list("state", flat=True)
        )
        assert states == ["committed", "in_review"]
        assert (Record.objects.get(key="1002").version, PastRecord.objects.count()) == (2, 1)

    def test_two_merges_of_the_same_new_household_bring_it_once(self, clerk: User) -> None:
        """The unique key stops the second; it comes back as a change."""
        runs = [_reviewed(clerk, [f"77,李四,河东镇,下村,{size},"]) for size in (5, 6)]
        for run in runs:
            ask_commit(run, by=clerk, version=run.version)
        _at_once([partial(import_merging.merge, run.outer_id) for run in runs])
        assert Record.objects.count() == 1
        waiting = Import.objects.get(state=State.IN_REVIEW)
        assert waiting.counts == {"households": {"changed": 1}}

    def test_two_workers_who_merge_the_same_import_merge_it_once(self, clerk: User) -> None:
        """A resumed one and the old one."""
        run = _reviewed(clerk, ROWS)
        ask_commit(run, by=clerk, version=run.version)
        _at_once([lambda: import_merging.merge(run.outer_id)] * 4)
        run.refresh_from_db()
        assert (run.state, Record.objects.count()) == (State.COMMITTED, 2)

    def test_an_import_undone_twice_at_once_is_undone_once(self, clerk: User) -> None:
        """Double click on undo."""
        run = _reviewed(clerk, ROWS)
        ask_commit(run, by=clerk, version=run.version)
        run_tasks()
        assert sorted(_at_once([lambda: ask_undo(run, by=clerk)] * 4)) == ["done", *["overtaken"] * 3]
        run_tasks()
        assert not Record.objects.exists()


def _reviewed(clerk: User, rows: Sequence[str]) -> Import:
    """Have rows ready for the decision."""
    run = taken_in(clerk, csv_of(*rows), place=OWN)
    Import.objects.filter(pk=run.pk).update(state=State.IN_REVIEW)
    run.refresh_from_db()
    return run


def _at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Do acts in as many threads at the same moment; say of each whether it was done."""
    gate = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> str:
        gate.wait()
        try:
            one()
        except OvertookError:
            return "overtaken"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))
