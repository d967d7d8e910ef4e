"""The chapter of the score: what thresholds do, the chosen one, groups, and the list to be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.language import decimal, integer, words
from jiedui.programmes.needs.survey_chapter import PERCENT
from jiedui.publish import Chapter
from jiedui.publish.charts import draw_tradeoff
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.language import Words
    from jiedui.programmes.needs.running import NeedsRun
    from jiedui.programmes.needs.targeting import Targeted

ERRORS = (
    Column("units", "integer", {"zh": "样本户", "en": "households asked"}),
    Column("exclusion", "number", {"zh": "漏评误差", "en": "exclusion error"}, PERCENT, required=False),
    Column("inclusion", "number", {"zh": "错评误差", "en": "inclusion error"}, PERCENT, required=False),
    Column("coverage", "number", {"zh": "覆盖率", "en": "coverage"}, PERCENT, required=False),
    Column("leakage", "number", {"zh": "漏出率", "en": "leakage"}, PERCENT, required=False),
)
SHARES = ("exclusion", "inclusion", "coverage", "leakage")
BY_THRESHOLD = Table(
    "errors_by_threshold",
    {
        "zh": "各界线的误差（未列者见 consequences.csv）",
        "en": "Errors by threshold (all in consequences.csv)",
    },
    (
        Column("threshold", "text", {"zh": "界线", "en": "threshold"}),
        Column("selected", "number", {"zh": "入选户", "en": "selected"}, PERCENT, required=False),
        *ERRORS[1:],
        Column("chosen", "text", {"zh": "选定", "en": "chosen"}, required=False),
    ),
    key=("threshold",),
)
BY_GROUP = Table(
    "errors_by_group",
    {"zh": "选定界线对各类户的误差", "en": "Errors of the chosen threshold, by group"},
    (
        Column("group", "text", {"zh": "户的类别", "en": "group"}),
        *ERRORS,
        Column("why", "text", {"zh": "说明", "en": "remark"}, required=False),
    ),
    key=("group",),
)
LISTED = Table(
    "households_to_be_checked",
    {
        "zh": "核实名单的户数（名单仅供本部门，见 office 文件夹）",
        "en": "Households to be checked (the list is in the folder office)",
    },
    (
        Column("who", "text", {"zh": "来源", "en": "named by"}),
        Column("count", "integer", {"zh": "户数", "en": "households"}),
    ),
    key=("who",),
)
STEP = 4
"""Every so many thresholds of the whole range stand on the page."""


def targeting_chapter(run: NeedsRun) -> Chapter:
    """Give the errors of thresholds, whole and by group, and how many households are to be checked."""
    found = run.targeted
    assert found is not None  # noqa: S101 - the chapter is made only then
    figure = draw_tradeoff(found.shown, run.lang, title=words("needs_run.tradeoff"))
    tables = [(BY_THRESHOLD, _by_threshold(found, run))]
    if found.groups.num_rows:
        tables.append((BY_GROUP, _by_group(found, run)))
    tables.append((LISTED, _listed(found, run)))
    return Chapter(
        words("needs_run.targeting"),
        _lead(found, run),
        pictures=((words("needs_run.tradeoff"), figure),),
        tables=tuple(tables),
    )


def _lead(found: Targeted, run: NeedsRun) -> Words:
    """Say what the score is, who chose the threshold and why, and that there is no quota."""
    asked = run.content.inquiry.targeting
    assert asked is not None  # noqa: S101
    told = {
        "by": asked.by,
        "why": asked.why,
        "on": asked.on,
        "threshold": integer(round(found.choice.threshold)),
        "coverage": decimal(100 * found.model.coverage, 0),
    }
    return words("needs_run.targeting_lead", **told)


def _percents(row: dict[str, Any]) -> dict[str, float | None]:
    return {name: None if row[name] is None else 100 * row[name] for name in SHARES}


def _by_threshold(found: Targeted, run: NeedsRun) -> pa.Table:
    """Give some thresholds over the whole range, and the chosen one among them."""
    import pyarrow as pa

    chosen = found.choice.threshold
    rows = {row["threshold"]: row for row in found.shown.to_pylist()}
    limits = sorted({*sorted(rows)[STEP - 1 :: STEP], chosen})
    made = [
        {
            "threshold": integer(round(limit)),
            "selected": 100 * rows[limit]["selected"],
            **_percents(rows[limit]),
            "chosen": words("needs_run.chosen")[run.lang] if limit == chosen else "",
        }
        for limit in limits
    ]
    return pa.Table.from_pylist(made, BY_THRESHOLD.schema())


def _by_group(found: Targeted, run: NeedsRun) -> pa.Table:
    """Give the errors in each group; those of small groups are not shown."""
    import pyarrow as pa

    rows = [
        {
            "group": row["group"],
            "units": row["units"],
            **_percents(row),
            "why": words("needs_run.small")[run.lang] if row["small"] else "",
        }
        for row in found.groups.to_pylist()
    ]
    return pa.Table.from_pylist(rows, BY_GROUP.schema())


def _listed(found: Targeted, run: NeedsRun) -> pa.Table:
    """Count the households that score and village name, and those to be visited; no village is named."""
    import pyarrow as pa

    counts = {f"listed_{name}": count for name, count in found.listed.items()}
    if found.compared:
        counts["visits"] = found.compared.visits
    rows = [{"who": words(f"needs_run.{name}")[run.lang], "count": count} for name, count in counts.items()]
    return pa.Table.from_pylist(rows, LISTED.schema())
