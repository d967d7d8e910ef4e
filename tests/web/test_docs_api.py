"""The how-to of the API: every command is sent as it is printed, and the answers look as they are printed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.web.conftest import OWN, PARENT

from jiedui.language import LANGUAGES
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.accounts.tokens import Scope, make_token
from jiedui_web.audit.models import Event
from jiedui_web.config.api import api
from jiedui_web.places.models import Programme
from jiedui_web.registers.models import Record

DOCS = Path(__file__).parents[2] / "docs"
SITE = "https://bangfu.example.gov.cn"
SILENT = {"--fail", "--silent", "--get"}


def blocks(lang: str) -> list[str]:
    """Give the blocks of the page."""
    page = (DOCS / lang / "how-to" / "use_the_api.md").read_text(encoding="utf-8")
    return re.findall(r"^```\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def commands(lang: str) -> list[str]:
    """Give the calls of the page."""
    return [line for block in blocks(lang) for line in block.splitlines() if line.startswith("curl ")]


@pytest.fixture
def household(programme: Programme) -> Record:
    """One household of the own county."""
    return Record.objects.create(
        programme=programme.key, register="households", key=f"{OWN}-1", place_code=f"{OWN}101", name="示例户",
        changed_at=timezone.now(), body={"household": f"{OWN}-1", "size": 3, "phone": "13900000000"},
    )  # fmt: skip


@pytest.fixture
def send(person: Callable[..., User], household: Record) -> Callable[[str], HttpResponse]:
    """Send a printed command as a program would."""
    reader = person(Function.SEE, PARENT)
    _, token = make_token(by=reader, name="docs", scopes=list(Scope), expires_on=timezone.localdate())
    held = {"SITE": SITE, "TOKEN": token, "RECORD": household.outer_id}

    def sent(command: str) -> HttpResponse:
        url, headers, values = parsed(Template(command).substitute(held))
        return Client(headers=headers).get(url.removeprefix(SITE), values)  # type: ignore[return-value]

    return sent


def parsed(command: str) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    """Give address, headers and values of a call of curl; an option that is not known fails."""
    words = iter(shlex.split(command)[1:])
    url, headers, values = "", {}, []
    for word in words:
        if word == "--header":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            values.append((name, value))
        elif word == "--output":
            next(words)
        elif word not in SILENT:
            assert not url
            assert word.startswith(SITE)
            url = word
    return url, headers, dict(values)  # type: ignore[return-value]


@pytest.mark.parametrize("command", commands("en"))
def test_a_printed_call_is_answered(command: str, send: Callable[[str], HttpResponse]) -> None:
    answer = send(command)
    assert answer.status_code == 200
    told = b"".join(answer) if answer.streaming else answer.content
    assert told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printed_answer_has_the_parts_that_come(lang: str, send: Callable[[str], HttpResponse]) -> None:
    shown = list(answers(lang))
    assert len(shown) == 2
    for command, printed in shown:
        came = json.loads(send(command).content)
        assert [list(one) for one in came] == [list(one) for one in printed]
        same = {"key", "name", "place_code", "body", "register"} & set(printed[0])
        assert {name: came[0][name] for name in same} == {name: printed[0][name] for name in same}


def answers(lang: str) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Give each call below which an answer is printed."""
    last = ""
    for block in blocks(lang):
        if block.startswith("[{"):
            yield last, json.loads(block)
        last = block.strip()


def test_both_languages_send_the_same() -> None:
    assert commands("zh") == commands("en")
    assert len(commands("en")) >= 8


def test_every_address_of_the_api_is_told() -> None:
    told = " ".join(commands("en")).replace("$RECORD", "{outer_id}").replace("records.csv", "records.{form}")
    known = set(api.get_openapi_schema()["paths"]) - {"/api/v1/pairings/{outer_id}"}
    assert [path for path in sorted(known) if f"{path}" not in told] == []


def test_no_answer_holds_a_telephone_number(send: Callable[[str], HttpResponse]) -> None:
    for command in commands("en"):
        answer = send(command)
        told = b"".join(answer) if answer.streaming else answer.content
        assert b"13900000000" not in told


def test_a_read_is_an_event_before_it_is_answered(send: Callable[[str], HttpResponse]) -> None:
    send(next(one for one in commands("en") if "$RECORD" in one))
    assert Event.objects.filter(action="record.read").count() == 1


@pytest.mark.django_db
def test_the_description_of_the_api_is_where_the_page_says() -> None:
    assert Client().get("/api/v1/openapi.json").status_code == 200
