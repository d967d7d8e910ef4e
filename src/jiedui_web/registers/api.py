"""Records for programs: lists, one record, exports; each read is an event before the answer is sent."""

# Annotations stand as they are: ninja reads them through the decorator `within`.
from datetime import datetime

from django.http import HttpResponse, HttpResponseBase
from ninja import Field, Query, Router, Schema

from jiedui_web.accounts.api import AskedRequest, within
from jiedui_web.accounts.tokens import Scope
from jiedui_web.audit.reading import record_read
from jiedui_web.registers.answers import COLUMNS, Answer, answer, record_answered, spelled
from jiedui_web.registers.exporting import Format, exported
from jiedui_web.registers.models import Record
from jiedui_web.registers.scope import after as behind
from jiedui_web.registers.scope import scope_of

router = Router(tags=["records"])
A_PAGE = 200


class RecordOut(Schema):
    """One row of a register, without ID and telephone numbers."""

    outer_id: str
    programme: str
    register_: str = Field(alias="register")
    place_code: str
    name: str
    kind: str
    body: dict[str, object]
    version: int
    changed_at: datetime


class Asked(Schema):
    """Which records: of a register, in a programme, under a place code, of a kind."""

    register_: str = Field(alias="register")
    programme: str = ""
    place: str = ""
    kind: str = ""


@router.get("/records", response=list[RecordOut], by_alias=True)
@within(Scope.RECORDS)
def list_records(request: AskedRequest, asked: Query[Asked], after: str = "") -> HttpResponse:
    """List records within reach by place, 200 at a time: ``after`` is the last id of the page before."""
    scope = scope_of(request.reach, place=asked.place, programme=asked.programme)
    rows = Record.objects.filter(register=asked.register_).only(*COLUMNS)
    if asked.kind:
        rows = rows.filter(kind=asked.kind).exclude(kind="")
    if stop := request.reach.limit(Record.objects.filter(outer_id=after)).first():
        rows = rows.filter(behind("place_code", stop.place_code, stop.pk))
    shown = scope.first(rows, A_PAGE, by="place_code")
    found = [answer([getattr(row, name) for name in COLUMNS]) for row in shown]
    _read(request, "record.list", asked, len(found))
    return _told(found)


@router.get("/records/{outer_id}", response=RecordOut, by_alias=True)
@within(Scope.RECORDS)
def one_record(request: AskedRequest, outer_id: str) -> HttpResponse:
    """Give one record within reach."""
    found = record_answered(request.reach, outer_id)
    record_read(
        by=request.caller, kind=found["register"], thing=found["outer_id"],
        place_code=found["place_code"], programme=found["programme"],
    )  # fmt: skip
    return _told(found)


@router.get("/exports/records.{form}")
@within(Scope.RECORDS)
def export_records(request: AskedRequest, form: Format, asked: Query[Asked]) -> HttpResponseBase:
    """Stream every record asked for within reach as csv, xlsx, parquet or GeoJSON."""
    rows = Record.objects.filter(register=asked.register_)
    if asked.kind:
        rows = rows.filter(kind=asked.kind).exclude(kind="")
    scope = scope_of(request.reach, place=asked.place, programme=asked.programme)
    _read(request, "record.export", asked, scope.count_all(rows))
    return exported(scope.rows(rows), register=asked.register_, form=form)


def _read(request: AskedRequest, action: str, asked: Asked, count: int) -> None:
    """Record a read of many before the answer is sent."""
    record_read(
        action=action, by=request.caller, kind="register", thing=asked.register_, place_code=asked.place,
        programme=asked.programme, detail={"kind": asked.kind, "rows": count},
    )  # fmt: skip


def _told(answered: Answer | list[Answer]) -> HttpResponse:
    """Answer with JSON that nobody keeps."""
    return HttpResponse(
        spelled(answered),
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
