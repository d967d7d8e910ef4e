"""Why not the other: asked of the core with the very inputs of the proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jiedui_web.bridge.pairing import Unsolvable, Words
from jiedui_web.bridge.pairing_answers import Answer, Outdated, why_not
from jiedui_web.bridge.pairing_folder import Inputs
from jiedui_web.pairs.models import ProposedPair
from jiedui_web.pairs.queries.inputs import inputs_of
from jiedui_web.pairs.queries.reached import programme_of

NAMES = ("load_max", "mean_km", "worst_km", "unserved", "place_moves", "score_mean")
"""Figures of the comparison that an answer shows where everything was solved again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A recipient whose helpers would change, by names."""

    recipient: Words
    before: list[Words]
    after: list[Words]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with names in place of ids; ``outdated`` where the records changed since."""

    helper: Words
    answer: Answer | None
    moves: list[Moved]
    figures: list[tuple[str, object, object]]
    outdated: bool = False

    @property
    def loss(self) -> float:
        """How much the sum of scores changes."""
        return abs(self.answer.loss) if self.answer else 0.0


def ask_why_not(pair: ProposedPair, helper: str, names: Mapping[str, Words]) -> Told:
    """Ask what would have to give way if the recipient of a pair had another helper."""
    solving, proposal = pair.proposal.solving, pair.proposal
    run = solving.run

    def load() -> Inputs:
        now = inputs_of(programme_of(solving.programme)).inputs
        return replace(now, settings=run["settings"], decided=run["decided"])

    name = names.get(helper) or _plain(helper)
    try:
        answer = why_not(
            load,
            ask=proposal.key,
            helper=helper,
            recipient=pair.recipient,
            known_as=(solving.outer_id, proposal.key),
            expected=run["inputs"],
        )
    except (Outdated, Unsolvable):
        return Told(name, None, [], [], outdated=True)
    recipients = dict(proposal.pairs.values_list("recipient", "recipient_name"))
    moves = [
        Moved(
            recipients.get(one.recipient) or _plain(one.recipient),
            [names.get(held) or _plain(held) for held in one.before],
            [names.get(held) or _plain(held) for held in one.after],
        )
        for one in answer.changes
    ]
    return Told(name, answer, moves, _figures(answer, run))


def _figures(answer: Answer, run: Mapping[str, object]) -> list[tuple[str, object, object]]:
    """Give measures before and after, where everything was solved again."""
    if not answer.before or not answer.after:
        return []
    columns = run["columns"]
    words = {one["name"]: one["words"] for one in columns["comparison"]}  # type: ignore[index]
    return [(words[name], answer.before.get(name), answer.after.get(name)) for name in NAMES if name in words]


def _plain(name: str) -> Words:
    return {"zh": name, "en": name}
