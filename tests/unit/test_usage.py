"""A command that is written wrongly is answered in both languages, with what is allowed."""

from __future__ import annotations

import sys

import pytest

from jiedui.__main__ import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["jiedui", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["rin"], "可用的命令：check, run", "Commands: check, run"),
        (["run"], "缺少“folder”", "“folder” is missing"),
        (["run", "x", "--langg", "en"], "没有选项 --langg", "There is no option --langg"),
        (["run", "x", "--lang", "fr"], "“--lang”的值不对", "The value of “--lang” does not fit"),
        (["run", "x", "y"], "命令的写法不对", "The command is not written right"),
        (["store", "nothing"], "可用的命令：add", "Commands: add"),
    ],
)
def test_a_wrong_command_is_answered_in_both_languages(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    zh: str,
    en: str,
) -> None:
    assert run(monkeypatch, *arguments) == 2
    said = capsys.readouterr().err
    assert zh in said
    assert en in said
    assert "用法：" in said
    assert "Usage:" in said


def test_help_names_its_panels_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    said = capsys.readouterr().out
    assert "选项 / Options" in said
    assert "命令 / Commands" in said


def test_the_version_is_told_and_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("jiedui ")
