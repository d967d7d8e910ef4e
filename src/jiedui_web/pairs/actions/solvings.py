"""Solvings: asked, performed in the background, stopped, and what becomes of them when a worker dies."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from jiedui_web.accounts.actions import System
from jiedui_web.accounts.models import User
from jiedui_web.audit.recording import record
from jiedui_web.bridge.pairing import Solution, Unsolvable, solve, steps_of
from jiedui_web.language import languages, text, text_in
from jiedui_web.pairs.models import Proposal, ProposedPair, Solving
from jiedui_web.pairs.queries.inputs import Found, inputs_of
from jiedui_web.places.models import Programme

LOST_AFTER = timedelta(seconds=90)
"""A worker tells every few seconds that it lives; one silent for so long is gone."""
State = Solving.State


class Stopped(Exception):  # noqa: N818 - asked for, no error
    """Somebody asked to stop, or the solving was given up as lost."""


@transaction.atomic
def ask_solving(*, by: User, programme: Programme) -> Solving:
    """Ask for new proposals.

    Raises
    ------
    ValidationError
        If one is under way for the programme.
    """
    from jiedui_web.pairs.tasks import solve_programme

    give_up_lost(programme.key)
    try:
        with transaction.atomic():
            made = Solving.objects.create(
                programme=programme.key,
                place_code=programme.place_code,
                by=by.outer_id,
                at=timezone.now(),
            )
    except IntegrityError:
        raise ValidationError(text("pairs.solving_under_way")) from None
    record(
        "solving.ask",
        by=by,
        kind="solving",
        thing=made.outer_id,
        place_code=programme.place_code,
        programme=programme.key,
    )
    solve_programme.enqueue(made.outer_id)
    return made


@transaction.atomic
def cancel_solving(solving: Solving, *, by: User) -> None:
    """Stop a solving: at once where it waits, else before its next step."""
    open_ones = Solving.objects.filter(pk=solving.pk)
    ended = open_ones.filter(state=State.QUEUED).update(
        state=State.CANCELLED, cancel_asked=True, ended_at=timezone.now()
    )
    if ended or open_ones.filter(state=State.RUNNING, cancel_asked=False).update(cancel_asked=True):
        record(
            "solving.cancel",
            by=by,
            kind="solving",
            thing=solving.outer_id,
            place_code=solving.place_code,
            programme=solving.programme,
        )


@transaction.atomic
def give_up_lost(programme: str) -> None:
    """End what a killed worker left running, so that it can be asked again."""
    silent = Q(seen_at__lt=timezone.now() - LOST_AFTER)
    for lost in Solving.objects.filter(silent, programme=programme, state=State.RUNNING):
        _end(lost.outer_id, State.FAILED, findings=[_told("pairs.worker_lost")])


def is_lost(solving: Solving) -> bool:
    """Whether the worker of a running solving is gone; whoever asks again ends it."""
    silent = solving.seen_at is not None and solving.seen_at < timezone.now() - LOST_AFTER
    return solving.state == State.RUNNING and silent


def tell_alive(outer_id: str) -> None:
    """Note that the worker lives."""
    Solving.objects.filter(outer_id=outer_id, state=State.RUNNING).update(seen_at=timezone.now())


def perform(outer_id: str) -> None:
    """Solve; whatever happens, the solving has an end that its page tells."""
    if not Solving.objects.filter(outer_id=outer_id, state=State.QUEUED).update(
        state=State.RUNNING, seen_at=timezone.now()
    ):
        return
    try:
        programme = Programme.objects.get(key=Solving.objects.get(outer_id=outer_id).programme)
        found = inputs_of(programme)
        Solving.objects.filter(outer_id=outer_id).update(total=steps_of(found.inputs))
        solution = solve(found.inputs, on_step=lambda name: note_step(outer_id, name))
        _keep(outer_id, solution, found)
    except Stopped:
        _end(outer_id, State.CANCELLED)
    except Unsolvable as error:
        _end(outer_id, State.FAILED, findings=error.findings)
    except Exception:
        _end(outer_id, State.FAILED, findings=[_told("pairs.solving_broke")])
        raise


def note_step(outer_id: str, name: str) -> None:
    """Note a step before it starts; stop where somebody asked for it."""
    running = Solving.objects.filter(outer_id=outer_id, state=State.RUNNING, cancel_asked=False)
    before = Solving.objects.filter(outer_id=outer_id).values_list("step", flat=True).first()
    more = {"done": F("done") + 1} if before else {}
    if not running.update(step=name, seen_at=timezone.now(), **more):
        raise Stopped


@transaction.atomic
def _keep(outer_id: str, solution: Solution, found: Found) -> None:
    """Store proposals; nothing where the solving was stopped or given up meanwhile."""
    running = Solving.objects.filter(outer_id=outer_id, state=State.RUNNING, cancel_asked=False)
    pictures = {one.key: one.maps for one in solution.proposals}
    now = timezone.now()
    if not running.update(
        state=State.DONE, run=solution.run, pictures=pictures, ended_at=now, seen_at=now, step=""
    ):
        raise Stopped
    solving = Solving.objects.defer("pictures").get(outer_id=outer_id)
    Solving.objects.filter(pk=solving.pk).update(done=solving.total)
    for position, one in enumerate(solution.proposals):
        proposal = Proposal.objects.create(
            solving=solving,
            key=one.key,
            position=position,
            name=one.name,
            figures=one.figures,
            helpers=one.helpers,
            certificate=one.certificate,
            gap=one.gap,
        )
        ProposedPair.objects.bulk_create(
            [
                ProposedPair(
                    proposal=proposal,
                    helper=pair.helper,
                    recipient=pair.recipient,
                    helper_name=pair.helper_name,
                    recipient_name=pair.recipient_name,
                    place_code=found.place_of(pair.recipient),
                    score=pair.score,
                    reasons=[pair.reason],
                    body=pair.body,
                )
                for pair in one.pairs
            ],
            batch_size=500,
        )
    _record_end(solving, State.DONE)


@transaction.atomic
def _end(outer_id: str, state: Solving.State, *, findings: list[dict[str, str]] | None = None) -> None:
    """End a solving that is still open."""
    ended = Solving.objects.filter(outer_id=outer_id, state__in=[State.QUEUED, State.RUNNING]).update(
        state=state, findings=findings or [], ended_at=timezone.now()
    )
    if ended:
        _record_end(Solving.objects.defer("pictures").get(outer_id=outer_id), state)


def _record_end(solving: Solving, state: Solving.State) -> None:
    record(
        "solving.end",
        by=System(),
        kind="solving",
        thing=solving.outer_id,
        place_code=solving.place_code,
        programme=solving.programme,
        after={"state": state.value},
    )


def _told(key: str) -> dict[str, str]:
    """Give a finding of the site's own in every language."""
    return {"rule": key, "place": ""} | {lang: text_in(lang, key) for lang in languages()}
