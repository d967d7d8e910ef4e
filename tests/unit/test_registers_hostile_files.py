"""Hostile and broken files: each is read rightly or refused in both languages, soon and in little memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.campaigns.registers import FORMATS, check_mutated
from tests.hostile_files import make_hostile

ROOT = Path(__file__).parents[2]
FEWEST = 200
SECONDS = 1.0
"""Processor time for one file, the process that parses it included, libraries loaded before."""
MIB = 256
EXPECTED = {
    r"bomb.*\.(xlsx|ods)": "reading.bomb",
    r"(xxe|billion|quadratic).*": "reading.declared",
    r"password.*|record of password.*|encrypted.*": "reading.protected",
    r"20,000 parts.*": "reading.parts",
    r".*(16,385|1e6|20,000) columns.*": "reading.columns",
    r"stray cell [023].*|lying.*|repeated 1.*": "reading.(too_heavy|broken)",
    r"a page.*|xml of 2003.*": "reading.is_page",
    r"a document.*|a word.*|rtf.*": "reading.is_document",
    r"a binary.*": "reading.is_binary",
    r"pdf.*": "reading.is_pdf",
    r"picture.*": "reading.is_picture",
    r"(archive|empty|only a part|only a table).*": "reading.is_archive",
    r"(text|tabs)\.xlsx?|noise\.xlsx": "reading.(is_text|broken)",
    r"(only nul|nul|utf-32|utf-16 without mark)\.csv": "reading.nul",
    r"mixed\.csv": "reading.mixed",
    r"(noise|big5|mixed other way|utf-. lone surrogate|utf-16 (odd|lone surrogate))\.csv": "reading.encoding",
    r"10 MB.*": "reading.line_long",
    r"(quote|giant cell|only quotes).*\.csv": "reading.quotes",
    r".*long record.*": "reading.ragged",
    r"(only mark|only utf-16 mark|only lines|only spaces|only delimiters)\.csv": "reading.empty",
    r"a folder.*": "table.file_is_folder",
    r"(loop|broken link|missing|nul\0).*": "table.file_missing",
    r"pipe.*": "table.not_a_file",
    r"zero.*": "table.file_empty",
    r"cut [1-7]\.(xlsx|ods|xls|parquet)": "reading.broken",
}
"""By the name of a file, the rule that refuses it."""
READ = (
    r"(good|tabs\.tsv|tabs in|wps|stored|with macros|link outside|nested bomb|path upwards|UPPER|CON).*"
    r"|(xlsx|xls|ods|parquet)\.(csv|xls|ods|xlsx)|million empty rows.*|formulas\.csv|other order\.csv"
    r"|wrong date.*|line\nbreak.*"
)
"""By the name of a file, that it is read."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Read every hostile file, each in a process of its own."""
    paths = make_hostile(tmp_path_factory.mktemp("hostile"))
    found = measure_all(paths)
    assert len(found) == len(paths) >= FEWEST
    slow = {told["name"] for told in found if told["cpu_s"] > SECONDS}
    again = {told["name"]: told for told in measure_all([path for path in paths if path.name in slow])}
    return [again.get(told["name"], told) for told in found]


def measure_all(paths: list[Path]) -> list[dict[str, Any]]:
    """Read files, each in a process of its own; what other programs take may count once, not twice."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_files"],
        input="\n".join(os.fsencode(path).hex() for path in paths),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def rule_of(told: dict[str, Any]) -> str:
    """Give the rule by which a file was refused, nothing if it was read."""
    return told["findings"][0][0] if "findings" in told else ""


def test_none_crashes(measured: list[dict[str, Any]]) -> None:
    assert [told for told in measured if told["status"] or "error" in told] == []


def test_each_is_read_or_refused_in_both_languages(measured: list[dict[str, Any]]) -> None:
    for told in measured:
        assert ("findings" in told) != ("shapes" in told)
        for _, zh, en in told.get("findings", ()):
            assert re.search(r"[一-鿿].*。$", zh), told["name"]
            assert re.search(r"^[^一-鿿]*[a-z].*\.$", en, re.DOTALL) or "“" in zh, told["name"]


def test_each_is_done_with_soon_and_in_little_memory(measured: list[dict[str, Any]]) -> None:
    heavy = [(told["name"], told["cpu_s"], told["peak_mib"]) for told in measured]
    assert [one for one in heavy if one[1] > SECONDS or one[2] > MIB] == []


@pytest.mark.parametrize("pattern", EXPECTED)
def test_each_is_refused_for_what_it_is(measured: list[dict[str, Any]], pattern: str) -> None:
    named = [told for told in measured if re.fullmatch(pattern, told["name"])]
    assert named
    other = [(told["name"], rule_of(told)) for told in named]
    assert [one for one in other if not re.fullmatch(EXPECTED[pattern], one[1])] == []


def test_what_only_looks_wrong_is_read(measured: list[dict[str, Any]]) -> None:
    named = [told for told in measured if re.fullmatch(READ, told["name"])]
    assert named
    assert [(told["name"], rule_of(told)) for told in named if "findings" in told] == []


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_a_file_changed_at_random_is_read_or_refused(tmp_path: Path, name: str, seed: int) -> None:
    check_mutated(tmp_path, name, seed)
