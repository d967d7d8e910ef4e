"""Numbers of persons where nobody expects them: in notes, in searches, in names of files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.conftest import OWN
from tests.web.import_cast import ROWS, csv_of, store
from tests.web.records import NUMBER, add_household

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.registers.importing import receive
from jiedui_web.registers.models import Record
from jiedui_web.registers.sealing import covered

pytestmark = pytest.mark.usefixtures("programme")
APART = "990101 19900101 1234"
WIDE = "９９０１０１１９９００１０１１２３４"
OPEN = NUMBER[:14]


@pytest.fixture
def noted() -> Record:
    """A household whose note, as a file brought it, holds a number of a person."""
    held = add_household("H0001", "王小明")
    Record.objects.filter(pk=held.pk).update(body={**held.body, "note": f"身份证{NUMBER}，{APART}，{WIDE}"})
    return Record.objects.get(pk=held.pk)


@pytest.mark.parametrize("number", [NUMBER, APART, WIDE, "990101-19900101-123X", "990101900101123"])
def test_a_number_within_a_text_is_covered_however_it_is_written(number: str) -> None:
    """Half-width or full-width, together or apart, of eighteen or fifteen digits."""
    told = covered(f"户主{number}，")
    assert told.startswith("户主****")
    assert told[-5:-1] == number[-4:]


@pytest.mark.parametrize("text", ["13800000001 13800000002", "99002000000112 2026-01-01", "2026-11-25 04:00"])
def test_other_digits_are_left_as_they_are(text: str) -> None:
    """Telephones, codes and days are no numbers of persons."""
    assert covered(text) == text


@pytest.mark.parametrize("form", ["csv", "geojson", "xlsx", "parquet"])
def test_no_export_holds_a_number_that_stands_in_a_note(
    form: str, noted: Record, signed_in: Callable[..., Client]
) -> None:
    """The rest of the note is there."""
    browser = signed_in(Function.SEE)
    told = b"".join(browser.get(f"/api/v1/exports/records.{form}?register=households"))
    text = told.decode() if form in {"csv", "geojson"} else _spoken(form, told)
    assert "身份证**************1234" in text
    assert OPEN not in text
    assert APART[:15] not in text
    assert WIDE[:14] not in text


def test_the_form_of_a_change_covers_a_number_in_a_note(
    noted: Record, signed_in: Callable[..., Client]
) -> None:
    """Who looks at the form sees no more than who looks at the record."""
    page = signed_in(Function.ENTER).get(f"/registers/record/{noted.outer_id}/change/").content.decode()
    assert "身份证**************1234" in page
    assert OPEN not in page


@pytest.mark.parametrize("typed", [f"{NUMBER} 王", f"王 {APART}", f"王{WIDE}"])
def test_a_number_among_words_stands_in_no_address_and_no_event(
    typed: str, signed_in: Callable[..., Client]
) -> None:
    """It is looked up by itself; in an address it is not used."""
    add_household("H0001", "王小明", number=NUMBER)
    browser = signed_in(Function.SEE)
    answer = browser.post("/registers/search/", {"q": typed})
    assert answer["Location"].startswith("/registers/record/")
    browser.get("/registers/list/households/", {"q": typed})
    kept = "".join(str(event.detail) for event in Event.objects.all())
    assert not any(part in kept for part in (OPEN, APART[:15], WIDE[:14]))


def test_an_export_makes_no_links_and_loses_no_long_address(signed_in: Callable[..., Client]) -> None:
    """A workbook keeps what looks like an address as text."""
    import python_calamine

    address = "http://example.org/" + "a" * 3000
    Record.objects.create(
        programme="county", register="households", key="1", place_code=OWN, name="x",
        changed_at=add_household("H0001", "王").changed_at, body={"household": "1", "note": address},
    )  # fmt: skip
    browser = signed_in(Function.SEE)
    book = b"".join(browser.get("/api/v1/exports/records.xlsx?register=households"))
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert any(address in row for row in rows)


def test_the_name_of_a_file_keeps_no_sign_that_turns_the_text(person: Callable[..., User]) -> None:
    """Nor a number of a person."""
    file = store(csv_of(*ROWS), f"{NUMBER}\u202egpj.csv")
    made, _ = receive(by=person(Function.ENTER), programme="county", place_code=OWN, file=file)
    assert made.file_name == "*gpj.csv"


@pytest.mark.parametrize("asked", ["register", "place", "programme", "kind"])
def test_a_question_longer_than_an_event_keeps_is_refused(
    asked: str, signed_in: Callable[..., Client]
) -> None:
    """PostgreSQL would refuse the event, and the reader would see a fault."""
    values = {"register": "households", asked: "9" * 300}
    assert signed_in(Function.SEE).get("/api/v1/records", values).status_code == 422
    assert not Event.objects.filter(action="record.list").exists()


def _spoken(form: str, told: bytes) -> str:
    """Give all cells of a workbook or of a parquet file as text."""
    if form == "xlsx":
        import python_calamine

        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(told))
        return str(book.get_sheet_by_index(0).to_python())
    from pyarrow import parquet

    return str(parquet.read_table(io.BytesIO(told)).to_pylist())
