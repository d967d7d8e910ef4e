"""Places and programmes for programs."""

# Annotations stand as they are: ninja reads them through the decorator `within`.
from datetime import date

from ninja import Router, Schema

from jiedui_web.accounts.api import AskedRequest, within
from jiedui_web.accounts.tokens import Scope
from jiedui_web.places.queries import places_within, programmes_in_reach

router = Router(tags=["places"])
A_PAGE = 1000


class PlaceOut(Schema):
    """A place."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str
    lon: float | None
    lat: float | None
    valid_from: date | None
    valid_to: date | None
    successor: str


class ProgrammeOut(Schema):
    """A programme."""

    key: str
    name: str
    name_en: str
    scheme: str
    period: str
    place_code: str
    round_on: date | None


@router.get("/places", response=list[PlaceOut])
@within(Scope.PLACES)
def list_places(request: AskedRequest, after: str = "") -> object:
    """List places within reach by code, a thousand at a time: ``after`` is the last code before."""
    return list(places_within(request.reach).filter(code__gt=after).order_by("code")[:A_PAGE])


@router.get("/programmes", response=list[ProgrammeOut])
@within(Scope.PLACES)
def list_programmes(request: AskedRequest) -> object:
    """List the programmes within reach."""
    return list(programmes_in_reach(request.reach))
