"""Pages of imports: upload, state, map of headings, review; what is decided is asked by POST alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.audit.reading import record_read
from jiedui_web.bridge.wording import register_words, targets
from jiedui_web.language import text, this_language
from jiedui_web.registers.import_forms import MappingForm, UploadForm
from jiedui_web.registers.import_queries import (
    STATES,
    cells_of,
    import_within,
    imports_within,
    is_working,
    rows_of,
    summary_of,
)
from jiedui_web.registers.import_returning import reason_of
from jiedui_web.registers.import_runs import note, returned_of
from jiedui_web.registers.import_uploads import IntoFolder
from jiedui_web.registers.importing import OvertookError, confirm_mapping, receive
from jiedui_web.registers.models import Import

SHOWN = 50


@page(Function.ENTER)
@require_safe
def list_imports(request: SignedRequest) -> HttpResponse:
    """List the imports within reach, the latest first."""
    rows = imports_within(request.reach)
    if before := request.GET.get("before", ""):
        rows = rows.filter(id__lt=_position(request, before))
    found = list(rows[: SHOWN + 1])
    last = found[SHOWN - 1].outer_id if len(found) > SHOWN else ""
    return render(
        request, "registers/imports.html", {"rows": found[:SHOWN], "last": last, "section": "registers"}
    )


# The body is checked for its token only after the handler below has taken charge of where files go.
@csrf_exempt
@page(Function.ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_files(request: SignedRequest) -> HttpResponseBase:
    """Take files for a programme and a place; nothing stays of one that did not come whole."""
    handler = IntoFolder(request)
    request.upload_handlers = [handler]
    try:
        return _uploaded(request, handler)
    finally:
        handler.discard()


@csrf_protect
def _uploaded(request: SignedRequest, handler: IntoFolder) -> HttpResponseBase:
    """Show the form, or enter what arrived."""
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        reach=request.reach,
        fault=handler.fault if posted else "",
    )
    if not (posted and form.is_valid()):
        values = {"form": form, "most": settings.UPLOAD_MOST_MB, "section": "registers"}
        status = {"large": 413, "full": 507}.get(handler.fault, 422 if posted else 200)
        return render(request, "registers/import_new.html", values, status=status)
    made = [_received(request, handler, form, order) for order in range(len(form.cleaned_data["chosen"]))]
    if len(made) == 1:
        return redirect("import", made[0].outer_id)
    return redirect("imports")


def _received(request: SignedRequest, handler: IntoFolder, form: UploadForm, order: int) -> Import:
    """Enter one file; one that is there already is told."""
    values = form.cleaned_data
    file = values["chosen"][order].stored
    made, is_new = receive(
        by=request.user, programme=values["programme"], place_code=values["place_code"], file=file
    )
    if is_new:
        handler.keep(file.stored)
    else:
        told = text("imports.known", name=made.file_name, when=f"{made.at:%Y-%m-%d}")
        messages.warning(request, told)
    return made


@page(Function.ENTER)
@require_safe
def show_import(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show how far an import is, what it would change, and what may be done with it."""
    run = import_within(request.reach, outer_id)
    lang = this_language()
    if run.findings:
        _read(request, run, {"findings": len(run.findings)})
    values = summary_of(run) | {"section": "registers", "states": STATES}
    values |= {"is_returned": returned_of(run, lang).is_file(), "not_returned": reason_of(run, lang)}
    return render(request, "registers/import.html", values)


@page(Function.ENTER)
@require_safe
def show_progress(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show how far the task of an import is; once it has ended, the whole page."""
    run = import_within(request.reach, outer_id)
    if not is_working(run):
        return (
            HttpResponseClientRefresh() if request.headers.get("HX-Request") else redirect("import", outer_id)
        )
    return render(request, "registers/import_progress.html", summary_of(run))


@page(Function.ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def map_headings(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show what each heading feeds, and take what a person chose."""
    run = import_within(request.reach, outer_id)
    if not summary_of(run)["may_map"]:
        if request.method == "POST":
            messages.warning(request, text("imports.overtaken"))
        return redirect("import", outer_id)
    posted = request.POST.copy() if request.method == "POST" else None
    form = MappingForm(posted, lines=run.mapping, initial={"version": run.version})
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                feeds, version = form.feeds(), form.cleaned_data["version"]
                confirm_mapping(run, by=request.user, feeds=feeds, version=version)
            except OvertookError:
                form.add_error(None, text("imports.overtaken_map"))
                posted["version"], status = str(run.version), 409
            else:
                return redirect("import", outer_id)
    values = {"run": run, "form": form, "targets": targets(this_language()), "section": "registers"}
    return render(request, "registers/import_mapping.html", values, status=status)


@page(Function.ENTER)
@require_safe
def list_rows(request: SignedRequest, outer_id: str) -> HttpResponse:
    """List the staged rows of a state, a page at a time: of changed ones each value before and after."""
    run = import_within(request.reach, outer_id)
    asked, register = request.GET.get("state", ""), request.GET.get("register", "")
    state = asked if asked in STATES else "changed"
    after = request.GET.get("after", "")
    rows, following = rows_of(
        run,
        state=state,
        register=register,
        after=int(after[:18]) if after.isdecimal() else 0,
    )
    _read(request, run, {"state": state, "register": register[:SHOWN], "rows": len(rows)})
    values = {
        "run": run,
        "state": state,
        "register": register if register in run.counts else "",
        "words": register_words(register, this_language()) if register in run.counts else "",
        "rows": [(row, register_words(row.register, this_language()), cells_of(row)) for row in rows],
        "following": following,
        "section": "registers",
    }
    return render(request, "registers/import_rows.html", values)


@page(Function.ENTER)
@require_safe
def returned_file(request: SignedRequest, outer_id: str) -> FileResponse:
    """Send the owner's workbook with what is to be looked into marked in it."""
    run = import_within(request.reach, outer_id)
    path = returned_of(run, this_language())
    if not path.is_file():
        raise Http404
    with transaction.atomic():
        note(run, "import.download", by=request.user, detail={"language": this_language()})
    stem = run.file_name.rsplit(".", 1)[0]
    name = text("imports.returned_name", name=stem)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")


def _read(request: SignedRequest, run: Import, what: Mapping[str, object]) -> None:
    """Record that somebody reads what a file says of persons, before the answer is sent."""
    record_read(
        action="record.list",
        by=request.user,
        kind="import",
        thing=run.outer_id,
        place_code=run.place_code,
        programme=run.programme,
        detail=what,
    )


def _position(request: SignedRequest, before: str) -> int:
    """Give where a page of the list begins."""
    found = imports_within(request.reach).filter(outer_id=before).first()
    return found.pk if found else 0
