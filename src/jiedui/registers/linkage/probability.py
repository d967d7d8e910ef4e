"""Links by probability, where keys fail: splink learns how much each agreement is worth and weighs it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from jiedui.registers.linkage.comparisons import ALIKE, COMPARISONS
from jiedui.registers.linkage.judgement import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from jiedui.registers.linkage.comparisons import Comparison
    from jiedui.registers.linkage.linked import Limits

SAMPLED_PAIRS = 1e6
"""Random pairs from which the model learns what agrees by chance."""
LEARNING_PAIRS = 2e5
SMALLEST_CHANCE = 1e-6
"""Agreement on a rare name counts for no more than one in a million."""
SMALLEST = {"m_probability": 0.002, "u_probability": 1e-7}
FOUND_BY = 0.9
"""Share of the pairs of one person that have an equal ID number: a guess, to start from."""
OPEN = "(l.proved IS NULL OR r.proved IS NULL) AND coalesce(l.whole <> r.whole, true)"
LIKELY = "l.spelling = r.spelling AND l.born = r.born AND (l.proved IS NULL OR r.proved IS NULL)"
BLOCKS = (
    "l.spelling = r.spelling AND l.village = r.village",
    "l.spelling = r.spelling AND l.born = r.born",
    "l.spelling = r.spelling AND l.phone = r.phone",
    "l.spelling = r.spelling AND right(l.number, 4) = right(r.number, 4)",
    "l.spelling = r.spelling AND left(l.number, 10) = left(r.number, 10)",
    "l.sound = r.sound AND l.born = r.born",
    "l.sound = r.sound AND l.village = r.village",
    "l.sound = r.sound AND right(l.number, 4) = right(r.number, 4)",
    "l.shape = r.shape AND l.born = r.born",
    "l.household = r.household",
    "l.born = r.born AND l.village = r.village",
    "left(l.number, 14) = left(r.number, 14)",
)
"""Pairs worth comparing agree on one of these; so many pairs are never looked at."""


def can_weigh() -> bool:
    """Tell whether the optional part that weighs probabilities is installed."""
    return find_spec("splink") is not None


def link_by_probability(base: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the table ``by_probability`` of links between records of the table ``keyed``.

    Only pairs of which one has no right ID number are weighed: two right numbers speak for themselves.
    Columns as ``by_key``, and ``score``.
    """
    with _silence():
        _weigh(base, limits)
    judge(base, limits)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep splink's progress messages from the user's screen."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _weigh(base: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Learn the model and make the table ``weighed``."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="position",
        comparisons=[_comparison(one) for one in COMPARISONS],
        blocking_rules_to_generate_predictions=[f"{block} AND {OPEN}" for block in BLOCKS],
        probability_two_random_records_match=_chance(base),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=base)
    records = api.register("keyed")
    linker = Linker(records, settings, log_level=None, validate_settings=False)
    if _labelled(base) >= limits.learnt_from:
        _learn(linker, limits)
        model = _without_certainty(linker.misc.save_model_to_json())
        linker = Linker(records, model, log_level=None, validate_settings=False)
    found = linker.inference.predict(threshold_match_probability=limits.decide)
    base.execute(f"CREATE TABLE weighed AS SELECT * FROM {found.physical_name}")


def _learn(linker: object, limits: Limits) -> None:
    """Learn from random pairs, from pairs of equal ID number, and about wrong numbers from likely pairs."""
    training = linker.training  # type: ignore[attr-defined]
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=limits.seed, num_chunks=4)
    for block in ("l.number = r.number", LIKELY):
        training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True, max_pairs=LEARNING_PAIRS
        )


def _without_certainty(model: dict[str, list[dict[str, list[dict[str, float]]]]]) -> dict[str, object]:
    """Raise what was never seen while learning to a small chance: it may still happen."""
    levels = (level for comparison in model["comparisons"] for level in comparison["comparison_levels"])
    for level in levels:
        for side, smallest in SMALLEST.items():
            if side in level:
                level[side] = max(level[side], smallest)
    return dict(model)


def _labelled(base: duckdb.DuckDBPyConnection) -> int:
    return int(
        base.sql("SELECT count(*) FROM by_key WHERE way = 'id_number' AND status = 'linked'").fetchall()[0][0]
    )


def _chance(base: duckdb.DuckDBPyConnection) -> float:
    """Give the chance that two records taken at random are of one person."""
    records = int(base.sql("SELECT count(*) FROM keyed").fetchall()[0][0])
    pairs = max(1, records * (records - 1) // 2)
    return min(0.1, max(1.0, _labelled(base)) / FOUND_BY / pairs)


def _comparison(told: Comparison) -> object:
    from splink import comparison_level_library as levels
    from splink import comparison_library as comparisons

    made = [levels.CustomLevel(told.null, "absent").configure(is_null_level=True)]
    for level in told.levels:
        one = levels.CustomLevel(level.condition, level.name) if level.condition else levels.ElseLevel()
        is_rare = told.rare and level.name in ALIKE[:2]
        rare = {"tf_adjustment_column": told.rare, "tf_minimum_u_value": SMALLEST_CHANCE} if is_rare else {}
        made.append(one.configure(m_probability=level.m, u_probability=level.u, **rare))
    return comparisons.CustomComparison(made, output_column_name=told.name)
