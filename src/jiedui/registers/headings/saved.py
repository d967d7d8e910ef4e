"""The map of headings as a small file that a person reviews, used again for next month's files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jiedui.errors import Finding, InputError
from jiedui.language import LANGUAGES, Lang
from jiedui.registers.files import Sheet
from jiedui.registers.headings.labels import key, read_label
from jiedui.registers.headings.maps import Feed, HeadingMap
from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column, Reading, Table, read_table

MAPPING = Table(
    "mapping",
    {"zh": "表头对照表", "en": "map of headings"},
    (
        Column("file", "text", {"zh": "文件", "en": "file"}),
        Column("sheet", "text", {"zh": "工作表", "en": "sheet"}, required=False),
        Column("heading", "text", {"zh": "表头", "en": "heading"}),
        Column("nth", "integer", {"zh": "第几个", "en": "which of equal headings"}, at_least=1),
        Column("table", "text", {"zh": "表", "en": "table"}, required=False),
        Column("column", "text", {"zh": "字段", "en": "column"}, required=False),
        Column("reason", "text", {"zh": "依据", "en": "reason"}, required=False),
        Column("score", "number", {"zh": "相似度", "en": "likeness"}, required=False, at_least=0, at_most=1),
        Column("runner_up", "text", {"zh": "建议或次选", "en": "suggestion or runner-up"}, required=False),
        Column("who", "text", {"zh": "确认人", "en": "confirmed by"}, required=False),
        Column("when", "date", {"zh": "确认日期", "en": "confirmed on"}, required=False),
    ),
    key=("file", "sheet", "heading", "nth", "table", "column"),
)
NARROW = {0xFF10 + digit: ord("0") + digit for digit in range(10)}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CHANGING = re.compile("[0-9]|[一二三四五六七八九十]+月")
"""What changes in a name from month to month."""


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One line of the file: what a heading feeds; nothing where table and column are empty."""

    file: str
    sheet: str
    heading: str
    nth: int
    table: str
    column: str
    who: str = ""
    when: str = ""

    @property
    def binds(self) -> bool:
        """Whether it decides: it names a column, or a person confirmed that none is fed."""
        return bool(self.column or self.who)


@dataclass(frozen=True, slots=True)
class SavedMap:
    """All lines of the file; of two that differ the later holds, a person's before any other."""

    lines: tuple[SavedLine, ...]

    def lines_for(self, sheet: Sheet) -> Mapping[tuple[str, int], tuple[SavedLine, ...]]:
        """Give the lines for a sheet by heading and number among equal ones.

        They are found by the names of file and sheet, whatever digits stand in them, or else by the same
        headings in any order.
        """
        names = (signature(sheet.place.file), signature(sheet.place.sheet))
        named = [line for line in self.lines if (signature(line.file), signature(line.sheet)) == names]
        return _by_heading(named or self._like(sheet))

    def _like(self, sheet: Sheet) -> list[SavedLine]:
        """Give the lines of the last sheet that had the same headings."""
        origins: dict[tuple[str, str], list[SavedLine]] = {}
        for line in self.lines:
            origins.setdefault((line.file, line.sheet), []).append(line)
        wanted = {identity for identity, _ in numbered(sheet.headings)}
        same = [lines for lines in origins.values() if {identify(line.heading) for line in lines} == wanted]
        return same[-1] if same else []


def identify(heading: str) -> str:
    """Give the form in which a heading is met again."""
    return "/".join(read_label(heading).full)


def numbered(headings: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Give each heading as it is met again, with its number among equal ones, from 1."""
    seen: dict[str, int] = {}
    for heading in headings:
        identity = identify(heading)
        seen[identity] = seen.get(identity, 0) + 1
        yield identity, seen[identity]


def signature(name: str) -> str:
    """Give what stays of the name of a file or sheet from month to month.

    Examples
    --------
    >>> signature("监测对象信息202405 (1).xlsx") == signature("监测对象信息2024-06.xlsx")
    True
    """
    return key(CHANGING.sub("", Path(name).name))


def write_map(
    path: Path, maps: Iterable[HeadingMap], *, lang: Lang = "zh", by: str = "", on: str = ""
) -> None:
    """Write the maps of sheets as a csv that a person can review: one line for each heading and table.

    Parameters
    ----------
    path : Path
        The file; one that exists is replaced.
    by, on : str
        Who confirmed the lines and when; empty for a draft. A line confirmed before keeps who and when.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.words[lang] for column in MAPPING.columns])
        for heading_map in maps:
            counted = _counted(heading_map)
            for feed in filter(lambda feed: feed.heading.strip(), heading_map.feeds):
                line = (heading_map.place.file, heading_map.place.sheet, feed.heading, counted[feed.position])
                signed = (feed.who, feed.when) if feed.who else (by, on)
                writer.writerow(
                    [_safe(str(cell)) for cell in (*line, *_target(feed, lang), *_why(feed), *signed)]
                )


def read_map(path: Path) -> SavedMap:
    r"""Read the map of headings.

    Raises
    ------
    InputError
        If a cell does not fit, or a table or column is not known: all findings, with their cells.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "mapping.csv"
    >>> lines = "文件,表头,第几个,表,字段,确认人\na.csv,人均,1,户,人均纯收入,甲\n"
    >>> _ = path.write_text(lines, encoding="utf-8")
    >>> read_map(path).lines[0].column
    'income_per_head'
    """
    reading = read_table(path, MAPPING, needed=("table", "column"))
    lines, findings = [], []
    for row, cells in enumerate(reading.table.to_pylist()):
        table, column, wrong = _resolved(reading, row, cells)
        findings.extend(wrong)
        texts = {name: (cells[name] or "").removeprefix("'") for name in ("file", "sheet", "heading", "who")}
        lines.append(
            SavedLine(**texts, nth=cells["nth"], table=table, column=column, when=cells["when"] or "")
        )
    if findings:
        raise InputError(findings)
    return SavedMap(tuple(lines))


def _by_heading(lines: Iterable[SavedLine]) -> dict[tuple[str, int], tuple[SavedLine, ...]]:
    """Keep, for each heading, the lines of one sheet: the last one, a confirmed one before any other."""
    origins: dict[tuple[str, int], dict[tuple[str, str], list[SavedLine]]] = {}
    for line in lines:
        heading = (identify(line.heading), line.nth)
        origins.setdefault(heading, {}).setdefault((line.file, line.sheet), []).append(line)
    return {
        heading: tuple(max(enumerate(found.values()), key=lambda item: (_is_confirmed(item[1]), item[0]))[1])
        for heading, found in origins.items()
    }


def _is_confirmed(lines: Iterable[SavedLine]) -> bool:
    return any(line.who for line in lines)


def _counted(heading_map: HeadingMap) -> dict[int, int]:
    """Give, for each column of a sheet, the number of its heading among equal ones."""
    headings = {feed.position: feed.heading for feed in heading_map.feeds}
    return {position: nth for position, (_, nth) in zip(headings, numbered(headings.values()), strict=True)}


def _target(feed: Feed, lang: Lang) -> tuple[str, str]:
    """Write table and column in words."""
    for table in REGISTERS:
        if feed.is_fed and table.name == feed.table:
            return table.words[lang], table.column(feed.column).words[lang]
    return feed.table, feed.column


def _why(feed: Feed) -> tuple[str, str, str]:
    return feed.reason, f"{feed.score:.2f}" if feed.score else "", feed.runner_up


def _safe(cell: str) -> str:
    """Give a text that a spreadsheet takes for no formula and `read_map` takes back."""
    shown = "".join(sign if sign.isprintable() else " " for sign in cell).translate(NARROW)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def _resolved(reading: Reading, row: int, cells: Mapping[str, str | None]) -> tuple[str, str, list[Finding]]:
    """Find table and column by name or words."""
    told_table, told_column = cells["table"] or "", cells["column"] or ""
    if not (told_table or told_column):
        return "", "", []
    table = next((table for table in REGISTERS if told_table in (table.name, *table.words.values())), None)
    if table is None:
        known = {lang: _listed(table.words[lang] for table in REGISTERS) for lang in LANGUAGES}
        return "", "", [reading.finding("headings.map_table", row, "table", found=told_table, allowed=known)]
    for column in table.columns:
        if told_column in (column.name, *column.words.values()):
            return table.name, column.name, []
    known = {lang: _listed(column.words[lang] for column in table.columns) for lang in LANGUAGES}
    wrong = reading.finding(
        "headings.map_column", row, "column", found=told_column, table=table.words, allowed=known
    )
    return "", "", [wrong]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
