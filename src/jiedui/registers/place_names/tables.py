"""What a table of places holds: codes and names with their validity, parents, successors."""

from __future__ import annotations

from jiedui.tables import Column, Table

LEVELS = ("province", "prefecture", "county", "township", "village", "group")
"""From the whole down to the villagers' group (村民组)."""
COUNTY, TOWNSHIP, VILLAGE, GROUP = LEVELS[2:]
LIST_MARKS = "、,;，；|"
"""What stands between several successors or aliases in one cell."""


def _text(name: str, zh: str, en: str, *, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", {"zh": zh, "en": en}, required=False, choices=choices)


def _year(name: str, zh: str, en: str) -> Column:
    return Column(name, "date", {"zh": zh, "en": en}, required=False)


KNOWN_PLACES = Table(
    "known_places",
    {"zh": "区划代码与名称", "en": "place codes and names"},
    (
        Column("code", "text", {"zh": "区划代码", "en": "place code"}),
        Column("name", "text", {"zh": "名称", "en": "name"}),
        _text("level", "层级", "level", choices=LEVELS),
        _text("parent", "上级代码", "code of the parent"),
        _year("valid_from", "起始日期", "valid from"),
        _year("valid_to", "终止日期", "valid to"),
        _text("successor", "后继代码", "successor codes"),
        _text("aliases", "别名", "other names"),
    ),
    key=("code", "valid_from"),
)
"""One row a state of a place. Six digits (GB/T 2260), nine (with GB/T 10114), twelve (statistics), 14 or 15
(villagers' groups); ending zeros may stand or not. Level and parent follow from the code where they are
not given. A place that ended has ``valid_to``; what follows it stands in ``successor``. Bounds are included.
"""
