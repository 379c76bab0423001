"""A table of one's own as people save it: what is read, what is skipped and named, how it is shown."""

from __future__ import annotations

import contextlib
import gzip
import json
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.errors import InputError
from bempeg_kg.evidence.forensics.columns import COLUMNS, template
from bempeg_kg.evidence.forensics.examine import judge_files
from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.tables import read_table

EUROPEAN = (
    "sep=;\r\n"
    "Arm;Outcome;Events;Total;%;95 % CI\r\n"
    "A;ORR;20;38;52,6;35,8 - 69,0\r\n"
    "B;ORR;;123;38,8;\r\n"
    "C;ORR;;232;17,1;\r\n"
    "A;Depth;;;134,2 %;\r\n"
    "A;Bad;x;38;52,6;\r\n"
    "A;Zero;0;0;50,0;\r\n"
    "A;Odd;;;;0,62\r\n"
    "A;Text;;50;not reached;\r\n"
)


@pytest.fixture
def european(tmp_path: Path) -> str:
    path = tmp_path / "europe.csv"
    path.write_bytes(b"\xef\xbb\xbf" + EUROPEAN.encode())
    return str(path)


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return KnowledgeGraph.open()


def test_a_file_of_excel_with_semicolons_and_decimal_commas(kg: KnowledgeGraph, european: str) -> None:
    judgement = judge_files(kg, [european])
    by_rule = {(one.subject, one.rule): one for one in judgement.verdicts}
    assert by_rule["line 3", "count-matches-percentage"].verdict == "consistent"
    assert "20/38 (Clopper-Pearson)" in by_rule["line 3", "interval-of-counts"].working
    swapped = by_rule["line 4", "percentage-of-whole-patients"]
    assert swapped.verdict == "impossible"
    assert swapped.expected == "probably swapped: 38,8 as 90/232 and 17,1 as 21/123"
    assert by_rule["line 6", "percentage-of-whole-patients"].verdict == "impossible"
    assert by_rule["line 8", "percentage-of-whole-patients"].inputs == "50,0 percent, N = 0"


def test_rows_that_are_not_judged_are_named_with_the_reason(kg: KnowledgeGraph, european: str) -> None:
    reasons = {one.about: one.reason for one in judge_files(kg, [european]).skipped}
    assert reasons["Bad, A"] == "n is 'x', not a whole number"
    assert reasons["Odd, A"].startswith("the interval '0,62' is not read")
    assert reasons["Text, A"] == "'not reached' is no number"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("20/38 (52.6 %)", ("52.6", 20, 38)),
        ("52.6% (20/38)", ("52.6", 20, 38)),
        ("20 of 38", ("20", 20, 38)),
        ("52,6", ("52,6", None, None)),
    ],
)
def test_cells_of_shares(tmp_path: Path, cell: str, expected: tuple[str, int | None, int | None]) -> None:
    path = tmp_path / "cells.tsv"
    path.write_text(f"endpoint\tvalue\tunit\nORR\t{cell}\t\n")
    (result,) = read_table(str(path))[0].results.values()
    assert (result.printed, result.n, result.total) == expected


@pytest.mark.parametrize(
    ("value", "others", "printed"),
    [
        ("1,313 (1,200 to 1,553)", "0,5", "1.313"),  # the table writes decimal commas
        ("1,313 (1,200 to 1,553)", "2,400.5", "1313"),  # the table writes thousands
        ("1,313 (1.2 to 1.4)", "", "1.313"),  # only so it lies between its limits
    ],
)
def test_a_number_with_two_readings_is_read_as_its_neighbours(
    tmp_path: Path, value: str, others: str, printed: str
) -> None:
    path = tmp_path / "comma.tsv"
    path.write_text(f"endpoint\tvalue\tstatistic\tlevel\nx\t{value}\tHR\t95\ny\t{others}\tmedian\t\n")
    evidence = read_table(str(path))[0]
    assert evidence.contrasts["line 2"].printed == printed


def test_a_number_with_two_readings_and_no_neighbours_is_not_guessed(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    path = tmp_path / "comma.tsv"
    path.write_text("endpoint\tvalue\tstatistic\nx\t1,313\tHR\n")
    (verdict,) = judge_files(kg, [str(path)]).verdicts
    assert (verdict.rule, verdict.verdict, verdict.missing) == (
        "number-as-printed",
        "cannot tell",
        "how it is meant",
    )


def test_the_sheet_of_a_workbook(kg: KnowledgeGraph, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Arm", "Outcome", "Total", "Percentage"])
    sheet.append(["A", "ORR", 392, 0.36])
    sheet.append(["B", "ORR", 391, 0.277])
    for row in (2, 3):
        sheet.cell(row, 4).number_format = "0.0%"
    book.save(tmp_path / "own.xlsx")
    by_rule = {one.subject: one for one in judge_files(kg, [str(tmp_path / "own.xlsx")]).verdicts}
    assert (by_rule["line 2"].verdict, by_rule["line 2"].inputs) == ("consistent", "36.0 percent, N = 392")
    assert by_rule["line 3"].verdict == "impossible"


def test_a_workbook_without_openpyxl_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with zipfile.ZipFile(tmp_path / "own.xlsx", "w") as archive:
        archive.writestr("a", "a")
    with pytest.raises(InputError, match="needs openpyxl") as refused:
        read_table(str(tmp_path / "own.xlsx"))
    assert "bempeg-kg[excel]" in str(refused.value)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.xlsx").write_text("Arm,Total")
    with pytest.raises(InputError, match="not an XLSX workbook"):
        read_table(str(tmp_path / "own.xlsx"))
    with pytest.raises(InputError, match="no such file"):
        read_table(str(tmp_path / "none.xlsx"))


def test_the_template_has_every_column_and_is_sound(
    kg: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forensics", "--template"]) == 0
    shown = capsys.readouterr().out
    assert shown == template()
    assert shown.partition("\n")[0].split("\t") == [column.name for column in COLUMNS]
    path = tmp_path / "template.tsv"
    path.write_text(shown)
    judgement = judge_files(kg, [str(path)])
    assert judgement.skipped == []
    assert {one.verdict for one in judgement.verdicts} == {"consistent"}


def test_the_command_opens_with_counts_and_shows_what_is_wrong(
    european: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forensics", european]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("4 impossible, ")
    assert "NOT JUDGED  3" in shown
    assert "CONSISTENT  " not in shown
    assert shown.rstrip().endswith("more verdicts: --full")
    assert main(["forensics", european, "--full"]) == 0
    assert "CONSISTENT  ORR, A" in capsys.readouterr().out


def test_the_report_shows_each_working(european: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert main(["forensics", european, "-o", str(page), "-q"]) == 0
    text = page.read_text()
    assert text.startswith("<!doctype html>")
    for words in ("Impossible", "47/123 = 38.2", "Not judged", "not a whole number", "GRIM"):
        assert (words in text) == (words != "GRIM")


def test_rows_for_a_program_name_what_was_not_judged(
    european: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forensics", european, "--format", "json", "-q"]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert "not judged" in {row["verdict"]["value"] for row in rows}


def study(number: str, percentage: str) -> dict[str, object]:
    """The smallest registry record with one percentage of 391 participants."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": "A trial"},
            "statusModule": {"overallStatus": "COMPLETED"},
            "designModule": {"studyType": "INTERVENTIONAL"},
        },
        "resultsSection": {
            "outcomeMeasuresModule": {
                "outcomeMeasures": [
                    {
                        "type": "PRIMARY",
                        "title": "Participants with response",
                        "paramType": "NUMBER",
                        "unitOfMeasure": "percentage of participants",
                        "groups": [{"id": "OG000", "title": "A"}],
                        "denoms": [
                            {"units": "Participants", "counts": [{"groupId": "OG000", "value": "391"}]}
                        ],
                        "classes": [
                            {"categories": [{"measurements": [{"groupId": "OG000", "value": percentage}]}]}
                        ],
                    }
                ]
            }
        },
    }


def test_a_bulk_file_is_judged_record_by_record(
    kg: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "records.jsonl.gz"
    lines = [json.dumps(study("NCT90000001", "27.7")), "{", json.dumps(study("NCT90000002", "27.9"))]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    judgement = judge_files(kg, [str(path)], ("impossible",))
    assert judgement.records == 2
    assert [one.about for one in judgement.verdicts] == ["Participants with response, A, NCT90000001"]
    assert judgement.number_of("consistent") == 1
    assert "not JSON" in judgement.skipped[0].reason
    assert main(["forensics", str(path)]) == 0
    assert "2 registry records" in capsys.readouterr().out.partition("\n")[0]


CELLS = (
    *(
        "",
        "0",
        "-1",
        "52.6",
        "0.75",
        "1e300",
        "-0141",
        "1,313",
        "0,5",
        "NA",
        "<0.001",
        "5",
        "95",
        "999999999",
    ),
    *("20/38 (52.6 %)", "0.75 (0.62 to 0.92)", "4.2 (1.3)", "0 (0 to 0)", "r(3) = 1.0, p = .05", "0/0", "∞"),
)


READABLE: tuple[dict[str, str], ...] = (
    {"endpoint": "ORR", "n": "20", "N": "38", "value": "52.6", "statistic": "proportion", "unit": "percent"},
    {"endpoint": "OS", "value": "0.75", "lower": "0.62", "upper": "0.92", "level": "95", "statistic": "HR"},
    {"endpoint": "Pain", "value": "4.2", "SD": "1.3", "N": "20", "statistic": "mean", "data": "whole"},
    {"endpoint": "PFS", "value": "52.6", "statistic": "KM rate", "unit": "percent"},
    {"endpoint": "OS", "value": "14.2", "statistic": "KM median", "unit": "months"},
    {"endpoint": "Pain", "value": "2.1", "statistic": "t", "df": "28", "p": "0.045"},
)


def test_no_cell_ends_the_run(tmp_path: Path) -> None:
    random = Random(18)
    path = tmp_path / "odd.tsv"
    header = [column.name for column in COLUMNS if column.name != "id"]
    assert {name for row in READABLE for name in row} <= set(header)
    examined = 0
    for _ in range(300):
        rows = [dict(random.choice(READABLE)) for _ in range(4)]
        for row in random.sample(rows, 2):
            row[random.choice(header)] = random.choice(CELLS)
        lines = [header, *([row.get(name, "") for name in header] for row in rows)]
        path.write_text("".join("\t".join(line) + "\n" for line in lines))
        with contextlib.suppress(InputError):
            evidence = read_table(str(path))[0]
            examine(evidence)
            examined += 1
    assert examined >= 100


def test_a_title_with_a_comma_above_a_table_with_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "title.csv"
    path.write_text("Table 2, responses\nArm;Outcome;Total;Percentage\nA;ORR;391;27,7\nB;ORR;392;36,0\n")
    assert [one.printed for one in read_table(str(path))[0].results.values()] == ["27,7", "36,0"]


def test_a_title_above_the_header(tmp_path: Path) -> None:
    path = tmp_path / "title.csv"
    path.write_text('"Table 2. Responses",,,\n\nArm,Outcome,Total,Percentage\nA,ORR,391,27.7\n')
    (result,) = read_table(str(path))[0].results.values()
    assert (result.iri, result.total, result.printed) == ("line 4", 391, "27.7")


def test_an_unreadable_p_value_is_reported(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "p.tsv"
    path.write_text("endpoint\tvalue\tstatistic\tlevel\tp\nOS\t0.75 (0.62 to 0.92)\tHR\t95\t0.05 or so\n")
    by_rule = {one.rule: one for one in judge_files(kg, [str(path)]).verdicts}
    assert by_rule["number-as-printed"].inputs == "p-value '0.05 or so'"


def test_a_ratio_beside_the_counts_and_medians_of_its_arms(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text(
        "endpoint,arm,comparator,value,unit,statistic,CI,level\n"
        "OS,A,,30.0,months,KM median,,\n"
        "OS,B,,10.0,months,KM median,,\n"
        "OS,A,B,1.20,,HR,1.02 to 1.41,95\n"
    )
    by_rule = {one.rule: one for one in judge_files(kg, [str(path)]).verdicts}
    assert by_rule["medians-and-ratio"].verdict == "cannot tell"
    assert "ratio of 0.33" in by_rule["medians-and-ratio"].working


def test_a_p_value_of_the_counts_beside_the_interval_of_a_ratio(kg: KnowledgeGraph, tmp_path: Path) -> None:
    # Fisher's p of 4/20 against 12/20 beside the Woolf interval of the odds ratio, as a paper prints them
    path = tmp_path / "both.csv"
    path.write_text(
        "endpoint,arm,comparator,value,statistic,n,N,CI,level,p\n"
        "ORR,A,,20.0,proportion,4,20,,,\n"
        "ORR,B,,60.0,proportion,12,20,,,\n"
        "ORR,A,B,0.17,OR,,,0.04 to 0.69,95,0.022\n"
    )
    by_rule = {one.rule: one.verdict for one in judge_files(kg, [str(path)]).verdicts}
    assert by_rule["p-of-two-counts"] == "consistent"
    assert by_rule["estimate-from-counts"] == "consistent"
    assert by_rule["ratio-interval-p"] in ("consistent", "cannot tell")


@pytest.mark.parametrize(
    ("value", "statistic", "unit"),
    [
        ("52,6", "proportion", "percent"),  # 20 of 38
        ("20", "count", ""),
        ("54,1", "", ""),  # may be a median in months: listed, not judged
    ],
)
def test_a_number_without_a_unit_beside_its_count(
    tmp_path: Path, value: str, statistic: str, unit: str
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(f"endpoint;value;n;N\nORR;{value};20;38\n")
    (result,) = read_table(str(path))[0].results.values()
    assert (result.statistic, result.unit) == (statistic, unit)


@pytest.mark.parametrize(
    ("hypothesis", "verdict"),
    [
        ("SUPERIORITY_OR_OTHER_LEGACY", "inconsistent"),
        ("superiority or other", "inconsistent"),
        ("Superiority", "inconsistent"),
        ("NON_INFERIORITY_OR_EQUIVALENCE_LEGACY", "cannot tell"),
        ("Non-inferiority", "cannot tell"),
        ("other", "cannot tell"),
    ],
)
def test_the_hypothesis_in_the_words_of_a_registry(tmp_path: Path, hypothesis: str, verdict: str) -> None:
    path = tmp_path / "ratio.tsv"
    path.write_text(
        "statistic\tvalue\tlower\tupper\tlevel\tp\thypothesis\tmethod\n"
        f"OR\t1.6\t1.1\t2.5\t95\t0.192\t{hypothesis}\tFisher exact\n"
    )
    evidence, _ = read_table(str(path))
    assert [one.verdict for one in examine(evidence) if one.rule == "ratio-interval-p"] == [verdict]


@pytest.mark.parametrize("words", ["KM", "by K-M", "Kaplan-Meier"])
def test_a_rate_off_a_curve_in_short(tmp_path: Path, words: str) -> None:
    path = tmp_path / "rate.tsv"
    path.write_text(f"value\tunit\tN\tnote\n91.5\tpercent\t55\t{words}\n91.5\tpercent\t55\tkmart\n")
    evidence, _ = read_table(str(path))
    verdicts = [one.verdict for one in examine(evidence) if one.rule == "percentage-of-whole-patients"]
    assert sorted(verdicts) == ["cannot tell", "impossible"]


def test_rows_that_name_no_group_are_not_said_to_disagree(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("n,N,percent\n20,38,52.6\n10,40,25.0\n11,40,25.0\n")
    wrong = [one for one in judge_files(kg, [str(path)]).verdicts if one.verdict != "consistent"]
    assert {(one.rule, one.about) for one in wrong} == {("count-matches-percentage", "line 4")}
    path.write_text("arm,endpoint,n,N,percent\nA,ORR,10,40,25.0\nA,ORR,11,40,27.5\n")
    rules = {one.rule for one in judge_files(kg, [str(path)]).verdicts if one.verdict == "inconsistent"}
    assert rules == {"sources-disagree"}
