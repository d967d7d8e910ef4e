"""A score in a run that finds needs: the errors of every threshold, the chosen one, and who is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import Lang, text
from jiedui.needs.targeting import (
    Choice,
    Comparison,
    ScoreModel,
    choose_threshold,
    compare_appraisal,
    fit_score,
    threshold_table,
)
from jiedui.programmes.needs.columns import KEY
from jiedui.schemes import load_scheme

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.language import Words
    from jiedui.programmes.inquiry import Income, Inquiry, Targeting
    from jiedui.programmes.needs.folder import NeedsFolder

SHARES = tuple(step / 20 for step in range(1, 20))
"""Of the households, for the thresholds whose errors are shown: a comparison, no quota."""


@dataclass(frozen=True, slots=True)
class Targeted:
    """What a score of income does, and whom it and the villages name; it decides nothing.

    Attributes
    ----------
    model : ScoreModel
        Fitted on the survey.
    shown : pyarrow.Table
        As ``CONSEQUENCES``: errors of every threshold, on households the model had not seen.
    choice : Choice
        The threshold that people chose.
    groups : pyarrow.Table
        Consequences of it by group; figures of small groups are empty.
    listed : mapping of str to int
        Households on the list to be checked: ``score``, ``village``, ``both``, ``either``.
    compared : Comparison or None
        The score beside the village's appraisal; None without ``appraisal.parquet``.
    """

    model: ScoreModel
    shown: pa.Table
    choice: Choice
    groups: pa.Table
    listed: Mapping[str, int]
    compared: Comparison | None


def target_households(content: NeedsFolder, *, lang: Lang) -> Targeted | None:
    """Fit a score, show what every threshold does, and list whom score and village name.

    None where the programme does not ask for it.

    Raises
    ------
    InputError
        If columns are missing, or a fixed share is asked for where whoever qualifies is helped.
    """
    import pyarrow.parquet as pq

    inquiry = content.inquiry
    if inquiry.targeting is None or inquiry.income is None:
        return None
    asked, design = inquiry.targeting, inquiry.design
    survey = pq.read_table(content.tables["survey"])
    weight, psu = design.get("weight", ""), design.get("psu", "")
    covariates = asked.covariates
    model = fit_score(survey, target=inquiry.income.column, covariates=covariates, weight=weight, psu=psu)
    tried = _tried(survey, model, inquiry.income)
    shown = _shown(tried, inquiry, asked)
    choice = choose_threshold(
        shown,
        scheme=load_scheme(asked.scheme, beside=content.folder),
        by=asked.by[lang],
        why=asked.why[lang],
        on=dt.date.fromisoformat(asked.on),
        **asked.rule,
    )
    groups = _groups(tried, inquiry, asked, choice, lang)
    listed, compared = _listed(content, model, choice, lang)
    return Targeted(model, shown, choice, groups, listed, compared)


def _tried(survey: pa.Table, model: ScoreModel, income: Income) -> pa.Table:
    """Give the survey with scores made without the household's own village, and who is below the line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    needy = pc.less(survey[income.column], income.line)
    return survey.append_column("score", pa.array(model.held_out)).append_column("needy", needy)


def _shown(tried: pa.Table, inquiry: Inquiry, asked: Targeting) -> pa.Table:
    """Show the errors of thresholds over the whole range, and of those that were named."""
    shares = sorted({*SHARES, *([asked.rule["share"]] if "share" in asked.rule else ())})
    thresholds = [asked.rule["threshold"]] if "threshold" in asked.rule else []
    return threshold_table(
        tried,
        truth="needy",
        score="score",
        weight=inquiry.design.get("weight", ""),
        shares=shares,
        thresholds=thresholds,
        benefit=inquiry.size,
    )


def _groups(tried: pa.Table, inquiry: Inquiry, asked: Targeting, choice: Choice, lang: Lang) -> pa.Table:
    """Show what the chosen threshold does to each group and to all others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    made = []
    for column, name in asked.groups.items():
        found = threshold_table(
            tried,
            truth="needy",
            score="score",
            weight=inquiry.design.get("weight", ""),
            by=[column],
            thresholds=[choice.threshold],
            benefit=inquiry.size,
        )
        made.append(_named(found.filter(pc.not_equal(found["group"], "")), name, lang))
    return pa.concat_tables(made).combine_chunks() if made else choice.consequences.slice(0, 0)


def _named(found: pa.Table, name: Words, lang: Lang) -> pa.Table:
    """Name the groups of a column, its own first; where one is small, neither shows what would betray it."""
    import pyarrow as pa

    others = text("needs_run.others", lang, group=name[lang])
    is_small = any(found["small"].to_pylist())
    rows = [
        {key: None if is_small and key in HIDDEN else value for key, value in row.items()}
        | {"group": name[lang] if row["group"] in TRUE else others, "small": is_small}
        for row in sorted(found.to_pylist(), key=lambda row: row["group"] not in TRUE)
    ]
    return pa.Table.from_pylist(rows, found.schema)


def _listed(
    content: NeedsFolder, model: ScoreModel, choice: Choice, lang: Lang
) -> tuple[dict[str, int], Comparison | None]:
    """List the households that the score or the village names, for a visit and no more."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    area, covariates = content.inquiry.area, content.inquiry.targeting.covariates  # type: ignore[union-attr]
    units = pq.read_table(content.tables["units"], columns=list(dict.fromkeys([KEY, area, *covariates])))
    scored = model.score(units, unit=KEY).append_column("village", units[area])
    low = scored.filter(pc.less_equal(scored["score"], choice.threshold))
    if "appraisal" not in content.tables:
        return {"score": low.num_rows}, None
    named = pq.read_table(content.tables["appraisal"])
    named = named.rename_columns({KEY: "unit", area: "village"})
    both = pc.sum(pc.is_in(low["unit"], named["unit"].combine_chunks())).as_py()
    counts = {"score": low.num_rows, "village": named.num_rows, "both": both}
    counts["either"] = low.num_rows + named.num_rows - both
    return counts, compare_appraisal(low, named, lang=lang)


TRUE = ("1", "1.0", "true", "True")
HIDDEN = (
    "needy_units", "selected_units", "needy", "selected", "exclusion", "inclusion", "coverage", "leakage",
    "under", "over", "differential", "cgh",
)  # fmt: skip
