"""Why not the other: what would have to give way, computed by the core from the very inputs of a proposal."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from jiedui.errors import JieduiError
from jiedui_web.bridge.pairing import Unsolvable, Words, findings_of, run_inputs
from jiedui_web.bridge.pairing_folder import SETTINGS, Inputs

if TYPE_CHECKING:
    from jiedui.programmes import Run

KEPT, ANSWERS_KEPT = 4, 64
"""So many solved proposals, and answers that took solving again, are held in memory."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A recipient whose helpers change."""

    recipient: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What would become of a proposal if a recipient had another helper.

    Attributes
    ----------
    way : str
        ``prices`` (from the proof, exact), ``again`` (everything solved again with that pair), or
        ``nothing``: nobody optimised this proposal.
    loss : float
        Sum of scores by which it would be worse.
    unserved : int
        How many more would stay without a helper.
    before, after : dict
        Where everything was solved again, the figures of the comparison.
    findings : list
        Why the pair cannot be, where it cannot.
    """

    way: str
    possible: bool
    loss: float = 0.0
    unserved: int = 0
    changes: tuple[Changed, ...] = ()
    before: dict[str, object] | None = None
    after: dict[str, object] | None = None
    findings: tuple[Words, ...] = ()


class Outdated(Exception):  # noqa: N818 - a state of the records, no error of the program
    """The records are no longer those that the proposal was computed from."""


def why_not(
    load: Callable[[], Inputs],
    *,
    ask: str,
    helper: str,
    recipient: str,
    known_as: Hashable,
    expected: Mapping[str, str],
) -> Answer:
    """Say what would have to give way if the recipient had that helper.

    Parameters
    ----------
    load
        Gives the inputs of the proposal; not asked where it is known already.
    ask
        The key of the proposal.
    known_as
        Stands for the inputs and the proposal: the next question about them finds it solved.
    expected
        The fingerprints of the tables that the proposal was computed from.

    Raises
    ------
    Outdated
        If the inputs are others.
    """
    from jiedui.pairs.answers import Answers

    inputs, run = _run(load, ask, known_as, expected)
    proposal = run.scenarios[0].proposal
    if proposal.proof == "none":
        return Answer("nothing", possible=False)
    try:
        answers = Answers(proposal)
    except JieduiError:
        asked = (known_as, helper, recipient)
        if found := _answered.get(asked):
            return found
        found = _again(inputs, ask=ask, helper=helper, recipient=recipient, before=run)
        with _lock:
            _answered[asked] = found
            while len(_answered) > ANSWERS_KEPT:
                _answered.popitem(last=False)
        return found
    try:
        outcome = answers.why_not(helper, recipient)
    except JieduiError as error:
        return Answer("prices", possible=False, findings=tuple(findings_of(error)))
    changes = tuple(
        Changed(one.recipient, _listed(one.before), _listed(one.after)) for one in outcome.changes
    )
    return Answer("prices", outcome.possible, outcome.loss, outcome.unserved, changes)


def _listed(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()


def _again(inputs: Inputs, *, ask: str, helper: str, recipient: str, before: Run) -> Answer:
    """Solve everything again with the pair demanded, and compare."""
    demanded = {"kind": "forced", "helper": helper, "recipient": recipient, "who": "-", "why": "-"}
    others = [row for row in inputs.decided if (row["helper"], row["recipient"]) != (helper, recipient)]
    try:
        after = run_inputs(_only(replace(inputs, decided=[*others, demanded]), ask))
    except Unsolvable as error:
        return Answer("again", possible=False, findings=tuple(error.findings))
    old, new = (run.records.tables["comparison"].to_pylist()[0] for run in (before, after))
    held, holds = _helpers(before), _helpers(after)
    changes = tuple(
        Changed(name, held.get(name, ()), holds.get(name, ()))
        for name in sorted(held.keys() | holds.keys(), key=lambda one: (one != recipient, one))
        if held.get(name, ()) != holds.get(name, ())
    )
    loss = _total(before) - _total(after)
    return Answer("again", True, loss, new["unserved"] - old["unserved"], changes, old, new)  # noqa: FBT003


def _helpers(run: Run) -> dict[str, tuple[str, ...]]:
    """Give the helpers of each recipient."""
    found: dict[str, tuple[str, ...]] = {}
    for row in run.records.tables["pairs"].to_pylist():
        found[row["recipient"]] = (*found.get(row["recipient"], ()), row["helper"])
    return found


def _total(run: Run) -> float:
    """Give the sum of scores."""
    return float(sum(row.get("score") or 0.0 for row in run.records.tables["reasons"].to_pylist()))


def _only(inputs: Inputs, ask: str) -> Inputs:
    """Ask for one proposal."""
    asks = [one for one in inputs.settings["proposals"] if one["id"] == ask]
    return replace(inputs, settings={**inputs.settings, "proposals": asks})


_solved: OrderedDict[Hashable, tuple[Inputs, Run]] = OrderedDict()
_answered: OrderedDict[Hashable, Answer] = OrderedDict()
_lock = Lock()


def _run(
    load: Callable[[], Inputs], ask: str, known_as: Hashable, expected: Mapping[str, str]
) -> tuple[Inputs, Run]:
    """Solve one proposal, or find it solved."""
    with _lock:
        if found := _solved.get(known_as):
            _solved.move_to_end(known_as)
            return found
    inputs = load()
    run = run_inputs(_only(inputs, ask))
    own = run.folder.fingerprints()
    if any(own.get(name) != value for name, value in expected.items() if name != SETTINGS):
        raise Outdated
    with _lock:
        _solved[known_as] = (inputs, run)
        while len(_solved) > KEPT:
            _solved.popitem(last=False)
    return inputs, run


def forget() -> None:
    """Forget the solved proposals."""
    with _lock:
        _solved.clear()
        _answered.clear()
