"""From links found to what is the same, what is asked, and the figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.registers.linkage.closure import close_links
from jiedui.registers.linkage.linked import APART, BY_DECISION, DECIDE, LINKED, Linked
from jiedui.registers.linkage.questions import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.linkage.closure import Closure
    from jiedui.registers.linkage.decisions import Decided
    from jiedui.registers.linkage.questions import Row
    from jiedui.registers.register import Register


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two records by their positions, left before right; `why` it would be asked."""

    left: int
    right: int
    score: float
    way: str
    status: str
    why: str = ""


def settle(
    register: Register,
    rows: Sequence[Row],
    found: Iterable[Link],
    decided: Decided,
    *,
    marks: Sequence[str | None] | None = None,
    notes: tuple[Finding, ...] = (),
) -> Linked:
    """Close the links, strongest first as they come, decisions before all; ask what stays open.

    Each pair of identities is asked once, and none that is joined or decided. `marks` as in `close_links`.
    """
    links = _with_decisions(found, decided)
    followed = [link for link in links if link.status == LINKED]
    closure = close_links(
        marks or [None] * len(rows),
        [(link.left, link.right) for link in followed],
        apart=decided.apart,
        free=len(decided.same),
    )
    cut = {(followed[place].left, followed[place].right) for place in closure.cut}
    links = [
        replace(link, status=DECIDE, why="cut") if (link.left, link.right) in cut else link for link in links
    ]
    links = _asked_once(links, closure, decided)
    asked = [
        (link.why, rows[link.left], rows[link.right], link.score) for link in links if link.status == DECIDE
    ]
    findings = (*notes, *decided.findings, *ask(register, asked))
    return Linked(_link_table(links, rows), _identities(closure, rows), findings, _figures(links, closure))


def _with_decisions(found: Iterable[Link], decided: Decided) -> list[Link]:
    """Put decisions first; keep each pair once, as it came first."""
    kept: dict[tuple[int, int], Link] = {}
    same = (Link(*pair, 1.0, BY_DECISION, LINKED) for pair in decided.same)
    apart = (Link(*pair, 0.0, BY_DECISION, APART) for pair in decided.apart)
    for link in (*same, *apart, *found):
        kept.setdefault((link.left, link.right), link)
    return list(kept.values())


def _asked_once(links: list[Link], closure: Closure, decided: Decided) -> list[Link]:
    closed = {_identities_of(closure, *pair) for pair in decided.apart}
    kept = []
    for link in links:
        pair = _identities_of(closure, link.left, link.right)
        if link.status == DECIDE and (pair in closed or pair[0] == pair[1]):
            continue
        if link.status == DECIDE:
            closed.add(pair)
        kept.append(link)
    return sorted(kept, key=lambda link: (link.left, link.right))


def _identities_of(closure: Closure, left: int, right: int) -> tuple[int, int]:
    one, other = closure.first[left], closure.first[right]
    return min(one, other), max(one, other)


def _link_table(links: list[Link], rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            "left": pa.array([rows[link.left].record for link in links], pa.string()),
            "right": pa.array([rows[link.right].record for link in links], pa.string()),
            "score": pa.array([link.score for link in links], pa.float64()),
            "way": pa.array([link.way for link in links], pa.string()),
            "status": pa.array([link.status for link in links], pa.string()),
        }
    )


def _identities(closure: Closure, rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            "record": pa.array([row.record for row in rows], pa.string()),
            "identity": pa.array([rows[place].record for place in closure.first], pa.string()),
        }
    )


def _figures(links: list[Link], closure: Closure) -> dict[str, int]:
    counted = Counter(f"{link.status}_{link.way}" for link in links)
    figures = {"records": len(closure.first), "identities": len(set(closure.first))}
    return {**figures, **{name: counted[name] for name in sorted(counted)}}
