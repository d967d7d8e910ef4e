"""Pages of the auditor."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.audit.keeping import checkpoint_folder
from jiedui_web.audit.recording import record
from jiedui_web.audit.sealing import read_chain
from jiedui_web.audit.signing import read_checkpoints
from jiedui_web.audit.verifying import verify
from jiedui_web.language import text
from jiedui_web.office.forms import TrailForm
from jiedui_web.office.trail import MOST, Row, all_shown, asked_events, page_of_events, state_of_trail

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jiedui_web.audit.models import Event

COLUMNS = ("number", "when", "who", "organisation", "action", "what", "thing", "place", "before", "after")
RISKY = tuple("=+-@\t\r\0")


@page(Function.AUDIT)
@require_safe
def audit(request: SignedRequest) -> HttpResponse:
    """Show who saw and who changed what."""
    form = TrailForm(request.GET)
    rows: list[Row] = []
    more = ""
    if form.is_valid():
        found = asked_events(request.reach, form.cleaned_data)
        rows, more = page_of_events(found, request.GET.get("after", ""))
    asked = request.GET.copy()
    asked.pop("after", None)
    values = {"form": form, "rows": rows, "more": more, "asked": asked.urlencode(), "most": MOST}
    return render(request, "office/audit.html", values | {"state": state_of_trail(), "section": "audit"})


@page(Function.AUDIT)
@require_POST
def verify_trail(request: SignedRequest) -> HttpResponse:
    """Verify the whole chain now, against the checkpoints kept here."""
    found = verify(read_chain(), list(read_checkpoints(checkpoint_folder())))
    return render(request, "office/verified.html", {"found": found, "section": "audit"})


@page(Function.AUDIT)
@require_POST
def export_trail(request: SignedRequest) -> HttpResponse | StreamingHttpResponse:
    """Give the events asked for as a file; asking is an event itself."""
    form = TrailForm(request.POST)
    if not form.is_valid():
        values = {"form": form, "rows": [], "state": state_of_trail(), "section": "audit", "most": MOST}
        return render(request, "office/audit.html", values, status=422)
    rows = asked_events(request.reach, form.cleaned_data)
    _note(request, form, rows)
    response = StreamingHttpResponse(_lines(all_shown(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _note(request: SignedRequest, form: TrailForm, rows: QuerySet[Event]) -> None:
    """Record that somebody takes events out of the site."""
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    detail = {"filter": asked, "count": min(rows.count(), MOST)}
    with transaction.atomic():
        record("audit.export", by=request.user, kind="event", thing="", detail=detail)


class _Echo:
    """A file that gives back what is written to it."""

    @staticmethod
    def write(line: str) -> str:
        """Give the line."""
        return line


def _lines(rows: Iterator[Row]) -> Iterator[str]:
    """Spell rows as CSV that spreadsheets open and do not compute."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([text(f"audit.{name}") for name in COLUMNS]))
    for row in rows:
        cells = (
            row.number or "", f"{row.at.isoformat(timespec='seconds')}", row.actor, row.organisation,
            row.action, row.kind, row.thing, row.place_code, _said(row.before), _said(row.after),
        )  # fmt: skip
        yield str(writer.writerow([_safe(str(cell)) for cell in cells]))


def _said(values: object) -> str:
    """Spell the fields of an event."""
    return "; ".join(f"{name}: {value}" for name, value in dict(values or {}).items())  # type: ignore[call-overload]


def _safe(cell: str) -> str:
    """Keep a spreadsheet from computing what somebody typed."""
    return f"'{cell}" if cell.startswith(RISKY) else cell
