"""What is published of pairings: the latest published choice of each programme, its pairs, its map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from jiedui_web.bridge.pairing import names_people
from jiedui_web.pairs.models import Choice, Pairing
from jiedui_web.places.models import Programme


@dataclass(frozen=True, slots=True)
class Published:
    """A programme and the choice in force of it."""

    programme: Programme
    choice: Choice

    @property
    def pairings(self) -> QuerySet[Pairing]:
        """The pairs, by helper and recipient."""
        return Pairing.objects.filter(choice=self.choice).order_by("helper", "recipient")

    def map(self, lang: str) -> str:
        """Give the SVG of the map in a language; empty where there is none."""
        drawings = self.choice.proposal.solving.pictures.get(self.choice.proposal.key, {})
        return str(drawings.get(lang) or drawings.get("zh") or "")

    def counts(self) -> dict[str, int]:
        """Count pairs, helpers and recipients."""
        rows = self.pairings
        return {
            "pairs": rows.count(),
            "helpers": rows.values("helper").distinct().count(),
            "recipients": rows.values("recipient").distinct().count(),
        }


def published_programmes() -> list[Published]:
    """Give every programme with published pairings, by name."""
    keys = Choice.objects.filter(published_at__isnull=False).values("programme")
    found = (published(one.key) for one in Programme.objects.filter(key__in=keys).order_by("name"))
    return [one for one in found if one]


def published(key: str) -> Published | None:
    """Give what is published of a programme; None where nothing is, or where it would name people."""
    choice = (
        Choice.objects.filter(programme=key, published_at__isnull=False)
        .select_related("proposal__solving")
        .order_by("-published_at", "-id")
        .first()
    )
    programme = Programme.objects.filter(key=key).first()
    if not choice or not programme or names_people(programme.scheme):
        return None
    return Published(programme, choice)


def csv_rows(of: Published, lang: str) -> Iterator[list[str]]:
    """Give the pairs as rows of text, in a language."""
    for row in of.pairings.iterator(chunk_size=1000):
        yield [
            row.helper,
            row.helper_name.get(lang) or row.helper_name.get("zh", ""),
            row.recipient,
            row.recipient_name.get(lang) or row.recipient_name.get("zh", ""),
            row.valid_from.isoformat(),
        ]
