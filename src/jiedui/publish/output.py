"""The files of a publication, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jiedui.language import Lang, Words
from jiedui.publish.flat import write_codebook, write_csv, write_parquet, write_run
from jiedui.publish.maps import draw_maps
from jiedui.publish.publication import Publication
from jiedui.publish.report import render_report
from jiedui.publish.typesetting import typeset
from jiedui.publish.workbook import write_workbook


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes
    ----------
    files : tuple of Path
        Every file that may be passed on, in the order of writing.
    notes : tuple of Words
        What was left out, why, and how to get it.
    office : tuple of Path
        Files for the office itself, not for publication, in a folder of their own.
    """

    files: tuple[Path, ...]
    notes: tuple[Words, ...] = ()
    office: tuple[Path, ...] = ()


def write(publication: Publication, folder: Path, lang: Lang) -> Written:
    """Write every file of a publication into an existing, empty folder.

    The same publication gives the same bytes. Making the folder appear whole or not at all is the
    caller's part.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written to.
    """
    files = [*_write_tables(publication, folder, lang), *_write_records(publication, folder, lang)]
    maps = draw_maps(publication, lang)
    for name, drawing in maps.items():
        files.append(folder / name)
        files[-1].write_text(drawing, encoding="utf-8", newline="\n")
    note = typeset(publication, folder / "report.pdf", lang=lang, maps=maps)
    if note is None:
        files.append(folder / "report.pdf")
    page = folder / "report.html"
    names = [file.name for file in files]
    page.write_text(render_report(publication, lang, maps=maps, files=names), encoding="utf-8", newline="\n")
    office = _write_office(publication, folder / "office")
    return Written((*files, page), () if note is None else (note,), tuple(office))


def _write_office(publication: Publication, folder: Path) -> list[Path]:
    """Write what is not for publication into a folder of its own."""
    import pyarrow.parquet as pq

    files = []
    for name, table in publication.office.items():
        folder.mkdir(exist_ok=True)
        files.append(folder / f"{name}.parquet")
        pq.write_table(table, files[-1], compression="zstd")
    return files


def _write_tables(publication: Publication, folder: Path, lang: Lang) -> list[Path]:
    files = []
    for name, table in publication.tables.items():
        declaration = publication.declarations[name]
        files += [folder / f"{name}.csv", folder / f"{name}.parquet"]
        write_csv(files[-2], table, declaration=declaration, lang=lang)
        write_parquet(files[-1], table, declaration=declaration)
    return files


def _write_records(publication: Publication, folder: Path, lang: Lang) -> list[Path]:
    workbook = "pairs.xlsx" if "pairs" in publication.tables else "counties.xlsx"
    files = [folder / "codebook.csv", folder / workbook, folder / "run.json"]
    write_codebook(files[0], [publication.declarations[name] for name in publication.tables], lang)
    write_workbook(files[1], publication, lang)
    write_run(files[2], publication.run)
    return files
