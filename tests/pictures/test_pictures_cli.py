"""`graph`, `plot` and `path` as a user meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bempeg_kg.cli import main
from bempeg_kg.cli import pictures as command
from bempeg_kg.networks import VIEWS
from bempeg_kg.networks.files import FORMATS
from bempeg_kg.pictures import GRAPH_PICTURES, PLOTS

Capture = pytest.CaptureFixture[str]


class Ran(NamedTuple):
    """What a command gave."""

    returncode: int
    stdout: str
    stderr: str


Bempeg = Callable[..., Ran]
MAGIC = {"svg": b"<svg ", "png": b"\x89PNG", "pdf": b"%PDF-", "html": b"<!doctype html>", "graphml": b"<?xml"}


@pytest.fixture
def bempeg(capsys: Capture) -> Bempeg:
    """Run the command line in this process: code, standard output, standard error."""

    def run(*arguments: str) -> Ran:
        code = main(arguments)
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return run


def test_the_command_names_what_there_is() -> None:
    assert tuple(VIEWS) == command._VIEWS and PLOTS == command._PLOTS
    assert GRAPH_PICTURES == command._PICTURES and tuple(FORMATS) == command._EXPORTS


@pytest.mark.parametrize("suffix", ["svg", "html", "graphml"])
def test_graph_by_suffix(bempeg: Bempeg, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"view.{suffix}"
    ran = bempeg("graph", "lineage", "-o", str(target))
    assert ran.returncode == 0 and ran.stdout == ""
    assert target.read_bytes().startswith(MAGIC[suffix])
    assert "left out" in ran.stderr or suffix == "graphml"


def test_graph_as_a_table_and_as_json_on_standard_output(bempeg: Bempeg) -> None:
    table = bempeg("graph", "lineage", "--format", "tsv")
    assert table.returncode == 0 and "led to" in table.stdout and "Use --all" in table.stderr
    whole = json.loads(bempeg("graph", "lineage", "--format", "json").stdout)
    assert len(whole["edges"]) > table.stdout.count("\n")


def test_graph_as_of_a_day(bempeg: Bempeg) -> None:
    ran = bempeg("graph", "lineage", "--as-of", "2018-09-21", "--format", "tsv", "--all")
    assert ran.returncode == 0 and "PIVOT IO 001" in ran.stdout and "unblinded" not in ran.stdout


def test_plot_and_its_table(bempeg: Bempeg, tmp_path: Path) -> None:
    target = tmp_path / "then.svg"
    ran = bempeg("plot", "timeline", "--as-of", "2018-09-21", "-o", str(target))
    assert ran.returncode == 0 and "as it was public on 2018-09-21" in target.read_text("utf-8")
    twin = bempeg("plot", "hazard-ratios", "--format", "csv")
    assert twin.returncode == 0 and "99.929" in twin.stdout


def test_path_for_people_and_for_programs(bempeg: Bempeg, tmp_path: Path) -> None:
    ran = bempeg("path", "bempegaldesleukin", "CD8+ effector T cell")
    assert ran.returncode == 0
    assert re.match(
        r"[\d,]+ paths of \d+ kinds: \d+ promote, \d+ inhibit\. Paths through an intended", ran.stdout
    )
    assert "\n1. promotes, 8 steps, through an intended action, in CD8+ effector T cell" in ran.stdout
    assert "disputed: CD8-positive, alpha-beta T cell proliferation yields effector" in " ".join(
        ran.stdout.split()
    )
    assert "--all" in ran.stderr
    steps = bempeg("path", "CD25", "Treg", "--steps", "--format", "csv")
    assert steps.returncode == 0 and "part of" in steps.stdout
    within = bempeg("path", "bempegaldesleukin", "tumour response to treatment", "--cell", "NK cell", "--all")
    assert within.returncode == 0 and "inhibits, " not in within.stdout
    drawn = bempeg("path", "nivolumab", "T cell activation", "-o", str(tmp_path / "path.svg"))
    assert drawn.returncode == 0 and b"PD-1" in (tmp_path / "path.svg").read_bytes()


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["graph", "signaling"], 2, "Did you mean 'signalling'?"),
        (["graph", "lineage", "-o", "x.gif"], 2, "there is no format 'gif'"),
        (["graph", "lineage", "-o", "/nowhere/at/all.svg"], 2, "cannot be written"),
        (["graph"], 2, "VIEW"),
        (["plot", "respones"], 2, "Did you mean 'responses'?"),
        (["plot", "safety", "-o", "x.html5"], 2, "there is no format 'html5'"),
        (["plot", "timeline", "--as-of", "2018-02-30"], 2, "2018-02-30 is not a date"),
        (["path", "bempegaldesleukin", "ORR"], 1, "there is no path from bempegaldesleukin"),
        (["path", "bempegaldesleukin", "cell:til"], 1, "no path walks: step:bempeg-raises-number-of-til"),
        (["path", "nivolumab", "cell:apc"], 1, "No step leads to professional antigen presenting cell"),
        (["path", "CD25", "CD25"], 1, "Both ends are the same thing."),
        (["path", "bempegaldesleukin", "trial:pivot-02"], 2, "is not in the signalling graph"),
        (["path", "bempegaldesleukn", "Treg"], 2, "bempegaldesleukin"),
        (["path", "nivolumab", "Treg", "--longest", "0"], 2, "at least 1"),
        (["path", "nivolumab", "Treg", "--longest", "two"], 2, "invalid int"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input(bempeg: Bempeg, arguments: list[str], code: int, said: str) -> None:
    ran = bempeg(*arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert said in ran.stderr


@pytest.mark.parametrize("arguments", [["graph", "signalling"], ["graph", "lineage"], ["plot", "safety"]])
def test_an_empty_view_is_reported(bempeg: Bempeg, programme: Path, arguments: list[str]) -> None:
    ran = bempeg(*arguments, "--data", str(programme))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "empty" in ran.stderr or "nothing to draw" in ran.stderr
