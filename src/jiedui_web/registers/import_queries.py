"""What is read of imports, always within reach of the function that enters data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.accounts.waiting import Waiting
from jiedui_web.bridge.wording import cell_words, column_words, register_words
from jiedui_web.language import text, this_language
from jiedui_web.places.models import Place, Programme
from jiedui_web.places.queries import programmes_in_reach
from jiedui_web.registers.import_runs import OUTDATED, UNDOING, stopped
from jiedui_web.registers.models import Import, StagedRow, State
from jiedui_web.registers.sealing import covered, masked, open_sealed

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach

A_PAGE = 50
STATES = ("new", "changed", "same", "repeated", "needs_adjudication", "refused")
TAGS = {
    State.MAPPING: "waiting",
    State.IN_REVIEW: "waiting",
    State.COMMITTED: "done",
    State.FAILED: "problem",
    State.REFUSED: "",
    State.UNDONE: "",
}
SEALED = ("disability_number",)
NUMBER, PLACE = "id_number", "place_code"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a staged row, in words: as it is in force, and as the file says."""

    column: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One register of an import: how many rows are in each state."""

    register: str
    words: str
    counts: list[tuple[str, int]]


def imports_waiting(user: User, reach: Reach) -> Iterator[Waiting]:
    """Give the imports that wait for whoever enters data: to be mapped, reviewed, or looked at as failed."""
    waiting = imports_within(reach).filter(state__in=[State.MAPPING, State.IN_REVIEW])
    failed = imports_within(reach).filter(state=State.FAILED, by=user.outer_id)
    for run in [*waiting[:A_PAGE], *failed[:A_PAGE]]:
        yield Waiting(
            what=text(f"imports_waiting.{run.state}", name=run.file_name),
            url=reverse("import", args=[run.outer_id]),
            since=run.at,
            tag=TAGS[State(run.state)],
            state=text(f"imports_state.{run.state}"),
        )


def programmes_to_enter(reach: Reach) -> list[Programme]:
    """Give the programmes in which somebody enters data."""
    names = {grant.programme for grant in reach.grants if grant.function == Function.ENTER}
    return [one for one in programmes_in_reach(reach) if "" in names or one.key in names]


def places_to_enter(reach: Reach) -> QuerySet[Place]:
    """Give the places that somebody enters data for, the widest first."""
    return reach.limit(
        Place.objects.filter(valid_to__isnull=True), Function.ENTER, place="code", programme=None
    ).order_by("code")


def imports_within(reach: Reach) -> QuerySet[Import]:
    """Give the imports of the places that somebody enters data for, the latest first."""
    return reach.limit(Import.objects.all(), Function.ENTER).order_by("-id")


def import_within(reach: Reach, outer_id: str) -> Import:
    """Give one import, or 404."""
    return get_object_or_404(imports_within(reach), outer_id=outer_id)


def is_working(run: Import) -> bool:
    """Whether a task has it."""
    return run.state in {State.RECEIVED, State.READING, State.COMMITTING} or (
        run.state == State.COMMITTED and run.step == UNDOING
    )


def summary_of(run: Import) -> dict[str, Any]:
    """Give what the page of an import shows."""
    review = run.state == State.IN_REVIEW
    return {
        "run": run,
        "tag": TAGS.get(State(run.state), "info"),
        "is_working": is_working(run),
        "is_stopped": stopped().filter(pk=run.pk).exists(),
        "may_commit": review and run.step != OUTDATED,
        "is_outdated": review and run.step == OUTDATED,
        "is_stale": review and run.step == "stale",
        "may_map": run.state in {State.MAPPING, State.IN_REVIEW},
        "may_refuse": run.state in {State.MAPPING, State.IN_REVIEW},
        "may_undo": run.state == State.COMMITTED and run.step != UNDOING,
        "may_repeat": run.state == State.FAILED and run.step != "unreadable",
        "has_rows": run.state in {State.MAPPING, State.IN_REVIEW, State.COMMITTED},
        "counted": list(counted_words(run)),
        "findings": [{**one, "words": one.get(this_language()) or one["zh"]} for one in run.findings],
        "who": name_of(run.by),
        "decided_by": name_of(run.decided_by),
        "programme": Programme.objects.filter(key=run.programme).first(),
        "place": Place.objects.filter(code=run.place_code).first(),
    }


def counted_words(run: Import) -> Iterator[Counted]:
    """Give how many rows of each register are in each state."""
    for register, counts in run.counts.items():
        words = register_words(register, this_language())
        yield Counted(register, words, [(state, counts.get(state, 0)) for state in STATES])


def rows_of(run: Import, *, state: str, register: str, after: int) -> tuple[list[StagedRow], int]:
    """Give a page of the staged rows in a state, and where the next one begins; 0 at the end."""
    found = StagedRow.objects.filter(brought_by=run, state=state, id__gt=after).order_by("id")
    if register:
        found = found.filter(register=register)
    rows = list(found[: A_PAGE + 1])
    return rows[:A_PAGE], rows[A_PAGE - 1].pk if len(rows) > A_PAGE else 0


def cells_of(row: StagedRow) -> list[Cell]:
    """Give the values of a row: of a changed one those that differ, of others what the file says."""
    lang = this_language()
    said: dict[str, Any] = {**row.body}
    if row.sealed:
        said[NUMBER] = masked(open_sealed(row.sealed))
    if row.was is not None:
        said[PLACE] = row.place_code
        return [
            Cell(
                _column(row.register, name, lang),
                _shown(row.register, name, was),
                _shown(row.register, name, said.get(name)),
            )
            for name, was in row.was.items()
        ]
    return [
        Cell(_column(row.register, name, lang), "", _shown(row.register, name, value))
        for name, value in said.items()
    ]


def name_of(outer_id: str) -> str:
    """Give the name of a user; empty when there is none."""
    user = User.objects.filter(outer_id=outer_id).first() if outer_id else None
    return user.name if user else ""


def _column(register: str, name: str, lang: str) -> str:
    return text("imports.place") if name == PLACE else column_words(register, name, lang)


def _shown(register: str, name: str, value: object) -> str:
    """Give a value in words, numbers of persons masked."""
    if value is None or value == "":
        return text("site.none")
    if name in SEALED:
        return "*"
    yes_no: Mapping[object, str] = {True: text("site.yes"), False: text("site.no")}
    return yes_no[value] if isinstance(value, bool) else covered(cell_words(register, name, value))
