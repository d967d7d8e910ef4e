"""Files of offices taken into one register: read, mended, their headings matched, their cells typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.registers.damaged import repair_table
from jiedui.registers.damaged.changes import masked
from jiedui.registers.damaged.report import visible
from jiedui.registers.files import Sheet, read_sheets
from jiedui.registers.headings import HeadingMap, SavedMap, match_headings
from jiedui.registers.intake import take_in
from jiedui.registers.intake.reports import general_rows
from jiedui.registers.register import Register
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

REPAIRS = Table(
    "repairs",
    {"zh": "文字修复", "en": "repairs of text"},
    (
        Column("file", "text", {"zh": "文件", "en": "file"}),
        Column("sheet", "text", {"zh": "工作表", "en": "sheet"}, required=False),
        Column("cell", "text", {"zh": "单元格", "en": "cell"}, required=False),
        Column("was", "text", {"zh": "原文", "en": "was"}),
        Column("now", "text", {"zh": "改为", "en": "now"}, required=False),
        Column("kind", "text", {"zh": "类别", "en": "kind"}),
    ),
    key=("file", "sheet", "cell", "was", "kind"),
)


@dataclass(frozen=True, slots=True)
class Intake:
    """Files taken into one register.

    Attributes
    ----------
    findings : pyarrow.Table
        As ``FINDINGS``: of files that could not be read, sheets, headings and cells.
    sheets : tuple of Sheet
        As read and mended, in the order of ``register.sources``.
    maps : tuple of HeadingMap
        What each heading feeds, sheet by sheet: to be confirmed, saved and used again next month.
    extras : tuple of pyarrow.Table
        By sheet, the columns nobody knows, as they came.
    tidying, repairs : pyarrow.Table
        As ``TIDYING`` and `REPAIRS`: what was changed on the way, and how. Repairs show long numbers starred.
    refused : tuple of Path
        Files that could not be read.
    """

    register: Register
    findings: pa.Table
    sheets: tuple[Sheet, ...]
    maps: tuple[HeadingMap, ...]
    extras: tuple[pa.Table, ...]
    tidying: pa.Table
    repairs: pa.Table
    refused: tuple[Path, ...]

    def problems(self) -> tuple[Finding, ...]:
        """Give what keeps cells or files from being used."""
        rows = self.findings.select(["rule", "severity", "zh", "en", "file", "sheet", "cell"]).to_pylist()
        return tuple(
            Finding(**{name: row[name] or "" for name in row if name != "severity"})
            for row in rows
            if row["severity"] == "error"
        )


def read_register(
    files: Iterable[Path], *, saved: SavedMap | None = None, on_file: Callable[[Path], None] = lambda _: None
) -> Intake:
    r"""Take files of offices into one register; a file that cannot be read does not stop the others.

    Parameters
    ----------
    saved : SavedMap, optional
        The headings a person confirmed.
    on_file
        Hears of each file before it is read.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "户.csv"
    >>> _ = path.write_text("户号,户主,家庭人口\n1001,张三,３\n", encoding="gb18030")
    >>> taken = read_register([path])
    >>> taken.register.tables["households"].select(["household", "head", "size"]).to_pylist()
    [{'household': '1001', 'head': '张三', 'size': 3}]
    """
    import pyarrow as pa

    sheets: list[Sheet] = []
    findings: list[pa.Table] = []
    repairs: list[dict[str, str]] = []
    refused: list[Path] = []
    for path in files:
        on_file(path)
        try:
            read = read_sheets(path)
        except InputError as error:
            findings.append(general_rows(error.findings, "error", ""))
            refused.append(path)
            continue
        for sheet in read:
            mended, found, changed = _mend(sheet)
            sheets.append(mended)
            findings.append(found)
            repairs += changed
    maps = tuple(match_headings(sheet, saved=saved) for sheet in sheets)
    taken = take_in(sheets, maps)
    findings.append(general_rows(_strangers(maps), "question", ""))
    return Intake(
        register=taken.register,
        findings=pa.concat_tables([*findings, taken.findings]),
        sheets=tuple(sheets),
        maps=maps,
        extras=taken.extras,
        tidying=taken.changes,
        repairs=pa.Table.from_pylist(repairs, REPAIRS.schema()),
        refused=tuple(refused),
    )


def _strangers(maps: Iterable[HeadingMap]) -> list[Finding]:
    """Ask about each file of which no sheet is for any table: nothing of it was taken in."""
    files: dict[str, list[HeadingMap]] = {}
    for one in maps:
        files.setdefault(one.place.file, []).append(one)
    return [
        finding("headings.file_unknown", file=file)
        for file, found in files.items()
        if not any(one.tables or one.questions for one in found)
    ]


def _mend(sheet: Sheet) -> tuple[Sheet, pa.Table, Sequence[dict[str, str]]]:
    """Repair the texts of a sheet; give it, what is asked, and each change."""
    repaired = repair_table(sheet)
    file, name = sheet.place.file, sheet.place.sheet
    asked = [question.finding(file=file, sheet=name) for question in repaired.questions]
    changed = [
        {
            "file": file,
            "sheet": name,
            "cell": one.where,
            "was": visible(masked(str(one.was))),
            "now": visible(masked(str(one.now))),
            "kind": one.kind,
        }
        for one in repaired.changes
    ]
    return repaired.table, general_rows(asked, "question", ""), changed
