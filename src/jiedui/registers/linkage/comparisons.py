"""How two records are compared: for each property its levels of agreement, best first, as SQL.

Every condition is the same when left and right change places. ``m`` and ``u`` are how often a level is seen
between records of one person and between records of two; they are where learning starts, and what holds in
registers too small to learn from. They were learnt on invented registers.
"""

from __future__ import annotations

from dataclasses import dataclass

BOTH_PARTED = "(family_l = 'interpunct' AND family_r = 'interpunct')"
BOTH_HAN = "(family_l <> 'interpunct' AND family_r <> 'interpunct')"
SAME_END = "(left(spelling_l, 1) = left(spelling_r, 1) OR right(spelling_l, 1) = right(spelling_r, 1))"
"""Cheap to try, and true of all names with one edit."""
NEARBY = "(substr(number_l, 7, 4) = substr(number_r, 7, 4) OR right(number_l, 6) = right(number_r, 6))"
"""Cheap to try, and true of nearly all numbers with two wrong digits."""
WHOLE_DAY = len("2016-05-01")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement."""

    name: str
    condition: str
    m: float
    u: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One property, absent where `null` holds, and the column whose rare values count more."""

    name: str
    null: str
    levels: tuple[Level, ...]
    rare: str = ""

    def level(self) -> str:
        """Write the SQL that gives the name of the level, null where a value is absent."""
        cases = " ".join(f"WHEN {level.condition} THEN '{level.name}'" for level in self.levels[:-1])
        return f"CASE WHEN {self.null} THEN NULL {cases} ELSE '{self.levels[-1].name}' END"


NAME = Comparison(
    "name",
    "form_l IS NULL OR form_r IS NULL",
    (
        Level("exact", "form_l = form_r", 0.93, 3e-4),
        Level("spelling", "spelling_l = spelling_r", 0.012, 2e-5),
        Level(
            "sound",
            "length(spelling_l) = length(spelling_r) AND list_has_any(sounds_l, sounds_r)",
            0.018,
            3e-4,
        ),
        Level("shape", "shape_l = shape_r", 0.005, 2e-5),
        Level(
            "short",
            f"{BOTH_HAN} AND {SAME_END} AND abs(length(form_l) - length(form_r)) = 1 "
            "AND levenshtein(form_l, form_r) = 1",
            0.008,
            1e-3,
        ),
        Level(
            "part",
            f"{BOTH_PARTED} AND len(list_intersect(parts_l, parts_r)) = least(len(parts_l), len(parts_r))",
            0.003,
            1e-3,
        ),
        Level(
            "variant",
            f"{BOTH_PARTED} AND {SAME_END} AND levenshtein(spelling_l, spelling_r) <= "
            "CASE WHEN greatest(length(spelling_l), length(spelling_r)) > 4 THEN 2 ELSE 1 END",
            0.01,
            1e-3,
        ),
        Level(
            "near",
            f"family_l = 'han_3' AND family_r = 'han_3' AND {SAME_END} AND length(form_l) = length(form_r) "
            "AND levenshtein(form_l, form_r) = 1",
            0.006,
            5e-3,
        ),
        Level("other", "", 0.008, 0.99),
    ),
    rare="spelling",
)
NUMBER = Comparison(
    "number",
    "number_l IS NULL OR number_r IS NULL",
    (
        Level("equal", "number_l = number_r", 0.02, 1e-7),
        Level("one", f"{NEARBY} AND damerau_levenshtein(number_l, number_r) = 1", 0.6, 1e-6),
        Level("two", f"{NEARBY} AND damerau_levenshtein(number_l, number_r) = 2", 0.3, 1e-5),
        Level("born", "left(number_l, 14) = left(number_r, 14)", 0.03, 5e-5),
        Level("last", "right(number_l, 4) = right(number_r, 4)", 0.02, 1e-4),
        Level("other", "", 0.03, 0.9998),
    ),
)
BORN = Comparison(
    "born",
    "born_l IS NULL OR born_r IS NULL",
    (
        Level("equal", f"born_l = born_r AND length(born_l) = {WHOLE_DAY}", 0.93, 6e-5),
        Level(
            "swapped",
            "left(born_l, 4) = left(born_r, 4) AND substr(born_l, 6, 2) = substr(born_r, 9, 2) "
            "AND substr(born_l, 9, 2) = substr(born_r, 6, 2)",
            0.01,
            2e-5,
        ),
        Level(
            "near",
            f"levenshtein(born_l, born_r) = 1 AND length(born_l) = {WHOLE_DAY} "
            f"OR right(born_l, 6) = right(born_r, 6) AND length(born_l) = {WHOLE_DAY} "
            "AND abs(TRY_CAST(left(born_l, 4) AS INT) - TRY_CAST(left(born_r, 4) AS INT)) <= 1",
            0.01,
            5e-4,
        ),
        Level("known", "starts_with(born_l, born_r) OR starts_with(born_r, born_l)", 0.02, 1e-3),
        Level("year", "left(born_l, 4) = left(born_r, 4)", 0.015, 0.014),
        Level("other", "", 0.015, 0.984),
    ),
)


def _same(name: str, column: str, m: float, u: float, rare: str = "") -> Comparison:
    levels = (Level("equal", f"{column}_l = {column}_r", m, u), Level("other", "", 1 - m, 1 - u))
    return Comparison(name, f"{column}_l IS NULL OR {column}_r IS NULL", levels, rare)


COMPARISONS = (
    NAME,
    NUMBER,
    BORN,
    _same("sex", "sex", 0.99, 0.5),
    _same("village", "village", 0.97, 0.01),
    _same("household", "household", 0.93, 5e-5),
    _same("phone", "phone", 0.9, 2e-4),
)
ALIKE = ("exact", "spelling", "sound", "shape", "short")
"""Levels at which two names may be one without further proof."""
COMPATIBLE = (*ALIKE, "part", "variant")
"""Levels at which two names do not speak against an equal ID number."""
ARE_MEMBERS = """coalesce(l.register = r.register AND l._source = r._source AND l.household = r.household
    AND l.form <> r.form, false)"""
"""Two rows of one household in one sheet with different names: members, such as twins, not one person."""
