"""Records for programs: lists, one record, exports; each read is an event before the answer is sent."""

# Annotations stand as they are: ninja reads them through the decorator `within`.
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from jiedui_web.accounts.access import AFTER
from jiedui_web.accounts.api import within
from jiedui_web.accounts.pages import SignedRequest
from jiedui_web.accounts.tokens import Scope
from jiedui_web.audit.reading import record_read
from jiedui_web.registers.exporting import Format, exported
from jiedui_web.registers.models import Record

router = Router(tags=["records"])
A_PAGE = 200


class RecordOut(Schema):
    """One row of a register, without ID numbers."""

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

    register_: str = Field(alias="register", max_length=32)
    programme: str = Field("", max_length=64)
    place: str = Field("", max_length=32)
    kind: str = Field("", max_length=64)


@router.get("/records", response=list[RecordOut], by_alias=True)
@within(Scope.RECORDS)
def list_records(request: SignedRequest, asked: Query[Asked], after: str = "") -> object:
    """List records within reach by id, 200 at a time: ``after`` is the last id of the page before."""
    rows = list(_asked(request, asked).filter(outer_id__gt=after).order_by("outer_id")[:A_PAGE])
    _read(request, "record.list", asked.register_, asked, len(rows))
    return rows


@router.get("/records/{outer_id}", response=RecordOut, by_alias=True)
@within(Scope.RECORDS)
def one_record(request: SignedRequest, outer_id: str) -> object:
    """Give one record within reach."""
    found = get_object_or_404(request.reach.limit(Record.objects.all()), outer_id=outer_id)
    record_read(
        by=request.user, kind=found.register, thing=found.outer_id, place_code=found.place_code,
        programme=found.programme,
    )  # fmt: skip
    return found


@router.get("/exports/records.{form}")
@within(Scope.RECORDS)
def export_records(request: SignedRequest, form: Format, asked: Query[Asked]) -> HttpResponseBase:
    """Stream every record asked for within reach as csv, xlsx, parquet or GeoJSON."""
    rows = _asked(request, asked)
    _read(request, "record.export", asked.register_, asked, rows.count())
    return exported(rows, register=asked.register_, form=form)


def _asked(request: SignedRequest, asked: Asked) -> QuerySet[Record]:
    """Give the records asked for, within reach."""
    rows = request.reach.limit(Record.objects.filter(register=asked.register_))
    if asked.programme:
        rows = rows.filter(programme=asked.programme)
    if asked.place:
        rows = rows.filter(place_code__gte=asked.place, place_code__lt=asked.place + AFTER)
    return rows.filter(kind=asked.kind) if asked.kind else rows


def _read(request: SignedRequest, action: str, register: str, asked: Asked, count: int) -> None:
    """Record a read of many before the answer is sent."""
    record_read(
        action=action, by=request.user, kind="register", thing=register, place_code=asked.place,
        programme=asked.programme, detail={"kind": asked.kind, "rows": count},
    )  # fmt: skip
