"""From links found to what is the same, what is asked, and the figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.linkage.closure import close_links
from jiedui.registers.linkage.decisions import fit_decisions
from jiedui.registers.linkage.linked import APART, BY_DECISION, DECIDE, LINKED, Link, Linked
from jiedui.registers.linkage.questions import ask, masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.linkage.closure import Closure
    from jiedui.registers.linkage.decisions import Decided
    from jiedui.registers.register import Register


def settle(
    register: Register,
    records: pa.Table,
    found: Iterable[Link],
    *,
    decisions: pa.Table | None,
    marks: Mapping[int, str] | None = None,
    notes: tuple[Finding, ...] = (),
) -> Linked:
    """Close the links, strongest first as they come, decisions before all; ask what stays open.

    Each pair of identities is asked once, and none that is joined or decided.

    Parameters
    ----------
    records
        By position: ``record``, ``register``, ``_source``, ``_row`` and ``name``.
    marks
        As in `close_links`.
    """
    import pyarrow as pa

    decided = fit_decisions(decisions, records["record"])
    links = _with_decisions(found, decided)
    followed = [link for link in links if link.status == LINKED]
    pairs = [(link.left, link.right) for link in followed]
    closure = close_links(records.num_rows, pairs, marks=marks, apart=decided.apart, free=len(decided.same))
    cut = {(followed[place].left, followed[place].right) for place in closure.cut}
    links = [
        replace(link, status=DECIDE, why="cut") if (link.left, link.right) in cut else link for link in links
    ]
    links = _asked_once(links, closure, decided)
    asked = [link for link in links if link.status == DECIDE]
    overruled = [_overruled(records, *pairs[place]) for place in closure.cut if place < len(decided.same)]
    findings = (*notes, *decided.findings, *overruled, *ask(register, records, asked))
    first = records["record"].take(pa.array(closure.first, pa.int64()))
    identities = pa.table({"record": records["record"], "identity": first})
    return Linked(_link_table(links, records), identities, findings, _figures(links, closure))


def _overruled(records: pa.Table, left: int, right: int) -> Finding:
    """Say that a decision was not used because of others."""
    one, other = (masked(records["record"][place].as_py()) for place in (left, right))
    return finding("linkage.decision_cut", left=one, right=other)


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


def _link_table(links: list[Link], records: pa.Table) -> pa.Table:
    import pyarrow as pa

    def column(name: str, kind: pa.DataType) -> pa.Array:
        return pa.array([getattr(link, name) for link in links], kind)

    return pa.table(
        {
            "left": records["record"].take(column("left", pa.int64())),
            "right": records["record"].take(column("right", pa.int64())),
            "score": column("score", pa.float64()),
            "way": column("way", pa.string()),
            "status": column("status", pa.string()),
        }
    )


def _figures(links: list[Link], closure: Closure) -> dict[str, int]:
    counted = Counter(f"{link.status}_{link.way}" for link in links)
    figures = {"records": len(closure.first), "identities": len(set(closure.first))}
    return {**figures, **{name: counted[name] for name in sorted(counted)}}
