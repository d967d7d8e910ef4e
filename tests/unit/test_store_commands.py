"""The commands of a store, as a clerk gives them one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from jiedui.cli import app

if TYPE_CHECKING:
    from pathlib import Path


BY = ("--by", "某乡")


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    path = tmp_path / "户.csv"
    path.write_text("户编号,户主,家庭人口\n1,甲,3\n2,乙,2\n", encoding="utf-8")
    return path


def told(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["store", *map(str, words)])


def test_the_commands_of_the_guide_work_in_their_order(tmp_path: Path, incoming: Path) -> None:
    store = tmp_path / "县.duckdb"
    assert "第 1 次核对" in told("add", store, incoming, *BY).stdout
    assert "第 1 次核对" in told("review", store, "1").stdout
    assert told("commit", store, "1", "--reviewed", "1", *BY).exit_code == 0
    assert "已撤销" in told("undo", store, "1", *BY).stdout


def test_a_file_that_cannot_be_taken_in_is_an_exit_code(tmp_path: Path, incoming: Path) -> None:
    done = told("add", tmp_path / "县.duckdb", incoming, tmp_path / "没有.csv", *BY)
    assert done.exit_code == 2
    assert "没有.csv" in done.stderr
    assert "户.csv" in done.stdout


def test_a_day_that_is_none_is_refused(tmp_path: Path, incoming: Path) -> None:
    store = tmp_path / "县.duckdb"
    assert told("add", store, incoming, *BY, "--on", "昨天").exit_code == 2
    assert not store.exists()
    assert told("add", store, incoming, *BY, "--on", "2026-11-03").exit_code == 0
    assert "2026-11-03" in told("list", store).stdout
