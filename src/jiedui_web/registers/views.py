"""Pages of the registers: the home, lists, search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.bridge.declarations import Declaration, Field, declared
from jiedui_web.language import text
from jiedui_web.places.queries import is_code, names_of, own_name, places_named
from jiedui_web.registers.facts import cells_of, headed, is_number, label_of, listed_fields, words
from jiedui_web.registers.forms import LONGEST_QUERY, FilterForm, SearchForm
from jiedui_web.registers.queries import (
    Asked,
    Page,
    found_by_id_number,
    page_of,
    records_among,
    register_named,
    registers_within,
)
from jiedui_web.registers.reads import note_list, note_number_search
from jiedui_web.registers.scope import MOST
from jiedui_web.registers.sealing import is_whole, number_within

if TYPE_CHECKING:
    from jiedui_web.places.models import Place
    from jiedui_web.registers.models import Record


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list."""

    record: Record
    address: str
    name: str
    place: str
    register: str
    cells: Sequence[tuple[str, str, str]]
    """Heading, class and value: tuples, for a template reads them far faster than attributes."""


NUMERIC, PLAIN = "number", "words"
FOUND = "registers_found"
"""Where the session keeps what a whole ID number found: outer ids, never the number."""


@page(*READING)
@require_safe
def home(request: SignedRequest) -> HttpResponse:
    """Show each register with the number of its rows, and the search."""
    counted = registers_within(request.reach)
    found = [
        {"name": one.name, "words": words(one.words), "count": f"{min(count, MOST):,}", "more": count > MOST}
        for one, count in counted
        if count
    ]
    empty = [(one.name, words(one.words)) for one, count in counted if not count]
    values = {
        "section": "registers",
        "registers": found,
        "empty": empty if request.reach.holds(Function.ENTER) else [],
        "may_enter": request.reach.holds(Function.ENTER),
        "search": SearchForm(),
    }
    return render(request, "registers/home.html", values)


@page(*READING)
@require_POST
def search(request: SignedRequest) -> HttpResponse:
    """Take what was typed: a whole ID number is looked up at once and stands in no address."""
    typed = _printed(request.POST.get("q", ""))
    register = request.POST.get("register", "")
    if number := _number(typed):
        return _found_number(request, number)
    values = QueryDict(mutable=True)
    values["q"] = typed
    target = reverse("register_list", args=[register_named(register).name]) if register else reverse("found")
    return HttpResponseRedirect(f"{target}?{values.urlencode()}" if typed else target)


@page(*READING)
@require_safe
def found(request: SignedRequest) -> HttpResponse:
    """List what fits in every register: by words, or (kept in the session) by the number typed before."""
    query = _query(request)
    if query or "q" in request.GET:
        asked = _asked(request, query=query)
        one_page = page_of(request.reach, asked) if query else Page((), 0, by_name=True)
        note_list(asked, by=request.user, count=len(one_page.rows))
    else:
        rows = records_among(request.reach, request.session.get(FOUND, []))
        one_page = Page(rows, len(rows), by_name=True)
        note_number_search(by=request.user, found=len(rows))
    values = _shown(request, one_page) | {"search": SearchForm({"q": query}), "query": query}
    return render(request, "registers/found.html", values)


@page(*READING)
@require_safe
def register_list(request: SignedRequest, name: str) -> HttpResponse:
    """List a register: filtered, searched, page by page."""
    one = register_named(name)
    form = FilterForm(request.GET, reach=request.reach, one=one)
    typed = form.asked("place").strip()
    meant = [] if not typed or is_code(typed) else places_named(request.reach, typed)
    place = typed if is_code(typed) else meant[0].code if len(meant) == 1 else ""
    query = _query(request)
    asked = _asked(
        request,
        register=one.name,
        query=query,
        place=place,
        programme=form.asked("programme"),
        kind=form.asked("kind"),
        order=form.asked("order"),
    )
    is_open = not typed or bool(place)
    one_page = page_of(request.reach, asked) if is_open else Page((), 0, by_name=False)
    if one.of_persons:
        note_list(asked, by=request.user, count=len(one_page.rows))
    columns = headed(listed_fields(one))
    values = _shown(request, one_page, columns) | {
        "one": one,
        "title": words(one.words),
        "name_label": _name_label(one),
        "headings": [(heading, is_number(field)) for field, heading in columns],
        "form": form,
        "search": SearchForm({"q": query, "register": one.name}),
        "query": query,
        "meant": _meant(request, meant) if len(meant) > 1 else [],
        "no_place": bool(typed) and not place and not meant,
        "may_enter": request.reach.holds(Function.ENTER),
    }
    return render(request, "registers/list.html", values)


def _found_number(request: SignedRequest, typed: str) -> HttpResponse:
    """Lead to the one record with a number, or to the list of several or none."""
    rows = found_by_id_number(request.reach, typed)
    if len(rows) == 1:
        note_number_search(by=request.user, found=1)
        return redirect("record", rows[0].outer_id)
    request.session[FOUND] = [row.outer_id for row in rows]
    return redirect("found")


def _query(request: SignedRequest) -> str:
    """Give the words searched for; a whole ID number in an address is not used."""
    typed = _printed(request.GET.get("q", ""))
    if _number(typed):
        messages.warning(request, text("registers.number_in_address"))
        return ""
    return typed


def _number(typed: str) -> str:
    """Give the whole ID number that was typed, alone or among words; empty without one."""
    return typed if is_whole(typed) else number_within(typed)


def _printed(typed: str) -> str:
    """Give what was typed without signs that nobody sees."""
    return "".join(filter(str.isprintable, typed)).strip()[:LONGEST_QUERY]


def _asked(request: SignedRequest, **values: str) -> Asked:
    given = {name: value for name, value in values.items() if value}
    return Asked(after=request.GET.get("after", ""), before=request.GET.get("before", ""), **given)


def _shown(
    request: SignedRequest, one_page: Page, columns: Sequence[tuple[Field, str]] = ()
) -> dict[str, object]:
    """Give what every list shows: rows, count, links to the pages beside it, places by name."""
    return {
        "section": "registers",
        "page": one_page,
        "count": f"{min(one_page.count, MOST):,}",
        "lines": _lines(one_page, columns),
        "next": _link(request, after=one_page.after),
        "previous": _link(request, before=one_page.before),
        "first": _link(request) if request.GET.get("after") or request.GET.get("before") else "",
    }


def _lines(one_page: Page, columns: Sequence[tuple[Field, str]]) -> list[Line]:
    """Give the rows of a list, their places by name."""
    places = names_of([row.place_code for row in one_page.rows])
    before = reverse("record", args=["-"]).removesuffix("-/")
    shown = {code: f"{own_name(place)} {code}" for code, place in places.items()}
    return [
        Line(
            record=row,
            address=f"{before}{row.outer_id}/",
            name=row.name or text("registers.unnamed"),
            place=shown.get(row.place_code, row.place_code),
            register=words(declared(row.register).words),
            cells=[
                (cell.label, NUMERIC if cell.is_number else PLAIN, cell.shown)
                for cell in cells_of(row, columns)
            ],
        )
        for row in one_page.rows
    ]


def _link(request: SignedRequest, **stop: str) -> str:
    """Give the address of a neighbouring page; none where there is none."""
    if stop and not all(stop.values()):
        return ""
    values = request.GET.copy()
    for name in ("after", "before"):
        values.pop(name, None)
    values.update(stop)
    return f"?{values.urlencode()}"


def _meant(request: SignedRequest, places: list[Place]) -> list[tuple[Place, str]]:
    """Give the places that may be meant, each with the address of its list."""
    links = []
    for place in places:
        values = request.GET.copy()
        values["place"] = place.code
        links.append((place, f"?{values.urlencode()}"))
    return links


def _name_label(one: Declaration) -> str:
    return label_of(one.field(one.name_field)) if one.name_field else text("registers.record")
