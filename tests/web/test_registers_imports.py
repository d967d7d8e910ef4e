"""Imports from the file to the rows in force, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.web.conftest import FOREIGN, OWN
from tests.web.import_cast import HEAD, ROWS, csv_of, run_tasks, taken_in

from jiedui_web.accounts.access import reach_of
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.places.models import Place
from jiedui_web.registers.import_queries import imports_waiting
from jiedui_web.registers.import_runs import upload_folder
from jiedui_web.registers.importing import (
    OvertookError,
    ask_commit,
    ask_undo,
    confirm_mapping,
    look_anew,
    receive,
    refuse,
)
from jiedui_web.registers.models import Import, PastRecord, Record, SavedMapping, StagedRow, State
from jiedui_web.registers.sealing import index_of, open_sealed

pytestmark = pytest.mark.usefixtures("programme")
ID = "990101199001011234"


@pytest.fixture
def clerk(person: Callable[..., User]) -> User:
    """Whoever enters data in the own county."""
    return person(Function.ENTER)


def reviewed(clerk: User, *rows: str, head: str = HEAD, name: str = "农户.csv") -> Import:
    """Have rows read and their headings confirmed as proposed."""
    found = taken_in(clerk, csv_of(*rows, head=head), place=OWN, name=name)
    if found.state == State.MAPPING:
        confirm_mapping(
            found, by=clerk, feeds=[line["feeds"] for line in found.mapping], version=found.version
        )
        run_tasks()
        found.refresh_from_db()
    assert found.state == State.IN_REVIEW, (found.state, found.step)
    return found


def committed(clerk: User, *rows: str, head: str = HEAD, name: str = "农户.csv") -> Import:
    """Have rows put in force."""
    found = reviewed(clerk, *rows, head=head, name=name)
    ask_commit(found, by=clerk, version=found.version)
    run_tasks()
    found.refresh_from_db()
    return found


def in_force() -> dict[str, dict[str, object]]:
    """Give the bodies of the rows in force."""
    return {one.key: one.body for one in Record.objects.all()}


def test_a_file_comes_into_force_row_by_row_with_one_event_for_each_act(clerk: User) -> None:
    """Upload, map, commit: three events, not one a row."""
    found = committed(clerk, *ROWS)
    assert (found.state, found.counts) == (State.COMMITTED, {"households": {"new": 2}})
    one = Record.objects.get(key="1001")
    assert (one.name, one.place_code, one.version, one.brought_by) == ("张三", OWN, 1, found)
    assert one.body["size"] == 3
    assert [event.action for event in Event.objects.filter(kind="import").order_by("id")] == [
        "import.upload",
        "import.map",
        "import.commit",
    ]
    assert all(event.detail["sha256"] == found.sha256 for event in Event.objects.filter(kind="import"))


def test_what_changed_is_shown_with_the_value_in_force_and_blank_cells_erase_nothing(clerk: User) -> None:
    """One row the same, one changed, one new; the blank phone says nothing."""
    committed(clerk, *ROWS)
    second = reviewed(clerk, ROWS[0], "1002,李四,河东镇,下村,5,", "1003,王五,河东镇,下村,1,")
    assert second.counts == {"households": {"changed": 1, "new": 1, "same": 1}}
    changed = StagedRow.objects.get(brought_by=second, state="changed")
    assert (changed.key, changed.was, changed.against) == ("1002", {"size": 4}, 1)
    ask_commit(second, by=clerk, version=second.version)
    run_tasks()
    assert in_force()["1002"]["size"] == 5
    assert in_force()["1002"]["phone"] == "13800000002"
    assert PastRecord.objects.get().body["size"] == 4


def test_undo_gives_every_row_its_state_from_before(clerk: User) -> None:
    """Added rows go, changed ones come back."""
    committed(clerk, *ROWS)
    before = in_force()
    second = committed(clerk, "1002,李小四,河东镇,下村,5,", "1003,王五,河东镇,下村,1,")
    assert Record.objects.get(key="1002").name == "李小四"
    assert ask_undo(second, by=clerk) == []
    run_tasks()
    second.refresh_from_db()
    assert (second.state, in_force(), PastRecord.objects.count()) == (State.UNDONE, before, 0)
    assert Record.objects.get(key="1002").name == "李四"


def test_an_import_that_a_later_one_built_upon_is_not_undone(clerk: User) -> None:
    """The later one is named; undone first, the earlier one may go."""
    first = committed(clerk, *ROWS)
    second = committed(clerk, "1002,李四,河东镇,下村,5,")
    assert ask_undo(first, by=clerk) == [second]
    assert ask_undo(second, by=clerk) == []
    run_tasks()
    assert ask_undo(first, by=clerk) == []
    run_tasks()
    assert not Record.objects.exists()


def test_a_review_that_is_no_longer_true_is_made_anew_before_anything_is_written(clerk: User) -> None:
    """Two files change the same household: the second commit comes back with the new value in force."""
    committed(clerk, *ROWS)
    one = reviewed(clerk, "1002,李四,河东镇,下村,5,")
    other = reviewed(clerk, "1002,李四,河东镇,下村,6,")
    ask_commit(one, by=clerk, version=one.version)
    ask_commit(other, by=clerk, version=other.version)
    run_tasks()
    other.refresh_from_db()
    assert (other.state, other.step) == (State.IN_REVIEW, "stale")
    assert in_force()["1002"]["size"] == 5
    assert StagedRow.objects.get(brought_by=other).was == {"size": 5}
    ask_commit(other, by=clerk, version=other.version)
    run_tasks()
    assert in_force()["1002"]["size"] == 6


def test_an_undo_makes_reviews_under_way_outdated(clerk: User) -> None:
    """A row added again would have its old version: nobody commits what he did not see."""
    first = committed(clerk, *ROWS)
    other = reviewed(clerk, "1002,李四,河东镇,下村,6,")
    ask_undo(first, by=clerk)
    run_tasks()
    with pytest.raises(OvertookError):
        ask_commit(other, by=clerk, version=other.version)
    other.refresh_from_db()
    with pytest.raises(OvertookError):
        ask_commit(other, by=clerk, version=other.version)
    look_anew(other, by=clerk)
    run_tasks()
    other.refresh_from_db()
    assert other.counts == {"households": {"new": 1}}


def test_what_waits_is_told_within_reach_alone(clerk: User, person: Callable[..., User]) -> None:
    """Today lists it for the own county's clerk, not for the neighbour's."""
    found = reviewed(clerk, *ROWS)
    assert [one.url for one in imports_waiting(clerk, reach_of(clerk))] == [
        f"/registers/imports/{found.outer_id}/"
    ]
    neighbour = person(Function.ENTER, FOREIGN)
    assert list(imports_waiting(neighbour, reach_of(neighbour))) == []


def test_of_two_who_decide_one_wins(clerk: User) -> None:
    """Committed is not refused, and not committed twice."""
    found = reviewed(clerk, *ROWS)
    ask_commit(found, by=clerk, version=found.version)
    with pytest.raises(OvertookError):
        ask_commit(found, by=clerk, version=found.version)
    with pytest.raises(OvertookError):
        refuse(found, by=clerk, version=found.version)
    run_tasks()
    assert Record.objects.count() == 2


def test_a_refused_import_leaves_nothing_staged(
    clerk: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Nothing in force changes."""
    found = reviewed(clerk, *ROWS)
    with django_capture_on_commit_callbacks(execute=True):
        refuse(found, by=clerk, version=found.version)
    assert not list(upload_folder().glob(f"{found.stored}*"))
    assert not StagedRow.objects.exists()
    assert not Record.objects.exists()


def test_the_same_file_twice_is_one_import(clerk: User) -> None:
    """It is told which; after it was refused it may come again."""
    from tests.web.import_cast import store

    found = reviewed(clerk, *ROWS)
    again, is_new = receive(by=clerk, programme="county", place_code=OWN, file=store(csv_of(*ROWS)))
    assert (again, is_new) == (found, False)
    refuse(found, by=clerk, version=found.version)
    assert reviewed(clerk, *ROWS) != found


def test_an_id_number_stands_nowhere_but_sealed(clerk: User) -> None:
    """Key and index are keyed hashes; body, events and findings hold no digit of it."""
    committed(clerk, f"1001,张三,{ID},户主", head="户编号,姓名,身份证号,与户主关系", name="人员.csv")
    one = Record.objects.get(register="persons")
    assert open_sealed(one.sealed) == ID
    assert (one.index_of_id, one.parent) == (index_of(ID), "1001")
    assert one.key == f"1001|张三|{index_of(ID)}"
    everything = str([list(model.objects.values()) for model in (Record, Import, Event, StagedRow)])
    assert ID not in everything
    assert ID[:6] not in everything


def test_an_id_number_in_a_wrong_cell_is_covered_on_the_page(clerk: User) -> None:
    """The finding about it shows the last four signs at most."""
    found = reviewed(clerk, f"1001,张三,约{ID}", head="户编号,户主姓名,识别时间")
    assert found.findings
    assert ID not in str(found.findings)


def test_a_code_is_kept_as_the_places_write_it(clerk: User) -> None:
    """With the zeros that stand for the whole, or without: the same place, so no change."""
    head = "户编号,户主姓名,行政区划代码"
    committed(clerk, f"1001,张三,{OWN}000000", head=head)
    assert in_force()["1001"]["place_code"] == OWN
    assert reviewed(clerk, f"1001,张三,{OWN}", head=head).counts == {"households": {"same": 1}}


def test_rows_of_another_county_are_refused_with_a_finding(clerk: User) -> None:
    """By code, by name, and by a number that the other county has in force."""
    Record.objects.create(
        programme="county",
        register="households",
        key="9009",
        place_code=FOREIGN,
        body={"household": "9009", "size": 1},
        changed_at="2026-01-01T00:00:00+08:00",
    )
    found = reviewed(
        clerk,
        f"1001,张三,示例县,{OWN}",
        f"1002,李四,示例县,{FOREIGN}101201",
        "1003,王五,邻县,",
        "9009,赵六,示例县,",
        head="户编号,户主姓名,县,行政区划代码",
    )
    assert found.counts == {"households": {"new": 1, "refused": 3}}
    rules = [line["zh"] for line in found.findings]
    assert any(f"{FOREIGN}101201" in words for words in rules)
    assert any("邻县" in words for words in rules)
    assert any("第 5 行" in words for words in rules)
    ask_commit(found, by=clerk, version=found.version)
    run_tasks()
    assert Record.objects.get(key="9009").body["size"] == 1
    assert set(in_force()) == {"1001", "9009"}


def test_villages_are_found_by_their_names(clerk: User) -> None:
    """A name under the import's place gives the code; an unknown village stays with its township."""
    for code, name, level in (
        (f"{OWN}101", "河东镇", "township"),
        (f"{OWN}101201", "上村", "village"),
    ):
        Place.objects.create(code=code, name=name, level=level, parent=code[:-3])
    found = reviewed(clerk, *ROWS)
    assert dict(StagedRow.objects.filter(brought_by=found).values_list("key", "place_code")) == {
        "1001": f"{OWN}101201",
        "1002": f"{OWN}101",
    }
    assert any("下村" in line["zh"] for line in found.findings)


def test_repeated_rows_come_in_once_and_contradictions_wait(clerk: User) -> None:
    """The same twice is one; a number with two contents is for a person; without one nothing comes in."""
    found = reviewed(
        clerk, ROWS[0], ROWS[0], ROWS[1], "1002,李四,河东镇,下村,9,", ",王五,河东镇,下村,1,13800000003"
    )
    assert found.counts == {"households": {"needs_adjudication": 2, "new": 1, "refused": 1, "repeated": 1}}


def test_a_corrected_map_reads_the_file_anew_and_is_met_again_next_month(clerk: User) -> None:
    """What a person chose holds for the next file of the same headings, which goes straight to the review."""
    head = "户编号,当家人,家庭人口"
    found = taken_in(clerk, csv_of("1001,张三,3", head=head), place=OWN, name="农户5月.csv")
    assert found.state == State.MAPPING
    feeds = [line["feeds"] for line in found.mapping]
    feeds[1] = [["households", "head"]]
    confirm_mapping(found, by=clerk, feeds=feeds, version=found.version)
    run_tasks()
    found.refresh_from_db()
    assert found.state == State.IN_REVIEW
    assert StagedRow.objects.get(brought_by=found).name == "张三"
    assert SavedMapping.objects.get().organisation == clerk.organisation_id_outer
    june = taken_in(clerk, csv_of("1001,张三,4", head=head), place=OWN, name="农户6月.csv")
    assert june.state == State.IN_REVIEW
    assert StagedRow.objects.get(brought_by=june).name == "张三"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04" + b"x" * 50, "a.xlsx"),
        (b"%PDF-1.7", "a.csv"),
        (b"\x00\x01\x02" * 99, "a.csv"),
        (b"", "a.csv"),
    ],
)
def test_a_hostile_or_damaged_file_fails_with_words(clerk: User, content: bytes, name: str) -> None:
    """Nothing staged; the page has a sentence in both languages."""
    found = taken_in(clerk, content, place=OWN, name=name)
    assert (found.state, found.step) == (State.FAILED, "unreadable")
    assert found.findings[0]["zh"]
    assert found.findings[0]["en"]
    assert not StagedRow.objects.exists()


def test_the_statements_fill_every_column_of_a_record() -> None:
    """A column added to the model must be added to the statements."""
    from jiedui_web.registers.import_merging import ADD, KEEP
    from jiedui_web.registers.import_reading import COPY, STAGE

    for model, statement in ((Record, ADD), (PastRecord, KEEP), (StagedRow, STAGE), (StagedRow, COPY)):
        named = {word.strip(' "\n') for word in statement.split("(")[1].split(")")[0].split(",")}
        optional = {"id", "was", "ended_on"}
        columns = {field.column for field in model._meta.concrete_fields}  # noqa: SLF001
        assert columns - optional == named
