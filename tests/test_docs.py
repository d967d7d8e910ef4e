"""The documents say what is: generated pages, links, mirrored languages, figures, glossary, decisions."""

from __future__ import annotations

import csv
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

import jiedui
from jiedui.cli import app
from jiedui.cli.screen import COLUMNS, _cell
from jiedui.language import LANGUAGES, Lang, text
from jiedui.language.catalogue import catalogue
from jiedui.needs import estimates
from jiedui.needs import tables as needs_tables
from jiedui.needs.areas import tables as area_tables
from jiedui.needs.targeting import tables as targeting_tables
from jiedui.programmes import read_folder
from jiedui.programmes import tables as given
from jiedui.programmes.composition import make_setting
from jiedui.programmes.records import Scenario, make_records
from jiedui.programmes.scenarios import places_of, solve_asks
from jiedui.programmes.setting import Setting
from jiedui.registers import tables as register_tables
from jiedui.schemes import Scheme
from jiedui.tables import Table, shared
from jiedui_web.commands.entry import app as site

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PACKAGE = Path(jiedui.__file__).parent
EXAMPLE = ROOT / "examples" / "east_west_2016"
HEAD = [*ROOT.glob("*.md")]
PAGES = [*HEAD, *DOCS.rglob("*.md"), *ROOT.glob("examples/*/*.md")]
QUICK = ("decision", "nearest", "units_relief_1", "places_share", "places_relief_50")
"""Proposals of the example that take well below a second each."""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """Give the text of a page without its code blocks."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def headings(path: Path) -> list[int]:
    return [len(mark) for mark in re.findall(r"^(#+) ", prose(path), flags=re.MULTILINE)]


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", DOCS / "generate_reference.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def reference(name: str, lang: Lang) -> str:
    return (DOCS / lang / "reference" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_is_what_the_generator_writes(lang: Lang) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / lang / "reference").iterdir()}
    assert written == generator().pages(lang), "run .venv/bin/python docs/generate_reference.py"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_stands_in_the_reference(lang: Lang) -> None:
    page = reference("commands", lang)
    group: Any = typer.main.get_command(app)
    add_further = typer.main.get_command(site)
    group.commands |= add_further.commands  # type: ignore[attr-defined]
    named = {f"jiedui {name}": command for name, command in group.commands.items()}
    for outer, command in list(named.items()):
        named |= {f"{outer} {name}": one for name, one in getattr(command, "commands", {}).items()}
    assert len(named) > len(group.commands)
    for name, command in named.items():
        section = page.split(f"## {name}\n")[1].split("\n## ")[0]
        for param in () if hasattr(command, "commands") else command.params:
            told = param.opts[0] if param.param_type_name == "option" else param.name.upper()
            assert param.name == "help" or f"| `{told}` |" in section


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_and_column_stands_in_the_reference(lang: Lang) -> None:
    page = reference("tables", lang)
    modules = (shared, given, estimates, needs_tables, area_tables, targeting_tables)
    tables = [table for module in modules for table in vars(module).values()]
    for table in (table for table in tables if isinstance(table, Table)):
        section = page.split(f"### `{table.name}` {table.words[lang]}\n")[1].split("\n### ")[0]
        assert [
            name for name in table.columns if f"| `{name.name}` | {name.heading(lang)} |" not in section
        ] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_code_that_the_program_names_stands_in_the_reference(lang: Lang) -> None:
    page = reference("errors", lang)
    sources = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    named = set(re.findall(r'finding\(\s*"([\w.]+)"', sources))
    sections = {key.split(".")[0] for key in named}
    codes = named | {key for key in catalogue(lang) if key.split(".")[0] in sections}
    assert len(codes) > len(named)
    assert [code for code in sorted(codes) if f"### `{code}`\n" not in page] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        EXAMPLE / "programme.toml",
        PACKAGE / "programmes" / "programme.toml.txt",
        PACKAGE / "schemes/east_west/scheme.toml",
    ],
    ids=["example", "starter", "scheme"],
)
def test_every_setting_stands_in_the_reference(path: Path, lang: Lang) -> None:
    page = reference("settings", lang)
    assert [key for key in settings_of(path) if f"| `{key}` |" not in page] == []


def settings_of(path: Path) -> set[str]:
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    keys = set(tree) - {"programme"}
    keys |= {f"programme.{key}" for key in tree.get("programme", {})}
    keys |= {f"proposals.{key}" for proposal in tree.get("proposals", []) for key in proposal}
    return keys | {f"values.{key}" for key in tree.get("values", {})}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_of_a_run_stands_in_the_reference(lang: Lang) -> None:
    page = reference("outputs", lang)
    sources = [
        PACKAGE / "publish" / "output.py",
        PACKAGE / "publish" / "maps.py",
        PACKAGE / "programmes" / "writing.py",
    ]
    found = re.findall(
        r'"(\w+\.(?:csv|xlsx|json|svg|html|pdf))"', "".join(path.read_text() for path in sources)
    )
    assert {"report.html", "run.json", "timings.json"} <= set(found)
    names = {*found, *(f"{table.name}.csv" for table in vars(given).values() if isinstance(table, Table))}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_chinese_pages_mirror_english_ones() -> None:
    pages = {
        lang: sorted(path.relative_to(DOCS / lang) for path in (DOCS / lang).rglob("*.md"))
        for lang in LANGUAGES
    }
    assert pages["zh"] == pages["en"]
    unlike = [page for page in pages["en"] if headings(DOCS / "zh" / page) != headings(DOCS / "en" / page)]
    assert unlike == []
    assert headings(ROOT / "README.zh.md") == headings(ROOT / "README.md")


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_every_relative_link_resolves(path: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(path))
    near = [target for target in targets if "://" not in target]
    assert [link for link in near if not resolves(path, link)] == []


def resolves(path: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_every_page_is_reached_from_its_index() -> None:
    for lang in LANGUAGES:
        index = (DOCS / lang / "index.md").read_text(encoding="utf-8")
        pages = [path.relative_to(DOCS / lang).as_posix() for path in (DOCS / lang).rglob("*.md")]
        assert [page for page in pages if page != "index.md" and f"({page})" not in index] == []


def test_the_readmes_are_short() -> None:
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob("README*.md")
    }
    assert set(lengths) == {"README.md", "README.zh.md"}
    assert max(lengths.values()) <= 130


@cache
def solved() -> tuple[Setting, Scheme, tuple[Scenario, ...]]:
    """Solve the quick proposals of the example."""
    folder = read_folder(EXAMPLE)
    programme = replace(folder.programme, asks=tuple(ask for ask in folder.programme.asks if ask.id in QUICK))
    setting = make_setting(folder.tables, scheme=programme.scheme, on=programme.round)
    return setting, programme.scheme, solve_asks(programme, setting, on_step=lambda _: None)


@cache
def shown(lang: Lang) -> dict[str, dict[str, str]]:
    """Give what the terminal shows of the quick proposals, by name and heading."""
    setting, scheme, scenarios = solved()
    quota = places_of(setting, scheme)
    scale = scheme.values["load_scale"].on("2016-12")
    records = make_records(setting, scenarios, scheme=scheme, quota=quota, scale=scale, lang=lang)
    rows: list[dict[str, Any]] = records.tables["comparison"].to_pylist()
    words = {name: text(f"screen.{name}", lang) for name in COLUMNS}
    return {row["name"]: {words[name]: _cell(name, row[name], lang) for name in COLUMNS} for row in rows}


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Every row of the Markdown tables of a page, by the heading of its column."""
    heading: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heading = []
        elif not heading:
            heading = cells
        else:
            yield dict(zip(heading, cells, strict=True))


@pytest.mark.parametrize(
    ("page", "lang"),
    [
        ("README.md", "en"),
        ("README.zh.md", "zh"),
        ("docs/en/tutorial/east_west_2016.md", "en"),
        ("docs/zh/tutorial/east_west_2016.md", "zh"),
    ],
)
def test_the_figures_of_the_comparison_are_those_of_the_example(page: str, lang: Lang) -> None:
    expected = shown(lang)
    quoted = [row for row in rows_of(ROOT / page) if next(iter(row.values())) in expected]
    assert len(quoted) >= 4
    for row in quoted:
        name, *cells = row.items()
        assert dict(cells) == {heading: expected[name[1]][heading] for heading, _ in cells}


def glossary() -> list[dict[str, str]]:
    with (DOCS / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_glossary_is_well_formed() -> None:
    rows = glossary()
    assert len(rows) >= 60
    assert all(list(row) == ["zh", "pinyin", "en", "meaning", "source"] for row in rows)
    assert [row for row in rows if not all(cell and cell == cell.strip() for cell in row.values())] == []


@pytest.mark.parametrize("column", ["zh", "en"])
def test_the_glossary_has_no_word_twice(column: str) -> None:
    words = [row[column].casefold() for row in glossary()]
    assert sorted(words) == sorted(set(words))


def test_the_glossary_spells_each_syllable_of_its_chinese() -> None:
    signs = re.compile(r"[一-鿿]")
    unlike = [row for row in glossary() if len(signs.findall(row["zh"])) != len(row["pinyin"].split())]
    assert unlike == []
    assert all(re.fullmatch(r"[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü ]+", row["pinyin"]) for row in glossary())


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").iterdir()), ids=lambda path: path.stem)
def test_a_decision_is_short_and_has_its_three_parts(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    number = int(re.match(r"(\d{4})-[a-z-]+\.md$", path.name)[1])  # type: ignore[index]
    assert len(lines) <= 40
    assert lines[0].startswith(f"# {number}. ")
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequences",
    ]


def test_no_file_names_the_address_of_a_package_registry() -> None:
    address = re.compile(
        r"https?://[^\s\"')]*(?:py" + r"pi|python" + r"hosted|npm" + r"js|/sim" + r"ple/)", re.IGNORECASE
    )
    assert [
        relative(path)
        for path in text_files()
        if address.search(path.read_text(encoding="utf-8", errors="replace"))
    ] == []


def text_files() -> Iterator[Path]:
    """Give the project's own texts, generated folders apart."""
    left_out = {"out", "dist", "build", "__pycache__", "node_modules", "jiedui-site"}
    endings = {
        ".py", ".md", ".toml", ".lock", ".csv", ".cff", ".txt", ".j2", ".css", ".typ", ".svg", ".html",
        ".js", ".json", "",
    }  # fmt: skip
    tops = [top for top in ROOT.iterdir() if top.name == ".ci" or not top.name.startswith(".")]
    for top in (top for top in tops if top.name not in left_out):
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and path.suffix in endings and not left_out & set(path.parts):
                yield path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_the_registers_stands_in_the_reference(lang: Lang) -> None:
    page = reference("registers", lang)
    tables = [*register_tables.REGISTERS, register_tables.CORRECTIONS, register_tables.FINDINGS]
    for table in tables:
        section = page.split(f"### `{table.name}` {table.words[lang]}\n")[1].split("\n### ")[0]
        assert [one.name for one in table.columns if f"| `{one.name}` |" not in section] == []
        assert [name for one in table.columns for name in one.aliases if name not in section] == []
