"""What is decided about imports: each a POST, after which the page of the import tells how it stands."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.language import text, this_language
from jiedui_web.registers import importing
from jiedui_web.registers.import_queries import import_within, name_of
from jiedui_web.registers.models import Import

MOST = 18
"""Digits of a number that a database holds."""


@page(Function.ENTER)
@require_POST
def commit_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Put the reviewed rows in force."""
    run, version = import_within(request.reach, outer_id), _version(request)
    return _tried(request, run, lambda: importing.ask_commit(run, by=request.user, version=version))


@page(Function.ENTER)
@require_POST
def refuse_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Put an import aside."""
    run, version = import_within(request.reach, outer_id), _version(request)
    return _tried(request, run, lambda: importing.refuse(run, by=request.user, version=version))


@page(Function.ENTER)
@require_POST
def undo_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Undo an import in force, unless something was built upon it."""
    run = import_within(request.reach, outer_id)
    later: list[Import] = []
    answer = _tried(request, run, lambda: later.extend(importing.ask_undo(run, by=request.user)))
    if later:
        names = text("imports.comma").join(
            text("imports.named", name=one.file_name, when=f"{one.at:%Y-%m-%d}") for one in later
        )
        messages.error(request, text("imports.built_upon", names=names))
    return answer


@page(Function.ENTER)
@require_POST
def review_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Compare an outdated review anew."""
    run = import_within(request.reach, outer_id)
    return _tried(request, run, lambda: importing.look_anew(run, by=request.user))


@page(Function.ENTER)
@require_POST
def repeat_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Begin a run that failed or stopped anew."""
    run = import_within(request.reach, outer_id)
    return _tried(request, run, lambda: importing.run_again(run, by=request.user))


@page(Function.ENTER)
@require_POST
def return_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Have the workbook that goes back to its owner written."""
    run = import_within(request.reach, outer_id)
    importing.ask_returned(run, by=request.user, lang=this_language())
    messages.success(request, text("imports.being_written"))
    return redirect("import", outer_id)


def _tried(request: SignedRequest, run: Import, act: Callable[[], object]) -> HttpResponse:
    """Do what was asked, or tell who was first."""
    try:
        act()
    except importing.OvertookError:
        run.refresh_from_db()
        who = name_of(run.undone_by or run.decided_by) or text("imports.somebody")
        messages.warning(
            request, text("imports.overtaken_by", who=who, state=text(f"imports_state.{run.state}"))
        )
    return redirect("import", run.outer_id)


def _version(request: SignedRequest) -> int:
    """Give the review that was looked at; none where the form says none."""
    told = request.POST.get("version", "")
    return int(told[:MOST]) if told.isascii() and told.isdecimal() else -1
