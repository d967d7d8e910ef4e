"""Things of the app by their outer ids, as far as a reader reaches them: what is out of reach is 404."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from jiedui_web.accounts.access import Reach
from jiedui_web.accounts.functions import Function
from jiedui_web.pairs.models import Choice, HumanDecision, Proposal, ProposedPair, Solving
from jiedui_web.places.models import Programme
from jiedui_web.places.queries import programmes_in_reach

ASKERS = (Function.DECIDE, Function.EXAMINE)
"""Who asks for proposals, and locks, forbids or demands pairs."""
PUBLISHERS = (Function.DECIDE, Function.APPROVE)


def programme_in_reach(reach: Reach, key: str) -> Programme:
    """Give a programme that touches a reach."""
    return get_object_or_404(programmes_in_reach(reach), key=key)


def whole_programme(reach: Reach, key: str, *functions: Function) -> Programme:
    """Give a programme that a function reaches as a whole."""
    found = programme_in_reach(reach, key)
    if not reach.covers(found.place_code, found.key, *functions):
        raise Http404
    return found


def solving_in_reach(reach: Reach, outer_id: str, *functions: Function) -> Solving:
    """Give a solving, without its pictures."""
    rows = reach.limit(Solving.objects.defer("pictures"), *functions)
    return get_object_or_404(rows, outer_id=outer_id)


def proposal_in_reach(reach: Reach, outer_id: str, *functions: Function) -> Proposal:
    """Give a proposal."""
    rows = reach.limit(
        Proposal.objects.select_related("solving").defer("solving__pictures"),
        *functions,
        place="solving__place_code",
        programme="solving__programme",
    )
    return get_object_or_404(rows, outer_id=outer_id)


def pair_in_reach(reach: Reach, outer_id: str, *functions: Function) -> ProposedPair:
    """Give a pair of a proposal."""
    rows = reach.limit(
        ProposedPair.objects.select_related("proposal__solving").defer("proposal__solving__pictures"),
        *functions,
        place="proposal__solving__place_code",
        programme="proposal__solving__programme",
    )
    return get_object_or_404(rows, outer_id=outer_id)


def ruling_in_reach(reach: Reach, outer_id: str, *functions: Function) -> HumanDecision:
    """Give a ruling of a programme that is reached as a whole."""
    found = get_object_or_404(HumanDecision, outer_id=outer_id)
    whole_programme(reach, found.programme, *functions)
    return found


def choice_in_reach(reach: Reach, outer_id: str, *functions: Function) -> Choice:
    """Give a choice."""
    rows = reach.limit(
        Choice.objects.select_related("proposal__solving").defer("proposal__solving__pictures"), *functions
    )
    return get_object_or_404(rows, outer_id=outer_id)


def programme_of(key: str) -> Programme:
    """Give the programme of something that is reached already."""
    return Programme.objects.get(key=key)
