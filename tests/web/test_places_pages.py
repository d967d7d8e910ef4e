"""Places: what is within reach, found by code or name, over time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.web.conftest import FOREIGN, OWN, PARENT

from jiedui_web.accounts.functions import READING, Function, Level
from jiedui_web.places.models import Place

pytestmark = pytest.mark.usefixtures("programme")


def codes(browser: Client, **asked: str) -> list[str]:
    """Give the codes that a list shows."""
    return [place.code for place in browser.get("/places/", asked).context["page"].rows]


@pytest.mark.parametrize("function", sorted(Function))
def test_places_out_of_reach_do_not_exist(function: Function, signed_in: Callable[..., Client]) -> None:
    """Neighbours and those above are neither listed nor shown."""
    browser = signed_in(function)
    for code in (FOREIGN, PARENT, "99"):
        assert browser.get(f"/places/{code}/").status_code == 404
    if function in READING:
        assert codes(browser) == [OWN]
        assert browser.get(f"/places/{OWN}/").status_code == 200
    else:
        assert browser.get("/places/").status_code == 404


def test_places_are_found_by_code_name_and_level(signed_in: Callable[..., Client]) -> None:
    """A beginning of the code, a part of the name."""
    browser = signed_in(Function.SEE, PARENT)
    assert codes(browser, q="6404") == [PARENT, OWN, FOREIGN]
    assert codes(browser, q="示例") == [PARENT, OWN]
    assert codes(browser, level="county") == [OWN, FOREIGN]
    assert codes(browser, q="没有") == []


def test_a_place_shows_its_codes_over_time(signed_in: Callable[..., Client]) -> None:
    """Validity, successor, what it replaced, what lies under it."""
    old = f"{OWN}9"
    Place.objects.create(
        code=old, name="旧乡", level=Level.TOWNSHIP, parent=OWN, valid_from=date(2001, 1, 1),
        valid_to=date(2019, 12, 31), successor=f"{OWN}101",
    )  # fmt: skip
    Place.objects.create(code=f"{OWN}101", name="新乡", level=Level.TOWNSHIP, parent=OWN)
    browser = signed_in(Function.SEE)
    page = browser.get(f"/places/{old}/").content.decode()
    assert "2001-01-01" in page
    assert f"{OWN}101" in page
    assert "旧乡" in browser.get(f"/places/{OWN}101/").content.decode()
    assert "新乡" in browser.get(f"/places/{OWN}/").content.decode()


def test_pages_of_places_lead_through_every_code_once(signed_in: Callable[..., Client]) -> None:
    """Also where one code has two times of validity at the edge of a page."""
    for number in range(60):
        Place.objects.create(code=f"{OWN}{number:03d}", name=f"乡{number}", level=Level.TOWNSHIP, parent=OWN)
    Place.objects.create(
        code=f"{OWN}048", name="旧名", level=Level.TOWNSHIP, parent=OWN, valid_from=date(2001, 1, 1)
    )
    browser = signed_in(Function.SEE)
    page = browser.get("/places/").context
    seen = [place.code for place in page["page"].rows]
    seen += codes(browser, after=page["page"].after)
    assert len(seen) == len(set(seen)) + 1 == 62
