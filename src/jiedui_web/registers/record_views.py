"""Pages of one record: read, change, add, end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.bridge.declarations import Declaration, declared
from jiedui_web.language import text
from jiedui_web.places.queries import names_of
from jiedui_web.registers.actions import StaleError, TakenError, change_record, end_record, make_record
from jiedui_web.registers.facts import cells_of, groups_of, headed, words
from jiedui_web.registers.forms import RecordForm, initial_of
from jiedui_web.registers.import_queries import programmes_to_enter
from jiedui_web.registers.merging import merged
from jiedui_web.registers.queries import (
    PHONES_OPEN,
    household_of,
    members_of,
    record_within,
    register_named,
)
from jiedui_web.registers.reads import note_read
from jiedui_web.registers.sealing import masked, open_sealed
from jiedui_web.registers.timeline import base_of, stands_of, timeline_of

if TYPE_CHECKING:
    from jiedui_web.registers.models import Record

STALE = 409
MOST_DIGITS = 9
"""Of a version: beyond it there is none."""
MEMBER_COLUMNS = ("relation", "sex", "born_on", "health", "labour", "student")


@page(*READING)
@require_safe
def record(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show one record: its facts, the household's members, what happened to it."""
    one = record_within(request.reach, outer_id)
    members = members_of(request.reach, one)
    note_read(one, by=request.user, members=len(members))
    phone_open = request.reach.covers(one.place_code, one.programme, *PHONES_OPEN)
    values = _common(one) | {
        "groups": groups_of(one, phone_open=phone_open),
        "members": _members(members),
        "household": household_of(request.reach, one),
        "timeline": timeline_of(one),
        "stands": stands_of(one),
        "may_enter": request.reach.covers(one.place_code, one.programme, Function.ENTER),
    }
    return render(request, "registers/record.html", values)


@page(Function.ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Change one record; whoever was overtaken sees what the other did, and loses nothing."""
    held = record_within(request.reach, outer_id, Function.ENTER)
    one = declared(held.register)
    form = _form(request, one, held)
    if request.method != "POST":
        if held.ended_on:
            raise Http404
        note_read(held, by=request.user)
        return render(request, "registers/change.html", _common(held) | {"form": form})
    if not form.is_valid():
        return render(request, "registers/change.html", _common(held) | {"form": form})
    try:
        _change(request, held, form)
    except StaleError as stale:
        return _overtaken(request, one, stale.current, form)
    except TakenError:
        form.add_error(None, text("registers.taken"))
        return render(request, "registers/change.html", _common(held) | {"form": form})
    messages.success(request, text("registers.saved"))
    return redirect("record", outer_id)


@page(Function.ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: SignedRequest, name: str) -> HttpResponse:
    """Add one record to a register."""
    one = register_named(name)
    programmes = programmes_to_enter(request.reach)
    key = (
        request.POST.get("programme")
        or request.GET.get("programme")
        or (programmes[0].key if programmes else "")
    )
    if key not in {row.key for row in programmes}:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = RecordForm(data, one=one, reach=request.reach, programme=key, is_new=True)
    if data is not None and form.is_valid():
        try:
            made = make_record(
                by=request.user,
                register=one.name,
                programme=key,
                place_code=form.cleaned_data["place_code"],
                values=form.values(),
                number=form.number,
            )
        except TakenError:
            form.add_error(None, text("registers.taken"))
        else:
            messages.success(request, text("registers.saved"))
            return redirect("record", made.outer_id)
    values = {"section": "registers", "one": one, "register": words(one.words), "form": form}
    return render(request, "registers/make.html", values | {"programmes": programmes, "programme": key})


@page(Function.ENTER)
@require_POST
def end(request: SignedRequest, outer_id: str) -> HttpResponse:
    """End a record from today on."""
    held = record_within(request.reach, outer_id, Function.ENTER)
    try:
        end_record(held, by=request.user, version=_version(request, held), on=timezone.localdate())
    except StaleError:
        messages.warning(request, text("registers.overtaken_end"))
    else:
        messages.success(request, text("registers.ended"))
    return redirect("record", outer_id)


def _version(request: SignedRequest, held: Record) -> int:
    """Give the version that was looked at; an older one where the form says none that can be."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else held.version - 1


def _form(request: SignedRequest, one: Declaration, held: Record) -> RecordForm:
    """Give the form of a record: what it holds, or what was sent."""
    return RecordForm(
        request.POST if request.method == "POST" else None,
        one=one,
        reach=request.reach,
        programme=held.programme,
        is_new=False,
        initial=_initial(one, held),
    )


def _initial(one: Declaration, held: Record) -> dict[str, Any]:
    return initial_of(one, held.body) | {"version": held.version, "place_code": held.place_code}


def _change(request: SignedRequest, held: Record, form: RecordForm) -> None:
    """Write what differs from what the user was shown."""
    version = form.cleaned_data["version"]
    base = base_of(held, version)
    if base is None:
        raise StaleError(held)
    place = form.cleaned_data["place_code"]
    change_record(
        held,
        by=request.user,
        version=version,
        values={name: value for name, value in form.values().items() if value != base.body.get(name)},
        place_code=place if place != base.place_code else "",
        number=form.number,
    )


def _overtaken(request: SignedRequest, one: Declaration, current: Record, form: RecordForm) -> HttpResponse:
    """Show both values of what two people changed; the form keeps the user's own."""
    base = base_of(current, form.cleaned_data["version"])
    told = merged(one, base, current, form)
    again = RecordForm(
        one=one,
        reach=request.reach,
        programme=current.programme,
        is_new=False,
        initial=_initial(one, current) | told.own,
    )
    values = _common(current) | {
        "form": again,
        "overtaken": True,
        "conflicts": told.conflicts,
        "by_other": told.by_other,
    }
    return render(request, "registers/change.html", values, status=STALE)


def _common(one: Record) -> dict[str, Any]:
    place = names_of([one.place_code]).get(one.place_code)
    declaration = declared(one.register)
    return {
        "section": "registers",
        "record": one,
        "one": declaration,
        "register": words(declaration.words),
        "place": place,
    }


def _members(members: list[Record]) -> list[dict[str, Any]]:
    """Give the rows of the table of members."""
    one = declared("persons")
    fields = headed(one.field(name) for name in MEMBER_COLUMNS)
    return [
        {"record": row, "cells": cells_of(row, fields), "number": masked(open_sealed(row.sealed))}
        for row in members
    ]
