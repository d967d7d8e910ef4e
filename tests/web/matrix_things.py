"""One thing of each kind at a place, for the matrix."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone
from tests.web.import_cast import HEAD

from jiedui_web.accounts.actions import System, assign_role, make_organisation
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import User
from jiedui_web.pairs.actions import approve_choice, choose_proposal, publish_choice
from jiedui_web.pairs.models import HumanDecision, Pairing, Proposal, Solving
from jiedui_web.places.models import Programme
from jiedui_web.registers.actions import make_record
from jiedui_web.registers.import_runs import returned_of
from jiedui_web.registers.models import Import, StagedRow, State
from jiedui_web.square.models import Article, Section

NUMBER, PHONE = "990101199001011234", "13900000001"
"""A number of no real place, and a telephone number; neither may stand in a log or an event."""
NAMES = {"zh": "甲", "en": "A"}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><style>path{fill:none}</style></svg>'
LINE = {
    "sheet": "", "heading": "户编号", "nth": 1, "register": "households", "column": "household",
    "feeds": [["households", "household"]], "reason": "saved", "confirmed": False, "suggestion": None,
}  # fmt: skip


def things_at(code: str, key: str, people: tuple[User, ...]) -> dict[str, str]:
    """Make things at a place and in a programme of its own; gives what stands in their addresses."""
    settings = {"proposals": [{"id": "share", "method": "share"}]}
    programme = Programme.objects.create(
        key=key, name=key, place_code=code, scheme="old_area", settings=settings
    )
    household = make_record(
        by=System(), register="households", programme=key, place_code=code,
        values={"household": "1", "head": "张三", "phone": PHONE, "size": 3}, number=NUMBER,
    )  # fmt: skip
    made = {"place": code, "programme": key, "record": household.outer_id, "import": _import(key, code)}
    return made | _articles(key, code) | _person(code) | _pairs(programme, *people)


def _person(code: str) -> dict[str, str]:
    """Add somebody of the place, and what he may do."""
    unit = make_organisation(by=System(), name=f"unit {code}", place_code=code)
    user = User.objects.create(username=code, name=code, organisation=unit, password="!")
    role = assign_role(by=System(), function=Function.SEE, level=Level.COUNTY, prefix=code, user=user)
    return {"person": user.outer_id, "role": role.outer_id}


def _import(programme: str, code: str) -> str:
    """Add an import that waits for a decision, with its returned workbook."""
    made = Import.objects.create(
        programme=programme, place_code=code, file_name="农户.csv", stored=secrets.token_hex(8) + ".csv",
        sha256=secrets.token_hex(32), state=State.IN_REVIEW, version=1, mapping=[LINE],
        counts={"households": {"new": 1}}, by="system", at=timezone.now(), worked_at=timezone.now(),
    )  # fmt: skip
    StagedRow.objects.create(
        brought_by=made, register="households", key="1001", row=2, state="new", place_code=code,
        name="张三", body={"household": "1001", "head": "张三", "phone": PHONE},
    )  # fmt: skip
    for lang in ("zh", "en"):
        returned_of(made, lang).write_text(HEAD)
    return made.outer_id


def _articles(programme: str, code: str) -> dict[str, str]:
    """Add a draft and a published article."""
    values = {
        "section": Section.NEWS, "title": "一条消息", "body": "正文。", "place_code": code,
        "programme": programme, "written_by": "system", "written_at": timezone.now(),
    }  # fmt: skip
    now = {"published_by": "somebody", "published_at": timezone.now()}
    return {
        "draft": Article.objects.create(**values).outer_id,
        "article": Article.objects.create(**values, **now).outer_id,
    }


def _pairs(programme: Programme, decider: User, approver: User) -> dict[str, str]:
    """Add a solving with a proposal, its pair, a ruling, a choice in force and public, and one that waits."""
    place = {"programme": programme.key, "place_code": programme.place_code}
    ends = {"helper": "U01", "recipient": "C01"}
    named = {**ends, "helper_name": NAMES, "recipient_name": NAMES}
    now, day = timezone.now(), timezone.localdate()
    run = {
        "settings": programme.settings, "columns": {"comparison": [], "pairs": [], "prices": []},
        "parts": [], "limits": [], "notices": {}, "versions": {}, "inputs": {},
    }  # fmt: skip
    solving = Solving.objects.create(
        **place, state=Solving.State.DONE, run=run, pictures={"share": {"zh": DRAWING, "en": DRAWING}},
        by="system", at=now, ended_at=now,
    )  # fmt: skip
    proposal = Proposal.objects.create(solving=solving, key="share", position=0, name=NAMES, figures={})
    pair = proposal.pairs.create(**named, place_code=programme.place_code, body={"status": "kept"})
    ruling = HumanDecision.objects.create(**place, **ends, kind="locked", why="依据", by="system", at=now)
    public = choose_proposal(by=decider, proposal=proposal, why="依据", valid_from=day)
    approve_choice(public, by=approver, version=public.version)
    public.refresh_from_db()
    publish_choice(public, by=approver)
    later = day + timedelta(days=9)
    choice = choose_proposal(by=decider, proposal=proposal, why="依据", valid_from=later)
    pairing = Pairing.objects.get(choice=public)
    things = (
        ("solving", solving), ("proposal", proposal), ("pair", pair), ("ruling", ruling),
        ("choice", choice), ("pairing", pairing),
    )  # fmt: skip
    return {kind: one.outer_id for kind, one in things}
