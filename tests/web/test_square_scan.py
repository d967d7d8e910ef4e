"""Every public page, archive and open table is read for numbers of people: only planted ones are found."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web.conftest import OWN
from tests.web.records import NUMBER, add_household, add_person

from jiedui_web.accounts.actions import System, make_organisation
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.pairs.actions import approve_choice, choose_proposal, publish_choice
from jiedui_web.pairs.models import Proposal, ProposedPair, Solving
from jiedui_web.places.models import Programme
from jiedui_web.square.leaks import CHECK, WEIGHTS, leaks
from jiedui_web.square.models import Article

STARTS = ("/", "/published/", "/archiver/", "/robots.txt")
LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
MARK = re.compile(r"<[^>]*>")
SIGN_IN = "/accounts/"
LENGTH, SIGNS = 24, 11
"""How far a leak is read, and how many of its digits are compared."""


def text_of(response: object) -> str:
    """Give what an answer says, its HTML or SVG without marks."""
    streamed = getattr(response, "streaming_content", None)
    content = b"".join(streamed) if streamed is not None else getattr(response, "content", b"")
    return html.unescape(content.decode())


def public_pages() -> dict[str, str]:
    """Give the text of everything to which public links lead."""
    browser, found, waiting = Client(), dict[str, str](), list(STARTS)
    while waiting:
        path = html.unescape(waiting.pop())
        if path in found or path.startswith((SIGN_IN, "/static/")):
            continue
        found[path] = text_of(browser.get(path))
        waiting += LINK.findall(found[path])
    return found


def leaking() -> set[str]:
    """Give the digits of every leak on a public page."""
    shown = [MARK.sub(" ", text) for text in public_pages().values()]
    return {
        re.sub(r"\D", "", text[leak.position : leak.position + LENGTH])[:SIGNS]
        for text in shown
        for leak in leaks(text)
    }


def id_number(order: int) -> str:
    """Make an ID number whose check character holds."""
    body = f"640422{1950 + order}0{1 + order % 9}1{order % 10}{order:03}"
    return body + CHECK[sum(weight * int(sign) for weight, sign in zip(WEIGHTS, body, strict=True)) % 11]


@pytest.fixture
def shown(programme: Programme, person: Callable[..., User]) -> None:
    """A world with households, an article in each section, and published pairs."""
    Programme.objects.update(scheme="fixed_point")
    programme.refresh_from_db()
    add_household("1001", "张三", number=NUMBER)
    add_person("1001", "张三", number=NUMBER)
    now = timezone.now()
    other = make_organisation(by=System(), name="示例县人民政府办公室", place_code=OWN)
    decider, approver = person(Function.DECIDE), person(Function.APPROVE, unit=other)
    for order, section in enumerate(("announcement", "news", "policy", "data")):
        Article.objects.create(
            section=section, title=f"公告{order}", body="电话：0951-5038888", title_en=f"News {order}",
            body_en="Call 0951-5038888", place_code=OWN, written_by="a", written_at=now,
            published_by="b", published_at=now,
        )  # fmt: skip
    solving = Solving.objects.create(
        programme=programme.key, state="done", by="a", at=now, ended_at=now,
        pictures={"first": {"zh": "<svg xmlns='http://www.w3.org/2000/svg'><text>示例县</text></svg>"}},
    )  # fmt: skip
    proposal = Proposal.objects.create(
        solving=solving, key="first", position=0, name={"zh": "方案"}, figures={}
    )
    for order in range(5):
        ProposedPair.objects.create(
            proposal=proposal, helper=f"H{order}", recipient=f"R{order}",
            helper_name={"zh": f"帮扶市{order}"},
            recipient_name={"zh": f"受援县{order}"}, reasons=[{"zh": "相距近"}], body={},
        )  # fmt: skip
    choice = choose_proposal(by=decider, proposal=proposal, why="就近", valid_from=date(2027, 1, 1))
    approve_choice(choice, by=approver, version=choice.version)
    choice.refresh_from_db()
    publish_choice(choice, by=decider)


@pytest.mark.usefixtures("shown")
def test_nothing_public_leaks() -> None:
    """Neither pages nor archive nor table carry a number of a person."""
    assert len(public_pages()) >= 20
    assert leaking() == set()


@pytest.mark.usefixtures("shown")
def test_every_leak_planted_past_the_checks_is_found() -> None:
    """Twenty numbers written into the database by hand, where no action could refuse them."""
    numbers = [id_number(order) if order % 2 else f"139{order:08}" for order in range(20)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM square_article ORDER BY id")
        articles = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT id FROM pairs_pairing ORDER BY id")
        pairings = [row[0] for row in cursor.fetchall()]
        for order, number in enumerate(numbers[:15]):
            column = ("title", "body", "body_en", "title_en")[order // 4]
            cursor.execute(
                f"UPDATE square_article SET {column} = {column} || %s WHERE id = %s",  # noqa: S608
                [f" 联系{number}。", articles[order % 4]],
            )
        for order, number in enumerate(numbers[15:]):
            cursor.execute(
                "UPDATE pairs_pairing SET helper_name = %s WHERE id = %s",
                [f'{{"zh": "李四 {number}"}}', pairings[order]],
            )
    assert {number[:SIGNS] for number in numbers} - leaking() == set()
