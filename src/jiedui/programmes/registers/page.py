"""The page of a run over registers: counts and rules only, nothing of any person or household."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import integer, words
from jiedui.programmes.registers.figures import FIGURES, figures
from jiedui.programmes.registers.truth import compare_truth
from jiedui.publish import Chapter, Page
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.registers.running import RegisterRun

SHOWN = (
    "files",
    "rows_read",
    "headings_matched",
    "linked",
    "to_decide",
    "findings_error",
    "findings_question",
)
"""Figures at the head of the page."""
MOST = 25
"""Rules shown; compared.csv has them all."""
BY_RULE = Table(
    "findings_by_rule",
    {"zh": "各规则的待核实问题", "en": "Findings by rule"},
    (
        Column("rule", "text", {"zh": "规则编号", "en": "rule"}),
        Column("zh", "text", {"zh": "内容", "en": "in Chinese"}),
        Column("en", "text", {"zh": "英文内容", "en": "question"}),
        Column("hits", "integer", {"zh": "待核实", "en": "to be verified"}),
        Column("compared", "integer", {"zh": "已比对", "en": "compared"}),
        Column("not_compared", "integer", {"zh": "未比对", "en": "not compared"}),
    ),
    key=("rule",),
)


def make_page(run: RegisterRun) -> Page:
    """Make the page of a run."""
    programme = run.content.programme
    counted = {row["figure"]: row for row in figures(run).to_pylist()}
    chapters = [
        Chapter(
            words("register_run.rules_title"), words("register_run.by_rule"), tables=((BY_RULE, _rules(run)),)
        ),
        Chapter(words("register_run.way_title"), tables=((FIGURES, figures(run)),)),
    ]
    if run.content.truth:
        known = tuple(compare_truth(run, run.content.truth))
        chapters.append(Chapter(words("register_run.truth"), words("register_run.truth_lead"), tables=known))
    return Page(
        title=programme.name,
        lead=programme.lead,
        figures=tuple(
            (integer(counted[name]["count"]), {"zh": counted[name]["zh"], "en": counted[name]["en"]})
            for name in SHOWN
        ),
        notices=(words("register_run.questions_notice"), words("register_run.office_notice")),
        chapters=tuple(chapters),
        limits=programme.limits,
        sources=programme.sources,
    )


def _rules(run: RegisterRun) -> pa.Table:
    """Give the rules that found something, the most frequent first."""
    import pyarrow as pa

    found = sorted(run.compared.to_pylist(), key=lambda row: (-row["hits"], row["rule"]))
    sentences = {rule.id: rule.words for rule in run.content.rules.rules}
    rows = [{**row, **sentences[row["rule"]]} for row in found[:MOST] if row["hits"]]
    return pa.Table.from_pylist(rows, BY_RULE.schema())
