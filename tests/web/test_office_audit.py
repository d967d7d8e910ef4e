"""The auditor's page: what it shows, to whom, and its export."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.web.conftest import FOREIGN, OWN

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit import keeping
from jiedui_web.audit.models import Event
from jiedui_web.audit.recording import record
from jiedui_web.audit.sealing import seal_all
from jiedui_web.language import catalogue

SOURCE = Path(__file__).parents[2] / "src" / "jiedui_web"
RECORDED = re.compile(
    r"""\b(?:record|record_read|_record|new_event|add_event|_tell|note)\(\s*(?:\w+,\s*)?(?:action=)?"""
    r"""["']([a-z_]+\.[a-z_]+)["']"""
)


@pytest.fixture
def acts(person: Callable[..., User]) -> User:
    """A clerk who changed a record in each county."""
    clerk = person(Function.ENTER)
    User.objects.filter(pk=clerk.pk).update(name="=李梅")
    for place, thing in ((OWN, "ours"), (FOREIGN, "theirs")):
        record(
            "record.change", by=clerk, kind="household", thing=thing, place_code=place + "100",
            before={"size": 3}, after={"size": 4},
        )  # fmt: skip
    return clerk


def test_an_auditor_sees_who_changed_what_in_his_places_only(
    signed_in: Callable[..., Client], acts: User
) -> None:
    page = signed_in(Function.AUDIT).get("/office/audit/").content.decode()
    assert "ours" in page
    assert "李梅" in page
    assert "theirs" not in page
    assert "theirs" in signed_in(Function.AUDIT, "").get("/office/audit/").content.decode()


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("who=李", True), ("who=nobody", False), ("thing=ours", True), ("thing=other", False),
        (f"place={OWN}", True), (f"place={FOREIGN}", False), ("action=record.change", True),
        ("action=record.read", False), ("from_day=2020-01-01", True), ("to_day=2020-01-01", False),
        ("from_day=2026-02-02&to_day=2026-01-01", False), ("action=x", False), ("after=tampered", True),
    ],
)  # fmt: skip
def test_filters_find_what_was_asked(
    signed_in: Callable[..., Client], acts: User, asked: str, *, is_found: bool
) -> None:
    answer = signed_in(Function.AUDIT).get(f"/office/audit/?{asked}")
    assert answer.status_code == 200
    assert ("<td" in answer.content.decode()) is is_found


def test_pages_go_on_where_the_one_before_ended(signed_in: Callable[..., Client], acts: User) -> None:
    client = signed_in(Function.AUDIT)
    for number in range(120):
        record("record.read", by=acts, kind="household", thing=f"h{number}h", place_code=OWN)
    address, seen = "/office/audit/?action=record.read", []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"thing=(h\d+h)", page)
        found = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        address = "/office/audit/" + found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"h{number}h" for number in reversed(range(120))]


def test_the_export_holds_what_was_asked_computes_nothing_and_is_an_event(
    signed_in: Callable[..., Client], acts: User
) -> None:
    client = signed_in(Function.AUDIT)
    answer = client.post("/office/audit/export/", {"thing": "ours"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "ours" in text
    assert ",'=李梅," in text
    assert "theirs" not in text
    assert Event.objects.get(action="audit.export").detail == {"filter": {"thing": "ours"}, "count": 1}
    assert client.get("/office/audit/export/").status_code == 405


def test_the_page_tells_the_state_of_the_chain_and_verifies_it(
    signed_in: Callable[..., Client], acts: User, own_checkpoints: None
) -> None:
    client = signed_in(Function.AUDIT)
    seal_all()
    checkpoint = keeping.make_checkpoint()
    page = client.get("/office/audit/").content.decode()
    assert checkpoint.head in page
    assert checkpoint.signature in page
    assert "notice done" in client.post("/office/audit/verify/").content.decode()


def test_only_auditors_see_the_trail(signed_in: Callable[..., Client]) -> None:
    for function in set(Function) - {Function.AUDIT}:
        assert signed_in(function).get("/office/audit/").status_code == 404


def test_every_action_that_is_recorded_has_words() -> None:
    said = {
        action
        for path in SOURCE.rglob("*.py")
        for action in RECORDED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(said) > 10
    assert {action for action in said if f"event.{action}" not in catalogue("zh")} == set()
