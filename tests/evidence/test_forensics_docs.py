"""docs/forensics.md says what the program does: every rule, every column, the output of its example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bempeg_kg.cli import main
from bempeg_kg.evidence.forensics.columns import COLUMNS, STATISTICS, TEST_STATISTICS
from bempeg_kg.evidence.forensics.verdicts import RULES, VERDICTS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "forensics.md").read_text(encoding="utf-8")


def test_every_rule_and_no_other_has_its_row() -> None:
    section = PAGE.partition("## The rules")[2].partition("### ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE) == list(RULES)


def test_every_verdict_is_explained() -> None:
    section = PAGE.partition("## The verdicts")[2].partition("## ")[0]
    assert [word for word in VERDICTS if f"| {word} |" not in section] == []


def test_the_columns_are_those_that_are_read() -> None:
    rows = (
        f"| `{column.name}` | {', '.join(f'`{alias}`' for alias in column.aliases)} | {column.meaning} |\n"
        for column in COLUMNS
    )
    assert "".join(rows) in PAGE


def test_the_statistics_are_those_that_are_read() -> None:
    line = PAGE.partition("Statistics: ")[2].partition(".")[0]
    known = {*STATISTICS, *TEST_STATISTICS, "proportion", "mean", "median"}
    assert {name.lower() for name in re.findall(r"`([^`]+)`", line)} <= known


def test_the_example_gives_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table, shown = re.findall(r"```text\n(Arm;.*?)```.*?forensics results\.csv\n(.*?)```", PAGE, re.DOTALL)[0]
    (tmp_path / "results.csv").write_text(table)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["forensics", "results.csv"]) == 0
    assert capsys.readouterr().out == shown
