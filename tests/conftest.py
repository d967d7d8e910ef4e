"""What the tests share: the example, a small programme of three helpers, and a strict word on skipping."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from tests.known import ALLOWED

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "east_west_2016"

SLOW = (
    "test_county_registers.py",
    "test_registers_hostile_files.py",
    "test_spark.py",
    "test_east_west_run.py",
    "test_docs_examples.py",
    "test_registers_linkage.py",
    "test_report_page.py",
)
"""Files that take longest are begun first: no process works on one of them alone when the others are done."""

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

SMALL = {
    "programme.toml": """
        [programme]
        id = "small"
        scheme = "east_west"
        period = "2013-2020"
        round = "2016-12"
        name = { zh = "小例", en = "small" }
        [[proposals]]
        id = "present"
        name = { zh = "现状", en = "present" }
        method = "present"
        grain = "units"
        [[proposals]]
        id = "units"
        name = { zh = "整单元", en = "units" }
        method = "optimum"
        grain = "units"
        capacity = "relief"
        [[proposals]]
        id = "places"
        name = { zh = "逐县", en = "places" }
        method = "optimum"
        grain = "places"
        capacity = "share"
    """,
    "helpers.csv": """
        id,name,lon,lat,capacity,gross,other_duties,source_grade
        110000,甲市,116.4,39.9,100,120,,seen
        310000,乙市,121.5,31.2,200,200,,unconfirmed
        440000,丙省,113.3,23.1,300,330,,seen
    """,
    "units.csv": """
        code,name,level
        530000,丁省,province
        520300,戊市,prefecture
    """,
    "recipients.csv": """
        id,name,code,lon,lat
        530101,丁一县,530101,102.7,25.0
        530102,丁二县,530102,102.9,25.2
        530103,丁三县,530103,103.1,25.4
        520301,戊一县,520301,106.9,27.7
        520302,戊二县,520302,107.1,27.9
        520303,戊三县,520303,107.3,28.1
    """,
    "pairings.csv": """
        helper,recipient,valid_from,valid_to,source_grade
        310000,530000,2016-12,,seen
        310000,520300,2016-12,,seen
        440000,520000,1996,2010,seen
    """,
    "adjacency.csv": """
        code_a,code_b
        530101,530102
        530102,530103
        520301,520302
    """,
}


def write_table(path: Path, text: str) -> None:
    """Write a table or settings drawn as indented text."""
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow files; the order within a file and of the other files stays as drawn."""
    items.sort(key=lambda item: SLOW.index(item.path.name) if item.path.name in SLOW else len(SLOW))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Make a programme folder of three helpers, two units and six counties."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in SMALL.items():
        write_table(folder / name, text)
    return folder


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Copy the East-West example, for a test to spoil."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns("out")))


@pytest.fixture
def edit(small: Path) -> Callable[[str, int, str, str], None]:
    """Set one cell of a table of the small programme: file, data row from 0, column, value."""

    def set_cell(name: str, row: int, column: str, value: str) -> None:
        path = small / name
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        rows[row + 1][rows[0].index(column)] = value
        path.write_text("\n".join(",".join(cells) for cells in rows) + "\n", encoding="utf-8")

    return set_cell


def _unexpected_skips(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """Give the skips that are not for want of published data."""
    return [one for one in reporter.stats.get("skipped", []) if ALLOWED not in str(one.longrepr)]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """On the project's own checks a skip counts as a failure: nothing goes untested unnoticed."""
    skipped = _unexpected_skips(terminalreporter)
    if os.environ.get("CI") and skipped:
        terminalreporter.section("skipped on CI")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run with skips on CI red."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and _unexpected_skips(reporter) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
