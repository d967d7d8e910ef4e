"""One record changed: what differs, against the version seen, nothing of two people lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web.conftest import FOREIGN, OWN
from tests.web.records import NUMBER, add_household, add_person

from jiedui_web.accounts.actions import System
from jiedui_web.accounts.functions import Function
from jiedui_web.audit.models import Event
from jiedui_web.places.models import Programme
from jiedui_web.registers.actions import StaleError, TakenError, change_record, end_record, make_record
from jiedui_web.registers.models import Import, PastRecord, Record, State
from jiedui_web.registers.sealing import index_of, open_sealed, open_text

OTHER_NUMBER = "990101198502022345"


@pytest.fixture
def household(programme: object) -> Record:
    """A household of the own county."""
    return add_household("H0001", "王小明")


def sent(browser: Client, record: Record, **values: object) -> dict[str, object]:
    """Give what the form of a record sends, with some values typed anew."""
    form = browser.get(f"/registers/record/{record.outer_id}/change/").context["form"]
    held = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in held.items()} | values


def test_only_what_differs_is_written_with_one_event(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """The rest of the body stays as it is; the event holds the changed columns alone."""
    browser = signed_in(Function.ENTER)
    address = f"/registers/record/{household.outer_id}/change/"
    answer = browser.post(address, sent(browser, household, income="20000.5"))
    assert answer.status_code == 302
    now = Record.objects.get()
    assert now.body == household.body | {"income": 2_000_050}
    assert now.version == 2
    event = Event.objects.get(action="record.change")
    assert (event.before, event.after) == ({"income": 1_234_500}, {"income": 2_000_050})
    assert PastRecord.objects.get().body == household.body


def test_a_form_sent_unchanged_or_twice_writes_nothing_more(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """A double click is one change."""
    browser = signed_in(Function.ENTER)
    address = f"/registers/record/{household.outer_id}/change/"
    form = sent(browser, household, income="20000")
    assert [browser.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Record.objects.get().version == 2
    browser.post(address, sent(browser, household))
    assert Event.objects.filter(action="record.change").count() == 1


def test_whoever_was_overtaken_sees_both_values_and_loses_nothing(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """The stale form is kept on the latest values; saved again, both changes stand."""
    browser = signed_in(Function.ENTER)
    address = f"/registers/record/{household.outer_id}/change/"
    form = sent(browser, household, income="20000", note="雨天路滑", address="红星村二组")
    change_record(household, by=System(), version=1, values={"income": 3_000_000, "size": 4})
    answer = browser.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert Record.objects.get().body["income"] == 3_000_000
    (conflict,) = answer.context["conflicts"]
    assert (conflict.was, conflict.theirs, conflict.own) == ("12,345", "30,000", "20,000")
    assert [change.name for change in answer.context["by_other"]] == ["size"]
    assert "雨天路滑" in page
    again = answer.context["form"]
    kept = {name: again[name].value() or "" for name in again.fields}
    assert (kept["income"], kept["size"], kept["address"]) == ("20000", "4", "红星村二组")
    assert browser.post(address, kept).status_code == 302
    now = Record.objects.get()
    assert now.body | {"income": 2_000_000, "size": 4, "note": "雨天路滑"} == now.body


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"income": "一万"}, "家庭纯收入"),
        ({"identified_on": "2024-13"}, "没有这一天"),
        ({"note": f"证件{NUMBER}"}, "不能填写证件号码"),
        ({"place_code": FOREIGN}, "不是您填报范围内"),
        ({"place_code": "999999"}, "不是您填报范围内"),
        ({"version": "x"}, "errors"),
    ],
)
def test_wrong_values_are_told_and_kept(
    household: Record, signed_in: Callable[..., Client], typed: dict[str, str], told: str
) -> None:
    """Nothing is written; what was typed stands in the form."""
    browser = signed_in(Function.ENTER)
    form = sent(browser, household, **typed)
    answer = browser.post(f"/registers/record/{household.outer_id}/change/", form)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert answer.content.decode().count('role="alert"') == 1
    assert Record.objects.get().version == 1


def test_numbers_are_sealed_and_a_change_of_one_is_told_without_it(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """Neither body, past, event nor page holds a digit beyond the last four."""
    person = add_person("H0001", "王大山", number=NUMBER)
    browser = signed_in(Function.ENTER)
    address = f"/registers/record/{person.outer_id}/"
    blank = sent(browser, person)
    assert NUMBER not in str(blank)
    form = blank | {"id_number": OTHER_NUMBER, "disability_number": f"{NUMBER}42"}
    assert browser.post(f"{address}change/", form).status_code == 302
    now = Record.objects.get(pk=person.pk)
    assert open_sealed(now.sealed) == OTHER_NUMBER
    assert now.index_of_id == index_of(OTHER_NUMBER)
    assert open_text(now.body["disability_number"]) == f"{NUMBER}42"
    kept = str([*Record.objects.values(), *PastRecord.objects.values(), *Event.objects.values()])
    page = browser.get(address).content.decode()
    for number in (NUMBER, OTHER_NUMBER):
        assert number not in kept
        assert number not in page
    assert f"{'*' * 14}2345" in page
    again = sent(browser, now, note="无")
    assert browser.post(f"{address}change/", again).status_code == 302
    assert open_sealed(Record.objects.get(pk=person.pk).sealed) == OTHER_NUMBER


def test_a_new_record_is_made_once(programme: object, signed_in: Callable[..., Client]) -> None:
    """The key is taken the second time; the form says so and keeps what was typed."""
    browser = signed_in(Function.ENTER)
    address = "/registers/list/households/new/"
    form = {"programme": "county", "place_code": OWN, "household": "H7", "head": "赵云", "size": "3"}
    assert browser.get(address).status_code == 200
    assert browser.post(address, form).status_code == 302
    again = browser.post(address, form)
    assert "已有相同标识" in again.content.decode()
    assert "赵云" in again.content.decode()
    made = Record.objects.get()
    assert (made.key, made.name, made.body["size"], made.place_code) == ("H7", "赵云", 3, OWN)
    assert browser.post(address, form | {"household": "H8", "place_code": FOREIGN}).status_code == 200
    assert browser.get("/registers/list/nothing/new/").status_code == 404
    assert signed_in(Function.SEE).get(address).status_code == 404


def test_an_ended_record_stays_with_its_history(household: Record, signed_in: Callable[..., Client]) -> None:
    """Ended once; it can no longer be changed or ended, but read."""
    browser = signed_in(Function.ENTER)
    address = f"/registers/record/{household.outer_id}/"
    stale = browser.post(f"{address}end/", {"version": "9"}, follow=True)
    assert "没有终止" in stale.content.decode()
    for _ in range(2):
        browser.post(f"{address}end/", {"version": "1"})
    assert Event.objects.filter(action="record.end").count() == 1
    page = browser.get(address).content.decode()
    assert "已终止" in page
    assert "终止记录</strong>" in page
    assert "/change/" not in page
    assert browser.get(f"{address}change/").status_code == 404


def test_the_timeline_tells_changes_in_words(household: Record, signed_in: Callable[..., Client]) -> None:
    """Column by column, before and after, by whom."""
    change_record(household, by=System(), version=1, values={"income": 3_000_000, "has_safe_water": True})
    page = signed_in(Function.SEE).get(f"/registers/record/{household.outer_id}/").content.decode()
    assert "<del>12,345</del>" in page
    assert "<ins>30,000</ins>" in page
    assert "是否解决安全饮用水" in page
    assert page.index("修改</strong>") < page.index("新增</strong>")


def test_the_timeline_names_the_import_that_brought_a_record(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """Whoever enters is led to it; others read the name of its file."""
    brought = Import.objects.create(
        programme="county", place_code=OWN, file_name="十月.xlsx", stored="x", sha256="0" * 64, by="system",
        at=timezone.now(), state=State.COMMITTED,
    )  # fmt: skip
    Record.objects.filter(pk=household.pk).update(brought_by=brought)
    past = PastRecord.objects.create(
        record=household, version=1, body=household.body | {"size": 9}, place_code=OWN, by="system",
        at=timezone.now(), replaced_by=brought,
    )  # fmt: skip
    address = f"/registers/record/{past.record.outer_id}/"
    page = signed_in(Function.SEE).get(address).content.decode()
    assert "由文件导入时修改" in page
    assert "十月.xlsx" in page
    assert brought.outer_id not in page
    assert brought.outer_id in signed_in(Function.ENTER).get(address).content.decode()


@pytest.mark.parametrize("register", ["helpers", "recipients"])
def test_amounts_of_helpers_and_recipients_are_shown_over_time(
    programme: object, signed_in: Callable[..., Client], register: str
) -> None:
    """A row for each time an amount changed; a change of something else is none."""
    column = {"helpers": "capacity", "recipients": "quantity"}[register]
    made = make_record(
        by=System(), register=register, programme="county", place_code=OWN,
        values={"id": "X1", "name": "甲单位", column: 10},
    )  # fmt: skip
    changed = change_record(made, by=System(), version=1, values={column: 20})
    change_record(changed, by=System(), version=2, values={"name_en": "Unit A"})
    answer = signed_in(Function.SEE).get(f"/registers/record/{made.outer_id}/")
    shown = [
        [fact.shown for fact in stand.facts if fact.name == column] for stand in answer.context["stands"]
    ]
    assert shown == [["20"], ["10"]]


def test_a_change_of_place_moves_the_record_out_of_a_search(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """The index follows the record."""
    change_record(household, by=System(), version=1, values={"head": "王大明"}, place_code=FOREIGN)
    own, foreign = signed_in(Function.SEE), signed_in(Function.SEE, FOREIGN)
    for browser, typed, count in ((own, "大明", 0), (foreign, "大明", 1), (foreign, "小明", 0)):
        assert len(browser.get("/registers/found/", {"q": typed}).context["lines"]) == count


def test_a_change_never_takes_the_key_of_another(household: Record) -> None:
    """Two persons of one household with equal names and numbers are one."""
    add_person("H0001", "王大山", number=NUMBER)
    second = add_person("H0001", "王大山", number=OTHER_NUMBER)
    with pytest.raises(TakenError):
        change_record(second, by=System(), version=1, values={}, number=NUMBER)
    assert Record.objects.get(pk=second.pk).version == 1
    assert not Event.objects.filter(action="record.change").exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["change", "end"])
def test_of_many_at_once_exactly_one_wins(programme: object, way: str) -> None:
    """The others are told; the record is one version on."""
    record = add_household("H0001", "王小明")
    results: list[str] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        try:
            if way == "change":
                change_record(record, by=System(), version=1, values={"size": number + 1})
            else:
                change_record(record, by=System(), version=1, values={"size": 3}) if number else end_record(
                    record, by=System(), version=1, on=date(2026, 3, 1)
                )
            results.append("won")
        except StaleError:
            results.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    now = Record.objects.get()
    assert "won" in results
    if way == "change":
        assert sorted(results) == ["stale"] * 7 + ["won"]
    assert now.version == 2
    assert PastRecord.objects.count() == 1


def test_a_version_that_no_number_holds_ends_nothing(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """However long it is, it is only not the present one."""
    browser = signed_in(Function.ENTER)
    answer = browser.post(f"/registers/record/{household.outer_id}/end/", {"version": "9" * 5000})
    assert answer.status_code == 302
    assert Record.objects.get().ended_on is None


def test_no_record_is_made_in_a_programme_of_another_county(signed_in: Callable[..., Client]) -> None:
    """A role for all programmes reaches those of its own places alone."""
    Programme.objects.create(key="own", name="本县项目", place_code=OWN)
    Programme.objects.create(key="foreign", name="邻县项目", place_code=FOREIGN)
    browser = signed_in(Function.ENTER)
    assert browser.get("/registers/list/households/new/?programme=own").status_code == 200
    address = "/registers/list/households/new/?programme=foreign"
    assert browser.get(address).status_code == 404
    values = {"programme": "foreign", "place_code": OWN, "household": "H9", "head": "王"}
    assert browser.post(address, values).status_code == 404
    assert "邻县项目" not in browser.get("/registers/list/households/").content.decode()
