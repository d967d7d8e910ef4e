"""Cadres and households: sums by county for everybody, pairs for the office, the best within each county."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Lang
from jiedui.pairs.parts import pair_by_part
from jiedui.programmes import PartRun, publish_run, read_folder, run_folder, run_programme
from jiedui.programmes.part_figures import FEW, Choice, best_choice, faults, figures, make_market
from jiedui.schemes import load_scheme

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "household"
SCHEMES = ROOT / "src" / "jiedui" / "schemes"
CASES = 60


@cache
def run(lang: Lang = "zh") -> PartRun:
    made = run_programme(EXAMPLE, lang=lang)
    assert isinstance(made, PartRun)
    return made


@pytest.fixture(scope="module", params=LANGUAGES)
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("household") / "out"
    publish_run(run(request.param), target)
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("out", "*.py")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "household", ignore=ignored))


def rows(table: str, proposal: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run().records.tables[table].to_pylist()
    return [row for row in found if row["proposal"] == proposal]


@cache
def generator() -> ModuleType:
    """Load the script; its dataclasses look their module up by name."""
    spec = importlib.util.spec_from_file_location("household_tables", EXAMPLE / "make_tables.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def text_of(path: Path) -> str:
    """Give all that can be read in a file."""
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pydict())
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "".join(book.read(name).decode("utf-8") for name in book.namelist())
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return "".join(page.extract_text() for page in PdfReader(path).pages)
    return path.read_text(encoding="utf-8-sig")


def test_the_tables_of_the_example_are_made_anew_from_their_seed(tmp_path: Path) -> None:
    generator().make_tables(tmp_path, households=2000, seed=1, county_households=400, is_programme=True)
    assert pq.read_table(tmp_path / "candidates.parquet").equals(
        pq.read_table(EXAMPLE / "candidates.parquet")
    )
    assert (tmp_path / "parts.csv").read_bytes() == (EXAMPLE / "parts.csv").read_bytes()
    assert (EXAMPLE / "candidates.parquet").stat().st_size < 300_000


def test_the_best_within_each_county_serves_more_and_goes_beyond_no_places() -> None:
    (present,), (best,) = rows("comparison", "present"), rows("comparison", "by_county")
    assert (present["recipients"], present["helpers"], present["places"]) == (2000, 476, 2380)
    assert (present["unserved"], best["unserved"]) == (173, 20)
    assert (present["kept"], best["kept"]) == (1827, 1526)
    assert present["over_places"] > best["over_places"] == 0
    assert best["most_per_helper"] == 5
    assert best["mean_km"] < present["mean_km"]
    assert run().faults == []
    assert run().folder.notes == ()


def test_each_county_has_its_row_and_the_short_one_its_shortage() -> None:
    found = rows("counties", "by_county")
    assert [row["part"] for row in found] == [f"C000{one}" for one in range(5)]
    assert [row["unserved"] for row in found] == [0, 0, 0, 20, 0]
    assert found[3]["recipients"] - found[3]["places"] == 20
    (whole,) = rows("comparison", "by_county")
    for name in ("recipients", "unserved", "kept"):
        assert sum(row[name] for row in found) == whole[name]


def test_the_shortage_is_told_by_county_and_number(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    assert ("示例四县：400 户中，20 户安排不到" in page) or ("Example County 4: 20 of 400 households" in page)
    assert page.count('<details class="proposal" open>') == 2


def test_no_household_and_no_cadre_stands_in_any_file_but_the_offices_own(out: Path) -> None:
    candidates = pq.read_table(EXAMPLE / "candidates.parquet")
    ids = {*candidates["recipient"].to_pylist(), *candidates["helper"].to_pylist()}
    files = [path for path in out.rglob("*") if path.is_file()]
    apart = [path for path in files if path.parent.name == "office"]
    assert [path.name for path in apart] == ["pairs.parquet"]
    endings = {path.suffix for path in files}
    assert {".html", ".svg", ".pdf", ".xlsx", ".csv", ".parquet", ".json"} == endings
    for path in set(files) - set(apart):
        text = text_of(path)
        assert "C0000-" not in text, path.name
        assert not [one for one in ids if one in text], path.name


def test_the_list_for_the_office_names_every_household_once_and_scores_nobody(out: Path) -> None:
    pairs = pq.read_table(out / "office" / "pairs.parquet")
    assert pairs.column_names == ["proposal", "part", "recipient", "helper", "status"]
    best = pairs.filter(pa.compute.equal(pairs["proposal"], "by_county"))
    assert best.num_rows == len(set(best["recipient"].to_pylist())) == 2000
    counted = {row["values"]: row["counts"] for row in best["status"].value_counts().to_pylist()}
    assert counted == {"kept": 1526, "new": 454, "unserved": 20}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "office/pairs.parquet" in page
    assert 'href="office' not in page


def test_a_second_run_in_two_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    again = run_programme(EXAMPLE, processes=2)
    for name, made in (("one", run()), ("two", again)):
        publish_run(made, tmp_path / name)
    names = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(names) > 10
    for path in names:
        if path.name != "timings.json":
            assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes(), path


def test_shuffled_rows_give_the_same_pairs(folder: Path, tmp_path: Path) -> None:
    rewrite(folder, lambda table: table.take(np.random.default_rng(1).permutation(table.num_rows)))
    shuffled = run_programme(folder)
    publish_run(shuffled, tmp_path / "shuffled")
    publish_run(run(), tmp_path / "sorted")
    for name in ("office/pairs.parquet", "comparison.csv", "counties.csv", "map.svg"):
        assert (tmp_path / "shuffled" / name).read_bytes() == (tmp_path / "sorted" / name).read_bytes()


def test_a_small_county_may_fill_in_a_file_of_comma_separated_text(folder: Path) -> None:
    (folder / "candidates.parquet").unlink()
    (folder / "parts.csv").write_text("code,name,lon,lat\np,甲县,100,30\n", encoding="utf-8")
    lines = ["part,recipient,helper,score,places,present", "p,r,g,0.9,1,是", "p,s,g,0.6,1,否", "p,r,h,0.5,1,"]
    (folder / "candidates.csv").write_text("\n".join([*lines, "p,t,,,,", ""]), encoding="utf-8")
    made = run_programme(folder)
    assert isinstance(made, PartRun)
    found = {row["proposal"]: row for row in made.records.tables["counties"].to_pylist()}
    assert (found["present"]["unserved"], found["by_county"]["unserved"]) == (2, 1)
    assert found["by_county"]["kept"] == 0
    assert found["by_county"]["mean_km"] is None
    assert found["by_county"]["score_mean"] is None, f"fewer than {FEW} helpers"


def draw(random: np.random.Generator) -> pa.Table:
    """Draw candidates of two parts, some with helpers of the other, each recipient with a row at least."""
    table: dict[str, list[Any]] = {
        name: [] for name in ("part", "recipient", "helper", "score", "places", "distance_km", "present")
    }
    places = random.integers(0, 3, 6)
    for one in range(int(random.integers(1, 9))):
        near = np.flatnonzero(random.random(6) < 0.5).tolist() or [-1]
        for place, column in enumerate(near):
            named = column >= 0
            table["part"].append("pq"[one % 2])
            table["recipient"].append(f"r{one}")
            table["helper"].append(f"h{column}" if named else None)
            table["score"].append(int(random.integers(5)) / 4 if named else None)
            table["places"].append(int(places[column]) if named else None)
            table["distance_km"].append(float(random.integers(9)) if named else None)
            table["present"].append(bool(named and place == 0 and random.random() < 0.6))
    schema = [pa.string()] * 3 + [pa.float64(), pa.int64(), pa.float64(), pa.bool_()]
    return pa.table(
        {name: pa.array(column, kind) for (name, column), kind in zip(table.items(), schema, strict=True)}
    )


def counted(table: pa.Table, taken: dict[str, str | None], part: str) -> dict[str, int | float | None]:
    """Count one part row by row."""
    own = [row for row in table.to_pylist() if row["part"] == part]
    pairs = [row for row in own if row["helper"] and taken[row["recipient"]] == row["helper"]]
    load = {name: list(taken.values()).count(name) for name in taken.values() if name}
    active = sorted({row["helper"] for row in pairs})
    near = {row["helper"]: row["places"] for row in own if row["helper"]}
    few = len(active) < FEW
    return {
        "recipients": len({row["recipient"] for row in own}),
        "helpers": len(near),
        "places": sum(near.values()),
        "unserved": len({row["recipient"] for row in own}) - len(pairs),
        "over_places": None if few else sum(max(load[one] - near[one], 0) for one in active),
        "kept": sum(row["present"] for row in pairs),
        "mean_km": None if few else sum(row["distance_km"] for row in pairs) / len(pairs),
        "score_mean": None if few else sum(row["score"] for row in pairs) / len(pairs),
        "mean_per_helper": None if few else sum(load[one] for one in active) / len(active),
        "most_per_helper": None if few else max(load[one] for one in active),
    }


def test_sums_by_county_equal_a_count_row_by_row() -> None:
    random = np.random.default_rng(5)
    told = 0
    for _ in range(CASES):
        table = draw(random)
        parts = pa.table({"code": ["p", "q"]})
        market, paired = make_market(table, parts), pair_by_part(table)
        taken = dict(zip(paired["recipient"].to_pylist(), paired["helper"].to_pylist(), strict=True))
        found = figures(market, best_choice(market, paired), part=market.part, parts=2)
        for place, part in enumerate("pq"):
            wanted = counted(table, taken, part)
            assert found[place] == {
                name: value if value is None else pytest.approx(value) for name, value in wanted.items()
            }
            told += found[place]["mean_km"] is not None
    assert told


def test_the_check_of_pairs_finds_any_other_choice() -> None:
    random = np.random.default_rng(6)
    spoilt = 0
    for _ in range(CASES):
        table = draw(random)
        market = make_market(table, pa.table({"code": ["p", "q"]}))
        best = best_choice(market, pair_by_part(table))
        assert list(faults(market, best)) == []
        served = np.flatnonzero(best.edges >= 0)
        if len(served):
            edges = best.edges.copy()
            edges[served[0]] = -1
            spoilt += 1
            assert list(faults(market, Choice(edges, best.prices))) != []
    assert spoilt > CASES // 2


def rewrite(folder: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    path = folder / "candidates.parquet"
    pq.write_table(change(pq.read_table(path)), path)


def with_column(name: str, values: Callable[[list[Any]], list[Any]]) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        place = table.column_names.index(name)
        return table.set_column(place, name, pa.array(values(table[name].to_pylist())))

    return change


SPOILS: dict[str, Callable[[pa.Table], pa.Table]] = {
    "pairs.no_column": lambda table: table.drop_columns(["score"]),
    "pairs.two_parts": with_column("part", lambda values: ["C0004", *values[1:]]),
    "pairs.helper_places": with_column("places", lambda values: [-1, *values[1:]]),
    "pairs.score": with_column("score", lambda values: [1.5, *values[1:]]),
    "pairs.duplicate": lambda table: pa.concat_tables([table, table.slice(0, 1)]),
    "pairs.empty_id": with_column("recipient", lambda values: [None, *values[1:]]),
    "pairs.not_text": with_column("helper", lambda values: list(range(len(values)))),
    "pairs.no_rows": lambda table: table.slice(0, 0),
    "programme.part_unknown": with_column("part", lambda values: [f"{one}9" for one in values]),
    "programme.present_twice": with_column("present", lambda values: [True] * len(values)),
    "programme.present_nobody": lambda table: with_column("helper", lambda values: [None, *values[1:]])(
        with_column("present", lambda values: [True, *([False] * (len(values) - 1))])(table)
    ),
    "programme.column_type": with_column("present", lambda values: ["yes" if one else "" for one in values]),
}  # fmt: skip


@pytest.mark.parametrize("rule", SPOILS)
def test_candidates_that_cannot_be_used_are_refused_with_their_file(rule: str, folder: Path) -> None:
    rewrite(folder, SPOILS[rule])
    with pytest.raises(InputError) as refused:
        read_folder(folder)
    found = {one.rule for one in refused.value.findings}
    assert rule in found
    assert all(one.file == "candidates.parquet" for one in refused.value.findings)
    assert all(one.zh and one.en for one in refused.value.findings)


def test_beyond_a_hundred_findings_only_their_number_is_told(folder: Path) -> None:
    rewrite(folder, with_column("score", lambda values: [2.0] * len(values)))
    with pytest.raises(InputError) as refused:
        read_folder(folder)
    assert len(refused.value.findings) == 101
    assert "19900" in refused.value.findings[-1].zh


def test_a_file_that_is_no_parquet_or_a_table_missing_is_told(folder: Path) -> None:
    (folder / "candidates.parquet").write_text("part,recipient", encoding="utf-8")
    (folder / "parts.csv").unlink()
    with pytest.raises(InputError) as refused:
        read_folder(folder)
    assert [one.rule for one in refused.value.findings] == ["table.not_parquet", "programme.table_missing"]


def test_a_county_without_candidates_is_noted(folder: Path) -> None:
    with (folder / "parts.csv").open("a", encoding="utf-8") as file:
        file.write("C0005,示例六县,Example County 6,103,29\n")
    (note,) = read_folder(folder).notes
    assert (note.rule, note.cell) == ("programme.part_empty", "A7")


def test_a_quota_is_refused_in_the_scheme_and_in_the_folder(folder: Path) -> None:
    (folder / "rules.csv").write_text("rule,kind\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_folder(folder)
    assert [(one.rule, one.file) for one in refused.value.findings] == [
        ("programme.not_by_part", "rules.csv")
    ]
    own = Path(shutil.copytree(SCHEMES / "household", folder / "own"))
    text = (own / "scheme.toml").read_text(encoding="utf-8")
    for change in (
        'limit = "share"',
        'limit = "own"\nmost = 3',
        'limit = "own"\nleast = 1',
        'limit = "none"',
    ):
        (own / "scheme.toml").write_text(text.replace('limit = "own"', change), encoding="utf-8")
        with pytest.raises(InputError) as refused:
            load_scheme("own", beside=folder)
        assert [(one.rule, one.cell) for one in refused.value.findings] == [
            ("scheme.all_served", "capacity[0]")
        ]


@pytest.mark.parametrize(
    ("old", "new", "rule", "cell"),
    [
        ('form = "parts"', "", "scheme.rule", "candidates.rule"),
        ('form = "parts"', 'form = "pieces"', "scheme.rule", "form"),
        ('rule = "table"', 'rule = "all"', "scheme.rule", "candidates.rule"),
        ("parts = { zh", "pieces = { zh", "scheme.words", "words.parts"),
        (
            "score = []",
            'score = [{ id = "a", rule = "nearness", weight = 1, words = { zh = "", en = "" } }]',
            "scheme.key",
            "score",
        ),
    ],
)
def test_a_scheme_by_parts_says_so_and_takes_its_candidates_from_a_table(
    old: str, new: str, rule: str, cell: str, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(SCHEMES / "household", tmp_path / "own"))
    path = own / "scheme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_scheme("own", beside=tmp_path)
    assert (rule, cell) in {(one.rule, one.cell) for one in refused.value.findings}


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ('method = "nearest"', "proposals[0].method"),
        ('method = "present"\ngrain = "places"', "proposals[0]"),
        ('method = "optimum"\ncapacity = "share"', "proposals[0].capacity"),
    ],
)
def test_a_programme_asks_for_the_present_or_the_best_only(line: str, cell: str, folder: Path) -> None:
    path = folder / "programme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('method = "present"', line), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_folder(folder)
    assert cell in {one.cell for one in refused.value.findings}


def test_the_words_of_the_example_are_those_of_today() -> None:
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.*") if path.suffix != ".parquet"]
    texts.append((SCHEMES / "household" / "scheme.toml").read_text(encoding="utf-8"))
    assert not [text for text in texts if "贫困" in text]
    sources = (EXAMPLE / "SOURCES.md").read_text(encoding="utf-8")
    assert all(path.name in sources for path in EXAMPLE.iterdir() if path.suffix in (".csv", ".parquet"))


def test_a_folder_by_parts_is_refused_where_whole_schemes_run() -> None:
    with pytest.raises(InputError, match=r"programme\.by_part"):
        run_folder(EXAMPLE)
