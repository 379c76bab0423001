"""`link`, both ways: every spelling, what is ambiguous, retired or wrong, and whole columns."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.errors import InputError, NoAnswer, UnknownName, UsageError
from bempeg_kg.graph.link_tables import ADDED, link_table
from bempeg_kg.graph.links import Links
from bempeg_kg.rdf.identifiers import FORMS, Identifier, page, read_identifier
from bempeg_kg.rdf.names import EXTERNAL


@cache
def links() -> Links:
    return Links(KnowledgeGraph.open(engine="memory"))


def found(text: str) -> list[tuple[str, str]]:
    return [(links().names.shorten(link.entity), link.match) for link in links().find(text).links]


@pytest.mark.parametrize(
    "text",
    [
        *("CL:0000625", "cl:0000625", "CL_0000625", "cl_0000625", "obo:CL_0000625", "CL:CL:0000625"),
        *("http://purl.obolibrary.org/obo/CL_0000625", "https://purl.obolibrary.org/obo/CL_0000625"),
        *(
            "<http://purl.obolibrary.org/obo/CL_0000625>",
            "purl.obolibrary.org/obo/CL_0000625"[:0] + "CL 0000625",
        ),
        *("https://identifiers.org/CL:0000625", "http://identifiers.org/cl/CL:0000625"),
        *("https://identifiers.org/cl/0000625", "identifiers.org/cl:0000625"),
        *("https://bioregistry.io/cl:0000625", "https://n2t.net/CL:0000625", " CL:0000625 "),
        "https://www.ebi.ac.uk/ols4/ontologies/cl/classes/http%253A%252F%252Fpurl.obolibrary.org%252Fobo%252FCL_0000625",
    ],
)
def test_every_usual_spelling_of_a_class(text: str) -> None:
    assert found(text)[0] == ("cell:cd8-t-cell", "exactMatch")


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        *[
            (text, "protein:il2rb")
            for text in (
                *("UNIPROTKB:P14784", "uniprot:P14784", "UniProt:p14784", "P14784", "up:P14784"),
                *("https://www.uniprot.org/uniprotkb/P14784/entry", "http://purl.uniprot.org/uniprot/P14784"),
                *("https://identifiers.org/uniprot:P14784", "UniProtKB:P14784-2", "uniprot/P14784"),
            )
        ],
        *[
            (text, "trial:pivot-io-001")
            for text in (
                *("NCT03635983", "nct03635983", "NCT:NCT03635983", "clinicaltrials:NCT03635983"),
                *("https://clinicaltrials.gov/study/NCT03635983", "2018-001423-40", "EudraCT:2018-001423-40"),
                *("https://classic.clinicaltrials.gov/ct2/show/NCT03635983?rank=1",),
            )
        ],
        *[
            (text, "source:bentebibel2019-cd")
            for text in (
                *("PMID:30988166", "pmid: 30988166", "PMID30988166", "pubmed:30988166"),
                *("https://pubmed.ncbi.nlm.nih.gov/30988166/", "doi:10.1158/2159-8290.CD-18-1495"),
                *("10.1158/2159-8290.cd-18-1495", "https://doi.org/10.1158/2159-8290.CD-18-1495"),
                *(
                    "https://dx.doi.org/10.1158%2F2159-8290.CD-18-1495",
                    "http://www.ncbi.nlm.nih.gov/pubmed/30988166",
                ),
            )
        ],
        ("HGNC:6009", "protein:il2rb"),
        ("https://identifiers.org/hgnc/HGNC:6009", "protein:il2rb"),
        ("MESH:D000077594", "drug:nivolumab"),
        ("https://www.wikidata.org/wiki/Q7041828", "drug:nivolumab"),
        ("CHEMBL2108738", "drug:nivolumab"),
        ("REACT:R-HSA-389948", "pathway:reactome-pd1"),
        ("https://w3id.org/bempeg-kg/cell/nk-cell", "cell:nk-cell"),
        ("http://w3id.org/bempeg-kg/cell/nk-cell", "cell:nk-cell"),
        ("natural killer cell", "cell:nk-cell"),
    ],
)
def test_an_identifier_leads_to_its_entity(text: str, entity: str) -> None:
    if entity == "pathway:reactome-pd1":  # whatever the pathway is called here, the number leads to one
        assert found(text)[0][0].startswith(("pathway:", "process:"))
    else:
        assert found(text)[0][0] == entity


def test_every_recorded_identifier_is_found_by_curie_iri_and_page() -> None:
    """No identifier of the mapping table is lost on the way back."""
    table = links().kg.ask("outside-identifiers")
    for row in table:
        if row["modifier"] == "Not":
            continue
        curie = links().names.shorten(row["identifier"])
        for text in (curie, row["identifier"], page(read_identifier(curie)[0])):
            assert row["entity"] in {link.entity for link in links().inward(text).links}, text


def test_pages_and_prefixes_are_all_known() -> None:
    assert set(EXTERNAL) <= set(FORMS)
    assert page(Identifier("clinicaltrials", "NCT03635983")) == "https://clinicaltrials.gov/study/NCT03635983"
    with pytest.raises(UnknownName):
        page(Identifier("nope", "1"))


def test_outward_gives_match_justification_and_date() -> None:
    table = links().kg.link("drug:nivolumab")
    rows = {links().names.shorten(row["identifier"]): row for row in table}
    assert rows["CHEBI:231614"]["match"].endswith("exactMatch")
    assert rows["CHEBI:231614"]["justification"].endswith("ManualMappingCuration")
    assert str(rows["CHEBI:231614"]["checked"]) == "2026-11-22"
    assert rows["uniprot:Q15116"]["match"] if "uniprot:Q15116" in rows else True


def test_a_trial_and_a_source_have_their_numbers() -> None:
    trial = {str(link.identifier) for link in links().find("trial:pivot-io-001").links}
    assert {"clinicaltrials:NCT03635983", "euclinicaltrials:2018-001423-40"} <= trial


def test_an_obsolete_identifier_is_reported_and_followed() -> None:
    answer = links().find("EFO:0000681")
    assert answer.entities == ["https://w3id.org/bempeg-kg/disease/rcc"]
    assert answer.remarks == [
        "EFO:0000681 (obsolete_renal cell carcinoma) is obsolete: replaced by MONDO:0005086"
    ]


def test_a_subset_that_looks_like_the_drug_is_refused_with_the_reason() -> None:
    with pytest.raises(NoAnswer) as caught:
        links().find("NCIT:C128784")
    assert "the drug is NCIT:C131019" in caught.value.cure
    assert any("NCIT:C128784 is not the same" in said for said in links().find("bempegaldesleukin").remarks)


def test_two_sources_with_one_doi_are_called_ambiguous() -> None:
    answer = links().find("10.1158/2159-8290.cd-18-1495")
    assert len(answer.entities) > 1
    assert answer.remarks[-1].startswith("ambiguous: identifier of")


def test_a_number_that_two_series_share_says_so() -> None:
    assert [str(one) for one in read_identifier("CHEMBL99999999")] == [
        "chembl.compound:CHEMBL99999999",
        "chembl.target:CHEMBL99999999",
    ]
    with pytest.raises(NoAnswer) as caught:
        links().find("CHEMBL99999999")
    assert "can be read as" in caught.value.cure


def test_a_class_above_gives_its_members() -> None:
    answer = links().find("MONDO:0004993")
    assert {link.match for link in answer.links} == {"kindOf"}
    assert "https://w3id.org/bempeg-kg/disease/rcc" in answer.entities


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("foo:1", UnknownName, "prefix 'foo'"),
        ("CL:625", UsageError, "not an identifier of CL"),
        ("cell:nope", UnknownName, "entity 'cell:nope'"),
        ("zzzzzz", UnknownName, "entity 'zzzzzz'"),
        ("NCIT:C99999", NoAnswer, "nothing here is linked"),
    ],
)
def test_a_failed_lookup_gives_the_reason(text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        links().find(text)


@pytest.mark.parametrize(("form", "mark"), [("csv", ","), ("tsv", "\t")])
def test_a_column_comes_back_with_every_row_and_column(form: str, mark: str) -> None:
    rows = [
        ["note", "id", "more"],
        ["a", "CL:0000625", "1"],
        ["b", "EFO:0000681", ""],
        ["c", "", "3"],
        ["d", "foo:1"],
        ["e", "nivolumab", "5", "beyond"],
        [],
        ["f", "cell:nk-cell", "6"],
    ]
    text = "".join(mark.join(row) + "\n" for row in rows)
    batch = link_table(links(), text, column="id", form=form)
    out = [
        line.split(mark) if form == "tsv" else next(csv.reader([line]), [])
        for line in batch.text.splitlines()
    ]
    assert len(out) == len(rows)
    for before, after in zip(rows, out, strict=True):
        assert after[: len(before)] == before
    assert out[0][-4:] == list(ADDED)
    assert [row[-4] for row in out[1:] if row and row != [""]] == [
        *("cell:cd8-t-cell", "disease:rcc", "", "", "drug:nivolumab", "cell:nk-cell")
    ]
    assert "obsolete" in out[2][-1]
    assert "prefix 'foo'" in out[4][-1]
    assert (batch.rows, batch.matched) == (6, 4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
            min_size=2,
            max_size=4,
        ),
        max_size=6,
    )
)
def test_no_cell_of_any_csv_is_lost(body: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["id", "x"], *body])
    batch = link_table(links(), stream.getvalue(), form="csv")
    out = list(csv.reader(io.StringIO(batch.text, newline="")))
    assert len(out) == len(body) + 1
    for before, after in zip(body, out[1:], strict=True):
        assert after[: len(before)] == before


def test_columns_that_are_taken_get_another_name() -> None:
    batch = link_table(links(), "kg_entity\nCL:0000625\n")
    assert batch.text.splitlines()[0] == "kg_entity,kg_entity_2,kg_label_2,kg_match_2,kg_remark_2"


@pytest.mark.parametrize(
    ("text", "column", "error", "said"),
    [
        ("", None, InputError, "empty"),
        ('id\n"CL:0000625\n', None, InputError, "not CSV"),
        ("id,x\n1,2\n", "nope", UnknownName, "column 'nope'"),
        ("id,x\n1,2\n", "3", UnknownName, "column '3'"),
    ],
)
def test_a_bad_table_is_refused(text: str, column: str | None, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        link_table(links(), text, column=column)


def test_the_command_exits_as_documented(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path / "cache"))
    assert main(["link", "UNIPROTKB:P14784", "--format", "csv"]) == 0
    assert "protein/il2rb" in capfd.readouterr().out
    assert main(["link", "NCIT:C128784"]) == 1
    assert main(["link", "foo:1"]) == 2
    source = tmp_path / "ids.csv"
    source.write_bytes("﻿id,x\r\nCL:0000625,é\r\n".encode())
    assert main(["link", str(source), "-o", str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_bytes().startswith("﻿id,x,kg_entity".encode())
    assert "1 of 1 rows" in capfd.readouterr().err
    assert main(["link", str(tmp_path / "absent.csv")]) == 2
    source.write_bytes(b"id\n\xff\n")
    assert main(["link", str(source)]) == 2
    assert "ids.csv:2:1: byte 0xff is not UTF-8" in capfd.readouterr().err


def test_tables_and_pages_link_to_the_page_for_people() -> None:
    html = links().kg.select("SELECT ?x { protein:il2rb skos:exactMatch ?x } ORDER BY ?x").to_html()
    assert '<a href="https://www.uniprot.org/uniprotkb/P14784" rel="noreferrer">uniprot:P14784</a>' in html
    html = links().kg.select("SELECT ?s { ?s kg:nct 'NCT03635983' }").to_html()
    assert 'href="https://w3id.org/bempeg-kg/trial/pivot-io-001"' in html
