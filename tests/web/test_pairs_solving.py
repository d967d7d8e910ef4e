"""Asking for proposals: from records to proposals, one at a time, stopped, given up, asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.web.pairs_cast import load_example, proposal_of, solved

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.pairs.actions import ask_solving, cancel_solving, perform, rule_pair, withdraw_ruling
from jiedui_web.pairs.actions import solvings as solving_actions
from jiedui_web.pairs.models import HumanDecision, Solving
from jiedui_web.pairs.queries.inputs import inputs_of
from jiedui_web.pairs.queries.proposals import changes_of, map_of
from jiedui_web.places.models import Programme

GANSU = "62"


@pytest.fixture
def counties(db: None) -> Programme:
    """Sixteen counties of Gansu and twelve units that help them."""
    return load_example("fixed_point", place_code=GANSU)


@pytest.fixture
def examiner(person: Callable[..., User]) -> User:
    """Somebody who asks for proposals."""
    return person(Function.EXAMINE, GANSU)


def test_records_become_proposals_with_figures_reasons_maps_in_both_languages(
    counties: Programme, examiner: User
) -> None:
    """The whole way from rows to what pages show."""
    made = ask_solving(by=examiner, programme=counties)
    perform(made.outer_id)
    made.refresh_from_db()
    assert made.state == Solving.State.DONE
    assert made.done == made.total == 6
    assert [one.key for one in made.proposals.order_by("position")] == ["present", "at_least_one", "share"]
    share = proposal_of(made, "share")
    assert share.certificate == "prices"
    assert share.figures["place_moves"] == 3
    assert share.pairs.count() == 16
    pair = share.pairs.get(recipient="621228")
    assert pair.place_code == "621228"
    assert pair.helper_name == {"zh": "示例单位10", "en": "Example unit 10"}
    assert "公里" in pair.reasons[0]["zh"]
    assert "km apart" in pair.reasons[0]["en"]
    assert "示例单位10" in map_of(share, "zh")
    assert "Example unit 10" in map_of(share, "en")
    assert {row["helper"] for row in share.helpers} == {f"U{number:02}" for number in range(1, 13)}
    assert made.run["inputs"]["helpers"]
    assert list(Event.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "solving.ask",
        "solving.end",
    ]


def test_changes_are_told_against_the_present(counties: Programme, examiner: User) -> None:
    """What begins and what ends."""
    new, ended = changes_of(proposal_of(solved(counties, examiner), "share"))
    assert len(new) == len(ended) == 3
    assert {one.recipient for one in new} == {one.recipient for one in ended}


def test_a_ruling_is_kept_by_the_next_solving_until_it_is_withdrawn(
    counties: Programme, examiner: User
) -> None:
    """Forced pairs are there, forbidden ones are not, withdrawn rulings bind nobody."""
    rule = partial(rule_pair, by=examiner, programme=counties, why="已有对口医院")
    forced = rule(kind="forced", helper="U03", recipient="621102")
    rule(kind="forbidden", helper="U10", recipient="621228")
    share = proposal_of(solved(counties, examiner), "share")
    assert share.pairs.get(recipient="621102").helper == "U03"
    assert share.pairs.get(recipient="621228").helper != "U10"
    assert withdraw_ruling(forced, by=examiner)
    assert not withdraw_ruling(forced, by=examiner)
    assert [row["kind"] for row in inputs_of(counties).inputs.decided] == ["forbidden"]
    assert HumanDecision.objects.count() == 2


def test_one_ruling_a_pair_and_never_without_a_reason(counties: Programme, examiner: User) -> None:
    """The second is told of the first."""
    rule = partial(rule_pair, by=examiner, programme=counties, helper="U03", recipient="621102")
    rule(kind="forced", why="对口医院")
    with pytest.raises(ValidationError, match="对口医院"):
        rule(kind="forbidden", why="别的理由")
    with pytest.raises(ValidationError):
        rule_pair(by=examiner, programme=counties, kind="forced", helper="U01", recipient="621102", why=" ")


def test_rulings_that_contradict_each_other_end_as_findings_in_both_languages(
    counties: Programme, examiner: User
) -> None:
    """Two helpers demanded for a county that wants one."""
    for helper in ("U03", "U04"):
        rule_pair(
            by=examiner, programme=counties, kind="forced", helper=helper, recipient="621102", why="必须"
        )
    made = solved(counties, examiner)
    assert made.state == Solving.State.FAILED
    assert made.findings[0]["rule"] == "programme.decided_two"
    assert {"zh", "en", "place"} <= made.findings[0].keys()
    assert not made.proposals.exists()


def test_one_solving_a_programme_is_under_way(counties: Programme, examiner: User) -> None:
    """The second is refused until the first has ended."""
    first = ask_solving(by=examiner, programme=counties)
    with pytest.raises(ValidationError):
        ask_solving(by=examiner, programme=counties)
    cancel_solving(first, by=examiner)
    first.refresh_from_db()
    assert first.state == Solving.State.CANCELLED
    perform(first.outer_id)
    assert not first.proposals.exists()
    assert ask_solving(by=examiner, programme=counties).state == Solving.State.QUEUED


def test_a_solving_stops_before_its_next_step(
    counties: Programme, examiner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody asks to stop while it runs: nothing is kept."""
    made = ask_solving(by=examiner, programme=counties)
    step = solving_actions.note_step

    def stopped_at_share(outer_id: str, name: str) -> None:
        if name == "share":
            cancel_solving(made, by=examiner)
        step(outer_id, name)

    monkeypatch.setattr(solving_actions, "note_step", stopped_at_share)
    perform(made.outer_id)
    made.refresh_from_db()
    assert (made.state, made.proposals.count()) == (Solving.State.CANCELLED, 0)


def test_what_a_killed_worker_left_is_given_up_and_asked_again(counties: Programme, examiner: User) -> None:
    """A worker silent for too long is gone; should it come back, it keeps nothing."""
    lost = ask_solving(by=examiner, programme=counties)
    Solving.objects.filter(pk=lost.pk).update(
        state=Solving.State.RUNNING, seen_at=timezone.now() - timedelta(minutes=5)
    )
    again = ask_solving(by=examiner, programme=counties)
    lost.refresh_from_db()
    assert lost.state == Solving.State.FAILED
    assert lost.findings[0]["rule"] == "pairs.worker_lost"
    with pytest.raises(solving_actions.Stopped):
        solving_actions.note_step(lost.outer_id, "share")
    perform(again.outer_id)
    assert again.proposals.count() == 3


def test_a_fault_of_the_program_ends_the_solving(
    counties: Programme, examiner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page tells; nothing is half done."""
    made = ask_solving(by=examiner, programme=counties)
    monkeypatch.setattr(solving_actions, "solve", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        perform(made.outer_id)
    made.refresh_from_db()
    assert made.state == Solving.State.FAILED
