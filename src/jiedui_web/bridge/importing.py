"""Files of offices taken in: what each heading feeds, what is to be looked into, rows for staging."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypedDict

from jiedui.errors import InputError
from jiedui.registers import read_register
from jiedui.registers.forms import return_workbook
from jiedui.registers.headings import HeadingMap, SavedLine, SavedMap, read_map, write_map
from jiedui.registers.tables import FINDINGS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.registers import Register

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt", ".parquet")
"""What an office may upload."""
FOLDER = "reading-"
"""How the folders begin in which a file is read under its own name."""
LONGEST = 60
SHOWN = ("severity", "register", "file", "sheet", "cell", "zh", "en")


class HeadingLine(TypedDict):
    """One heading of a sheet: the columns it feeds as pairs of register and column, and how it was known."""

    sheet: str
    heading: str
    nth: int
    feeds: list[list[str]]
    reason: str
    score: float
    suggestion: list[str]


class ConfirmedLine(TypedDict):
    """One line of a map that a person confirmed; nothing is fed where register and column are empty."""

    file: str
    sheet: str
    heading: str
    nth: int
    register: str
    column: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file taken in.

    Attributes
    ----------
    findings : pyarrow.Table
        What is to be looked into, with the rows of the headings in its metadata.
    is_refused : bool
        Whether it could not be read at all: the findings say why.
    """

    register: Register
    findings: pa.Table
    headings: tuple[HeadingLine, ...]
    is_refused: bool


def take_file(path: Path, *, name: str, confirmed: Iterable[ConfirmedLine] = ()) -> TakenFile:
    """Take in a stored file; what is wrong with it is a finding, never an exception.

    Parameters
    ----------
    name
        What its owner calls it: findings name it, last month's map is found by it.
    confirmed
        Lines of maps that people confirmed; the later holds.
    """
    lines = [_saved(line) for line in confirmed]
    with _under_own_name(path, name) as own:
        taken = read_register([own], saved=SavedMap(tuple(lines)))
        headings = tuple(_headings(taken.maps, Path(own.parent) / "map.csv"))
    bottoms = {sheet.place.sheet: sheet.bottom for sheet in taken.sheets}
    findings = taken.findings.replace_schema_metadata({"bottoms": json.dumps(bottoms)})
    return TakenFile(taken.register, findings, headings, bool(taken.refused))


def first_findings(findings: pa.Table, most: int) -> list[dict[str, str]]:
    """Give the first findings as plain values, errors before questions before notes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    order = pc.index_in(findings["severity"], pa.array(["error", "question", "note"]))
    first = pc.sort_indices(pa.table({"order": order}), [("order", "ascending")])[:most]
    rows = findings.select(SHOWN).take(first).to_pylist()
    return [{name: str(row[name] or "") for name in SHOWN} for row in rows]


def with_findings(findings: pa.Table, added: Sequence[Mapping[str, object]]) -> pa.Table:
    """Add findings to others."""
    import pyarrow as pa

    return pa.concat_tables([findings, pa.Table.from_pylist(list(added), findings.schema)])


def release_memory() -> None:
    """Give the memory of files that were read back to the system: the worker lives on."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def keep_findings(findings: pa.Table, path: Path) -> None:
    """Keep all findings of a file beside it."""
    from pyarrow import feather

    feather.write_feather(findings, str(path), compression="zstd")


def give_back(path: Path, *, name: str, findings: Path, target: Path, lang: str) -> Mapping[str, str] | None:
    """Write the owner's workbook with what is to be looked into; or give, by language, why it cannot be."""
    from pyarrow import feather

    kept = feather.read_table(str(findings)) if findings.is_file() else FINDINGS.schema().empty_table()
    bottoms = json.loads((kept.schema.metadata or {}).get(b"bottoms", b"{}"))
    with _under_own_name(path, name) as own:
        written = own.parent / target.name
        try:
            return_workbook(own, kept, written, "zh" if lang == "zh" else "en", headings=bottoms)
        except InputError as error:
            return {"zh": error.findings[0].zh, "en": error.findings[0].en}
        written.replace(target)
    return None


@contextmanager
def _under_own_name(path: Path, name: str) -> Iterator[Path]:
    """Give a stored file under the name its owner gave it, in a folder of its own."""
    shown = "".join(sign for sign in Path(name).stem if sign.isprintable() and sign not in '/\\:*?"<>|')
    with TemporaryDirectory(prefix=FOLDER, dir=path.parent) as folder:
        own = Path(folder) / f"{shown.strip('. ')[:LONGEST] or 'file'}{path.suffix}"
        try:
            own.hardlink_to(path)
        except OSError:
            shutil.copyfile(path, own)
        yield own


def _headings(maps: Sequence[HeadingMap], draft: Path) -> Iterator[HeadingLine]:
    """Give the headings as the written map counts them, each once."""
    if not maps:
        return
    write_map(draft, maps)
    counted = iter(read_map(draft).lines)
    for found in maps:
        lines: dict[int, HeadingLine] = {}
        for feed in (feed for feed in found.feeds if feed.heading.strip()):
            nth = next(counted).nth
            line = lines.setdefault(
                feed.position,
                HeadingLine(
                    sheet=found.place.sheet,
                    heading=feed.heading,
                    nth=nth,
                    feeds=[],
                    reason=feed.reason,
                    score=round(feed.score, 2),
                    suggestion=feed.runner_up.split(".") if not feed.is_fed and feed.runner_up else [],
                ),
            )
            if feed.is_fed:
                line["feeds"].append([feed.table, feed.column])
        yield from lines.values()


def _saved(line: ConfirmedLine) -> SavedLine:
    return SavedLine(
        file=line["file"],
        sheet=line["sheet"],
        heading=line["heading"],
        nth=line["nth"],
        table=line["register"],
        column=line["column"],
        who=line["who"],
        when=line["when"],
    )
