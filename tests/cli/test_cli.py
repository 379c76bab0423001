"""The command line as a user meets it: a process with arguments, its two streams and its exit code."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bempeg_kg import Content, KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.graph import snapshot
from tests.conftest import ROOT, Cli

TRIALS = "SELECT ?trial { ?trial a kg:Trial } ORDER BY ?trial"
#: (arguments, exit code, what standard error must say)
MISTAKES: list[tuple[list[str], int, list[str]]] = [
    (["qury", "x"], 2, ["no command 'qury'", "Did you mean 'query'"]),
    (["query", TRIALS, "--formt", "csv"], 2, ["no option '--formt'", "'--format'"]),
    (["query", TRIALS, "--format", "cvs"], 2, ["no format 'cvs'", "csv"]),
    (["query", TRIALS, "-o", "x.docx"], 2, ["no format 'docx'"]),
    (["query"], 2, ["required", "--help"]),
    (["query", "SELECT ?a WHERE {\n  ?a ?b }"], 2, ["line 2, column"]),
    (
        ["query", "SELECT * { ?a foo:b ?c }"],
        2,
        ["line 1, column 15", "prefix foo:", "foo:b ?c }", "PREFIX foo:"],
    ),
    (["query", "SELECT * { ?s ?p ?o } }"], 2, ["line 1, column 23", "closes nothing: }"]),
    (["query", "DELETE WHERE { ?s ?p ?o }"], 2, ["read-only"]),
    (["query", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"], 2, ["SERVICE is off"]),
    (["query", "no-such-file.rq"], 2, ["no-such-file.rq: no such file"]),
    (["query", "."], 2, ["a folder, not a file"]),
    (["query", "-"], 2, ["standard input: the query is empty"]),
    (["ask"], 2, ["no question was given"]),
    (["ask", "programme-trails"], 2, ["no question 'programme-trails'", "Did you mean 'programme-trials'"]),
    (["ask", "how do I bake bread"], 1, ["no question of the library fits"]),
    (["ask", "drug-targets", "--durg", "nivolumab"], 2, ["no parameter of drug-targets 'durg'", "'drug'"]),
    (["ask", "drug-targets", "--drug", "nivolumb"], 2, ["no drug 'nivolumb'", "nivolumab"]),
    (["ask", "drug-targets", "--drug"], 2, ["--drug needs a value"]),
    (["stats", "--as-of", "2020-01-01"], 2, ["stats does not support --as-of"]),
    (["show", "nivolumb"], 2, ["no entity 'nivolumb'", "nivolumab"]),
    (["show", "trial:pivot-2"], 2, ["no entity", "trial:pivot-02"]),
    (["show", "trail:pivot-02"], 2, ["no prefix 'trail'", "'trial'"]),
    (["export"], 2, ["no format was given"]),
    (["export", "-o", "x.xlsx"], 2, ["no format 'xlsx'"]),
    (["export", "-o", "no/such/folder/x.ttl"], 2, ["cannot be written"]),
    (["--data", "no-such-folder", "stats"], 2, ["no-such-folder: no such folder"]),
    (["--data", "README.md", "stats"], 2, ["this is a file, not a folder"]),
    (["--data", "tests", "stats"], 2, ["no catalogue.ttl"]),
    (["--endpoint", "localhost:3030", "query", TRIALS], 2, ["not the address of an endpoint"]),
    (["--endpoint", "http://127.0.0.1:9/sparql", "query", TRIALS], 3, ["cannot be reached"]),
    (["completion", "fish"], 2, ["no completion 'fish'"]),
    (["-v"], 2, ["no command was given"]),
]


@pytest.mark.parametrize(
    ("arguments", "code", "said"), MISTAKES, ids=[" ".join(row[0])[:40] for row in MISTAKES]
)
def test_a_mistake_gets_one_message_with_its_cure(
    cli: Cli, arguments: list[str], code: int, said: list[str]
) -> None:
    done = cli(*arguments, input="")
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("bempeg-kg: ")
    assert "Traceback" not in done.stderr
    for words in said:
        assert words in done.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the query is empty"),
        (b"SELECT * { ?s ?p '\xff' }", "byte 0xff is not UTF-8"),
        (b"SELEC", "SELEC"),
    ],
)
def test_a_query_file_that_is_none(cli: Cli, tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "q.rq"
    path.write_bytes(body)
    done = cli("query", str(path))
    assert done.returncode == 2
    assert said in done.stderr
    assert str(path) in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read any file")
def test_an_unreadable_file(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(TRIALS)
    path.chmod(0)
    done = cli("query", str(path))
    assert (done.returncode, "no permission" in done.stderr) == (2, True)


def test_a_broken_file_of_another_programme_is_named(cli: Cli, programme: Path) -> None:
    (programme / "data" / "bad.ttl").write_text("<urn:a> <urn:b> .\n")
    done = cli("--data", str(programme), "stats")
    assert done.returncode == 2
    assert f"{programme}/data/bad.ttl:1:" in done.stderr


def test_ask_gives_the_answer_of_the_api(cli: Cli, kg: KnowledgeGraph) -> None:
    assert cli("ask", "programme-trials", "--format", "tsv").stdout == kg.ask("programme-trials").to_tsv()


def test_the_endpoint_of_a_trial_and_its_phase_are_taken_as_people_write_them(cli: Cli) -> None:
    given = ["--measured", "pfs", "--phase", "3", "--format", "tsv"]
    other = ["--endpoint", "pfs", "--phase", "Phase III", "--format", "tsv"]
    assert cli("ask", "hazard-ratios", *other).stdout == cli("ask", "hazard-ratios", *given).stdout
    assert cli("plot", "hazard-ratios", *other).stdout == cli("plot", "hazard-ratios", *given).stdout
    assert "not the address" in cli("ask", "hazard-ratios", "--endpoint", "localhost:3030").stderr


def test_global_options_stand_before_or_after(cli: Cli) -> None:
    after = cli("query", TRIALS, "--format", "csv", "-q")
    before = cli("-q", "--format=csv", "query", TRIALS)
    assert after.stdout == before.stdout
    assert after.stdout.startswith("trial\n")


def test_a_sentence_is_answered_and_the_question_named(cli: Cli) -> None:
    done = cli("ask", "which", "trials", "were", "stopped", "and", "why?", "--format", "tsv")
    assert done.returncode == 0
    assert "understood: stopped-trials\n" in done.stderr
    assert done.stdout.startswith("?")


def test_help_of_a_question_names_its_parameters(cli: Cli) -> None:
    done = cli("ask", "drug-targets", "--help")
    assert done.returncode == 0
    assert "--drug IRI" in done.stdout
    assert "for example" in done.stdout


def test_query_reads_text_file_and_standard_input(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(TRIALS)
    answers = {
        cli("query", TRIALS, "--format", "tsv").stdout,
        cli("query", str(path), "--format", "tsv").stdout,
        cli("query", "-", "--format", "tsv", input=TRIALS).stdout,
    }
    assert len(answers) == 1


def test_the_four_forms_of_query(cli: Cli) -> None:
    assert cli("query", "ASK { trial:pivot-02 a kg:Trial }").stdout == "true\n"
    no = cli("query", "ASK { trial:pivot-02 a kg:Drug }")
    assert (no.stdout, no.returncode) == ("false\n", 0)
    assert json.loads(cli("query", "ASK { ?s ?p ?o }", "--format", "json").stdout)["boolean"] is True
    text = cli("query", "CONSTRUCT { ?t a kg:Trial } { ?t a kg:Trial }", "--format", "nt").stdout
    assert text.count("\n") == cli("query", TRIALS, "--format", "tsv").stdout.count("\n") - 1
    assert "trial:pivot-02" in cli("query", "DESCRIBE trial:pivot-02").stdout


def test_no_rows_is_done_with_the_reason_on_standard_error(cli: Cli) -> None:
    done = cli("query", "SELECT ?x { ?x a kg:NoSuchClass }", "--format", "tsv")
    assert (done.returncode, done.stdout) == (0, "?x\n")
    assert "no rows: " in done.stderr
    assert cli("query", "SELECT ?x { ?x a kg:NoSuchClass }", "-q").stderr == ""


def test_questions_as_json_is_a_list_with_parameters(cli: Cli, kg: KnowledgeGraph) -> None:
    document = json.loads(cli("questions", "--format", "json").stdout)
    assert [one["name"] for one in document] == [question.name for question in kg.questions]
    assert {"name", "summary", "description", "parameters", "tags"} <= document[0].keys()


def test_show_takes_curie_iri_accession_and_label(cli: Cli) -> None:
    spellings = ["drug:nivolumab", "https://w3id.org/bempeg-kg/drug/nivolumab", "nivolumab", "Opdivo"]
    assert len({cli("show", spelling, "--format", "tsv").stdout for spelling in spellings}) == 1
    shown = cli("show", "C008", "--format", "csv").stdout
    assert "27.7" in shown
    assert "ontology#derivedFrom" in shown


def test_output_file_is_written_whole(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "all.nq"
    assert cli("export", "-o", str(path)).stdout == ""
    first = path.read_bytes()
    cli("export", "-o", str(path), env={**os.environ, "PYTHONHASHSEED": "7"})
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


def test_version_says_the_hash_of_the_content(cli: Cli, kg: KnowledgeGraph) -> None:
    from bempeg_kg._version import __version__
    from bempeg_kg.rdf.canonical import dataset_hash

    text = cli("--version").stdout
    assert text.startswith(f"bempeg-kg {__version__}\n")
    assert f"sha256:{dataset_hash(kg.quads())}" in text


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m bempeg_kg export -q --format nt | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_a_full_disk_is_reported(cli: Cli) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        done = cli("stats", stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 2
    assert "cannot write" in done.stderr


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_a_narrow_terminal_is_not_overrun(cli: Cli, columns: int) -> None:
    done = cli("ask", "programme-trials", env={**os.environ, "COLUMNS": str(columns)})
    assert max(map(len, done.stdout.splitlines())) <= columns


def on_terminal(*arguments: str, **environment: str) -> str:
    """What a command writes to a terminal."""
    shown, terminal = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    with subprocess.Popen(
        [sys.executable, "-m", "bempeg_kg", *arguments],
        stdout=terminal,
        cwd=ROOT,
        env={**kept, **environment},
    ):
        os.close(terminal)
        text = b""
        while True:
            try:
                part = os.read(shown, 4096)
            except OSError:
                break
            if not part:
                break
            text += part
    os.close(shown)
    return text.decode()


def test_colour_only_on_a_terminal_that_wants_it(cli: Cli) -> None:
    assert "\x1b[" in on_terminal("query", TRIALS, TERM="xterm")
    assert "\x1b[" not in on_terminal("query", TRIALS, TERM="xterm", NO_COLOR="1")
    assert "\x1b[" not in on_terminal("query", TRIALS, TERM="dumb")
    assert "\x1b[" not in cli("query", TRIALS).stdout


def test_interrupt_ends_a_query_at_once() -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    command = [sys.executable, "-m", "bempeg_kg", "query", endless]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as running:
        time.sleep(3)
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        try:
            _, said = running.communicate(timeout=20)
        finally:
            running.kill()
    assert running.returncode == 130
    assert time.monotonic() - began < 5
    assert "Traceback" not in said


def test_completion_knows_commands_questions_parameters_and_entities(cli: Cli) -> None:
    def words(*given: str) -> list[str]:
        return cli("completion", "words", "--", *given).stdout.split()

    assert words("expo") == ["export"]
    assert "drug-targets" in words("ask", "drug")
    assert words("ask", "drug-targets", "--dr") == ["--drug"]
    assert "drug:nivolumab" in words("ask", "drug-targets", "--drug", "drug:niv")
    assert "trial:pivot-02" in words("show", "trial:pivot-0")


def test_completion_works_in_bash() -> None:
    script = (
        'bempeg-kg() { "$PYTHON" -m bempeg_kg "$@"; }; eval "$(bempeg-kg completion bash)"; '
        'COMP_LINE="bempeg-kg ask drug-t"; COMP_POINT=${#COMP_LINE}; _bempeg_kg; echo "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.stdout.strip() == "drug-targets"


def test_a_closed_standard_output_gives_an_error_and_no_traceback() -> None:
    command = f'"{sys.executable}" -m bempeg_kg ask programme-trials >&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert "standard output is closed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_relative_cache_folder_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BEMPEG_KG_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert Path(snapshot.cache_folder()).is_absolute()


def test_a_stamp_that_is_not_utf_8_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path))
    content = Content.find()
    Path(snapshot._stamp_path(str(tmp_path), content)).write_bytes(b"\xff\xfe")
    assert snapshot._stamped(str(tmp_path), content) is None


def test_a_rate_above_100_percent_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "how-surprising", "--rate", "101"]) == 2
    assert "101 percent" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["graph", "signalling"], ["plot", "timeline"]])
def test_a_file_for_a_picture_needs_a_suffix(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "-o", str(tmp_path / "name")]) == 2
    assert "has no suffix" in capsys.readouterr().err
    assert not (tmp_path / "name").exists()


def test_a_folder_is_nothing_to_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link", str(tmp_path)]) == 2
    assert f"{tmp_path} is a folder" in capsys.readouterr().err


def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert main(["plot", "timeline", "--format", "png", "-o", "-"]) == 2
    assert "the package resvg_py is not installed" in capsys.readouterr().err


def test_no_control_character_reaches_the_terminal(cli: Cli, tmp_path: Path) -> None:
    name = "x\x1b[2J\u202eend"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text(
        "@prefix kg: <https://w3id.org/bempeg-kg/ontology#> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        f'<https://w3id.org/bempeg-kg/drug/a> a kg:Drug ; rdfs:label "{name}" .',
        encoding="utf-8",
    )
    for arguments in (
        ("ask", name),
        ("show", name),
        ("--data", str(tmp_path), "show", "drug:a"),
        ("--data", str(tmp_path), "query", "SELECT ?l { ?x a kg:Drug ; rdfs:label ?l }"),
        ("--data", str(tmp_path), "check"),
    ):
        done = cli(*arguments)
        assert not set("\x1b\u202e") & set(done.stdout + done.stderr), arguments
