"""Pairing by the core: from records and decisions to proposals with figures, reasons, prices and maps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from jiedui.errors import JieduiError
from jiedui.language import LANGUAGES
from jiedui.schemes import load_scheme
from jiedui_web.bridge.pairing_folder import Inputs, write_folder

if TYPE_CHECKING:
    from jiedui.programmes import Run
    from jiedui.publish import Publication

Words = dict[str, str]
Row = dict[str, Any]

TOLD = frozenset(
    {"name", "helper_name", "recipient_name", "unit_name", "kind", "target", "runner_up", "reason"}
    | {"unserved_names", "notice"}
)
"""Columns that hold words: they are kept in every language."""
BEST = dict.fromkeys(
    ("load_max", "load_ratio", "load_gini", "gross_max", "gross_ratio", "gross_gini", "over_share",
     "idle_helpers", "mean_km", "worst_km", "unit_moves", "place_moves", "unserved", "gap"), "least",
) | dict.fromkeys(
    ("load_min", "gross_min", "earlier_kept", "score_mean", "score_worst"), "most"
)  # fmt: skip
"""Which value of a measure is the best one; other measures have none."""
NAMED_ELSEWHERE = ("proposal", "name", "notice", "unserved_names")


class Unsolvable(Exception):  # noqa: N818 - what the inputs are, not what the program did
    """The inputs cannot be solved as they are; the findings say what to mend, in every language."""

    def __init__(self, findings: list[Words]) -> None:
        self.findings = findings
        super().__init__("; ".join(one["rule"] for one in findings))


@dataclass(frozen=True, slots=True)
class SolvedPair:
    """A helper and a recipient, with the reason in every language; ``body`` holds the declared columns."""

    helper: str
    recipient: str
    helper_name: Words
    recipient_name: Words
    score: float | None
    reason: Words
    body: Row


@dataclass(frozen=True, slots=True)
class Solved:
    """One proposal: figures of the comparison, what each helper carries, pairs, maps by language."""

    key: str
    name: Words
    figures: Row
    certificate: str
    gap: float | None
    helpers: list[Row]
    pairs: list[SolvedPair]
    maps: Words


@dataclass(frozen=True, slots=True)
class Solution:
    """All proposals of a solving, and what they were computed from."""

    proposals: list[Solved]
    run: Row


def warm_up() -> None:
    """Compile what solving and answering run, so that no reader waits for it."""
    from jiedui.pairs import warm_up as compile_kernel

    compile_kernel()


def steps_of(inputs: Inputs) -> int:
    """Give how many steps a solving has."""
    return len(inputs.settings.get("proposals", ())) + 3


def solve(inputs: Inputs, *, on_step: Callable[[str], None] = lambda _: None) -> Solution:
    """Find every proposal that the settings ask for.

    Parameters
    ----------
    on_step
        Hears each step before it starts: ``read``, the key of each proposal, ``records``, ``maps``; may
        raise to stop.

    Raises
    ------
    Unsolvable
        With the findings, if the inputs cannot be used or no proposal keeps the rules.
    """
    from jiedui.programmes import in_language, make_publication
    from jiedui.publish import draw_maps

    run = run_inputs(inputs, on_step=on_step)
    on_step("maps")
    runs: dict[str, Run] = {lang: run if lang == run.lang else in_language(run, lang) for lang in LANGUAGES}
    publication = make_publication(run)
    tables = {name: _merged(runs, name) for name in run.records.tables}
    drawn = {lang: list(draw_maps(publication, lang).values()) for lang in LANGUAGES}
    maps: dict[str, Words] = {
        picture.proposal: {lang: drawn[lang][number] for lang in LANGUAGES}
        for number, picture in enumerate(publication.pictures)
    }
    proposals = [_solved(row, tables, maps, publication) for row in tables["comparison"]]
    asked = {"decided": [dict(row) for row in inputs.decided], "settings": plain(inputs.settings)}
    return Solution(proposals, _facts(run, publication) | asked)


def run_inputs(inputs: Inputs, *, on_step: Callable[[str], None] = lambda _: None) -> Run:
    """Run the core on inputs, with a map of every proposal."""
    from jiedui.programmes import run_folder

    asks = [str(ask.get("id")) for ask in inputs.settings.get("proposals", ())]
    whole = replace(inputs, settings={**inputs.settings, "pictures": asks})
    with TemporaryDirectory(prefix="jiedui-") as folder:
        write_folder(whole, Path(folder))
        try:
            return run_folder(Path(folder), on_step=on_step)
        except JieduiError as error:
            raise Unsolvable(findings_of(error)) from error


def findings_of(error: JieduiError) -> list[Words]:
    """Give the findings of an error in every language."""
    return [{"rule": one.rule, "place": one.place, "zh": one.zh, "en": one.en} for one in error.findings]


@cache
def words_of_scheme(scheme: str) -> dict[str, Words]:
    """Give the scheme's own words: ``helper``, ``recipient``, ``place``, …; empty for an unknown scheme."""
    try:
        return {key: dict(words) for key, words in load_scheme(scheme).words.items()}
    except JieduiError:
        return {}


@cache
def names_people(scheme: str) -> bool:
    """Whether the helpers or recipients of a scheme are persons or households."""
    try:
        loaded = load_scheme(scheme)
    except JieduiError:
        return True
    return loaded.persons or loaded.form == "parts"


def _merged(runs: Mapping[str, Run], table: str) -> list[Row]:
    """Give the rows of a table with words in every language."""
    by_language = {lang: run.records.tables[table].to_pylist() for lang, run in runs.items()}
    first = next(iter(by_language.values()))
    return [
        {
            name: {lang: rows[place][name] for lang, rows in by_language.items()}
            if name in TOLD and value is not None
            else plain(value)
            for name, value in row.items()
        }
        for place, row in enumerate(first)
    ]


def _solved(
    row: Row, tables: Mapping[str, list[Row]], maps: Mapping[str, Words], publication: Publication
) -> Solved:
    """Gather what belongs to one proposal."""
    key = row["proposal"]
    figures = {name: value for name, value in row.items() if name not in {"proposal", "name"}}
    figures["lacking"] = [dict(words) for words in publication.lacking.get(key, ())]
    return Solved(
        key=key,
        name=row["name"],
        figures=figures,
        certificate=row["certificate"] or "",
        gap=row.get("gap"),
        helpers=[one for one in tables.get("prices", ()) if one["proposal"] == key],
        pairs=list(_pairs(key, tables)),
        maps=maps.get(key, {}),
    )


def _pairs(key: str, tables: Mapping[str, list[Row]]) -> Iterator[SolvedPair]:
    """Join the pairs of a proposal with their reasons."""
    for pair, reason in zip(tables["pairs"], tables["reasons"], strict=True):
        if pair["proposal"] != key:
            continue
        left_out = {"proposal", "name", "helper", "recipient", "helper_name", "recipient_name", "reason"}
        yield SolvedPair(
            helper=pair["helper"],
            recipient=pair["recipient"],
            helper_name=pair["helper_name"],
            recipient_name=pair["recipient_name"],
            score=reason.get("score"),
            reason=reason["reason"],
            body={name: value for name, value in (pair | reason).items() if name not in left_out},
        )


def _facts(run: Run, publication: Publication) -> Row:
    """Say what the result was computed from, and the words of its columns."""
    columns = {
        name: [
            {
                "name": column.name,
                "words": dict(column.words),
                "unit": dict(column.unit) if column.unit else None,
                "best": BEST.get(column.name, ""),
            }
            for column in table.columns
            if column.name not in NAMED_ELSEWHERE
        ]
        for name, table in publication.declarations.items()
    }
    scheme = run.folder.programme.scheme
    parts = [{"id": part.id, "words": dict(part.words)} for part in scheme.parts]
    facts: Row = plain(dict(publication.run))
    key = "scenario_counted" if run.is_counted else "scenario"
    return facts | {
        "columns": columns,
        "parts": parts,
        "notice": dict(scheme.notices[key]),
        "limits": plain(publication.limits),
    }


def plain(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    """Give a value as JSON holds it: what is no finite number is nothing."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else str(value)
