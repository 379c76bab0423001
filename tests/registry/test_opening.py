"""What the page and the card of an imported trial open with."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content.scaffold import write_programme
from bempeg_kg.graph.opening import opening
from bempeg_kg.graph.primary_words import chief_title
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.web.pages.pages import Pages
from tests.registry.programme import programme_of

PREFIXES = "".join(
    f"@prefix {kind}: <https://example.org/p/{kind}/> .\n"
    for kind in ("trial", "source", "group", "contrast", "result", "endpoint")
)
PREFIXES += f"@prefix kg: <{VOCAB}> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
#: Patients by category, of whom a total and those without a response are no finding.
COUNTS = {"Yes": 5, "Total": 40, "Non-responder": 35}
_GROUPS = [{"id": "OG000", "title": "Drug"}, {"id": "OG001", "title": "Placebo"}]
_DENOMS = [{"units": "Participants", "counts": [{"groupId": one["id"], "value": "40"} for one in _GROUPS]}]


def outcome(title: str, **values: Any) -> dict[str, Any]:
    """A posted primary outcome of two groups of 40."""
    usual = {
        "type": "PRIMARY", "title": title, "timeFrame": "12 weeks", "reportingStatus": "POSTED",
        "paramType": "MEAN", "dispersionType": "Standard Deviation", "unitOfMeasure": "meters",
        "groups": _GROUPS, "denoms": _DENOMS,
        "classes": [{"categories": [{"measurements": [
            {"groupId": "OG000", "value": "38.90", "spread": "7.1"},
            {"groupId": "OG001", "value": "-5.5", "spread": "6.0"},
        ]}]}],
    }  # fmt: skip
    return {**usual, **values}


def analysis(**values: Any) -> dict[str, Any]:
    usual = {
        "groupIds": ["OG000", "OG001"], "paramType": "Mean Difference (Final Values)", "paramValue": "44.40",
        "ciPctValue": "95", "ciNumSides": "TWO_SIDED", "ciLowerLimit": "24.7", "ciUpperLimit": "66.6",
        "pValue": "<0.001", "statisticalMethod": "ANCOVA", "nonInferiorityType": "SUPERIORITY",
    }  # fmt: skip
    return {**usual, **values}


def of_measurements(*listed: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"categories": [{"measurements": list(listed)}]}]


CASES: dict[str, list[dict[str, Any]]] = {
    "a comparison": [outcome("Walk", analyses=[analysis()])],
    "two tests of one estimate": [
        outcome("Walk", analyses=[analysis(), analysis(pValue="0.04", nonInferiorityType="NON_INFERIORITY")])
    ],
    "a limit on one side": [
        outcome("Walk", analyses=[analysis(ciNumSides="ONE_SIDED", ciLowerLimit=None, ciPctValue="97.5")])
    ],
    "a test alone": [outcome("Walk", analyses=[{"groupIds": ["OG000", "OG001"], "pValue": "0.3"}])],
    "two endpoints": [outcome("Height"), outcome("Walk", analyses=[analysis()])],
    "no analysis": [outcome("Walk")],
    "not reached": [
        outcome(
            "Time", paramType="MEDIAN", dispersionType="95% Confidence Interval", unitOfMeasure="months",
            classes=of_measurements(
                {"groupId": "OG000", "value": "NA", "lowerLimit": "8.0", "upperLimit": "NA",
                 "comment": "Median not reached"},
                {"groupId": "OG001", "value": "6.1", "lowerLimit": "4.0", "upperLimit": "9.0"},
            ),
        )
    ],
    "one arm": [
        outcome("Response", groups=_GROUPS[:1], paramType="COUNT_OF_PARTICIPANTS",
                unitOfMeasure="Participants", dispersionType=None,
                classes=of_measurements({"groupId": "OG000", "value": "12"}))
    ],
    "many values": [
        outcome("Walk", classes=[
            {"title": title, "categories": [{"measurements": [
                {"groupId": "OG000", "value": value, "spread": "1"}]}]}
            for title, value in (("Baseline", "1.0"), ("Week 4", "2.0"), ("Week 24", "3.0"))
        ])
    ],
    "no data": [outcome("Walk", reportingStatus="NOT_POSTED", classes=[])],
}  # fmt: skip

_COMPARED = "Walk: Drug against Placebo, 38.90 v -5.5 meters, mean difference 44.40"
_TOLD = f"Primary endpoint, {_COMPARED} (95 % interval 24.7 to 66.6), p <0.001"
_MEANS = (
    "Primary endpoint, Walk: Drug mean 38.90 meters (standard deviation 7.1, N 40); "
    "Placebo mean -5.5 meters (standard deviation 6.0, N 40)."
)
TOLD = {
    "a comparison": f"{_TOLD}. Status: Completed.",
    "two tests of one estimate": f"{_TOLD}, p 0.04 (non-inferiority). Status: Completed.",
    "a limit on one side": f"Primary endpoint, {_COMPARED} (upper 97.5 % limit 66.6), p <0.001. "
    "Status: Completed.",
    "a test alone": f"Primary endpoint, {_COMPARED.partition(', mean')[0]}, p 0.3. Status: Completed.",
    "two endpoints": _TOLD.replace("Primary endpoint", "One of 2 primary endpoints") + ". Status: Completed.",
    "no analysis": f"{_MEANS} Status: Completed.",
    "not reached": "Primary endpoint, Time: Drug median NA (not reached) (95 % interval 8.0 to NA, N 40); "
    "Placebo median 6.1 months (95 % interval 4.0 to 9.0, N 40). Status: Completed.",
    "one arm": "Primary endpoint, Response: Drug 12 of 40 participants. Status: Completed.",
    "many values": "Primary endpoint, Walk, Week 24: Drug mean 3.0 meters (standard deviation 1, N 40) "
    "(2 more values of it). Status: Completed.",
    "no data": "Primary endpoint, Walk: not posted yet. Status: Completed.",
    "no results": "No results posted. Status: Completed.",
    "withdrawn": "No results posted. Status: Withdrawn, no patient enrolled. No funding.",
    "stopped": f"{_TOLD}. Status: Terminated. Futility.",
    "observational": f"{_MEANS} Status: Completed.",
}


def record(number: int, case: str, bare: dict[str, Any]) -> dict[str, Any]:
    """A record of two groups with the outcomes of a case."""
    made = copy.deepcopy(bare)
    protocol = made["protocolSection"]
    protocol["identificationModule"] = {"nctId": f"NCT{number:08}", "briefTitle": case}
    protocol["statusModule"] = {"overallStatus": "COMPLETED"}
    outcomes = CASES.get(case, [outcome("Walk")])
    made["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": outcomes}}
    if case == "stopped":
        protocol["statusModule"] = {"overallStatus": "TERMINATED", "whyStopped": "Futility."}
        outcomes[0]["analyses"] = [analysis()]
    if case == "observational":
        protocol["designModule"] = {"studyType": "OBSERVATIONAL"}
    if case in ("no results", "withdrawn"):
        del made["resultsSection"]
        made["hasResults"] = False
    if case == "withdrawn":
        protocol["statusModule"] = {"overallStatus": "WITHDRAWN", "whyStopped": "No funding"}
        protocol["designModule"] = {
            "studyType": "INTERVENTIONAL", "enrollmentInfo": {"count": 0, "type": "ACTUAL"},
        }  # fmt: skip
    return made


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any]) -> KnowledgeGraph:
    """A programme of one trial a case."""
    bare = {"protocolSection": {"designModule": {"studyType": "INTERVENTIONAL"}}, "hasResults": True}
    made = [record(at, case, bare) for at, case in enumerate(TOLD, 1)]
    return programme_of(made, tmp_path_factory.mktemp("opening"))


@pytest.mark.parametrize("case", TOLD)
def test_a_trial_opens_with_its_finding(case: str, kg: KnowledgeGraph) -> None:
    number = list(TOLD).index(case) + 1
    assert opening(kg, kg.resolve(f"NCT{number:08}")).sentence == TOLD[case]


def test_the_card_has_it_before_the_properties(kg: KnowledgeGraph) -> None:
    text = " ".join(kg.card("NCT00000001", 80).split())
    assert text.index("mean difference 44.40") < text.index("is a trial") < text.index("status: completed")


def of_statements(folder: Path, turtle: str) -> KnowledgeGraph:
    """A programme with one trial, `trial:t`, its primary endpoint, and other statements."""
    data = folder / "programme"
    write_programme(str(data), "https://example.org/p/")
    known = """trial:t a kg:Trial ; rdfs:label "T" ; kg:acronym "T" ; kg:statusPrinted "Completed" .
        <https://example.org/p/endpoint/o> a kg:Endpoint ; rdfs:label "overall survival" .
        <https://example.org/p/outcome/o> a kg:TrialEndpoint ; rdfs:label "Survival" ; kg:trial trial:t ;
            kg:endpoint endpoint:o ; kg:endpointRole kg:primaryEndpoint ."""
    (data / "data" / "trials" / "t.ttl").write_text(f"{PREFIXES}{known}\n{turtle}", "utf-8")
    return KnowledgeGraph.open(data, engine="memory")


def test_results_of_a_paper_are_told_where_the_registry_has_none(tmp_path: Path) -> None:
    kg = of_statements(
        tmp_path,
        """source:r a kg:RegistryRecord ; rdfs:label "R" ; kg:reportsOn trial:t ; kg:hasResults false .
        group:a a kg:AnalysisGroup ; kg:shortLabel "A" ; kg:trial trial:t .
        group:b a kg:AnalysisGroup ; kg:shortLabel "B" ; kg:trial trial:t .
        contrast:c a kg:Contrast ; kg:trial trial:t ; kg:comparedGroup group:a ; kg:referenceGroup group:b ;
            kg:endpoint endpoint:o ; kg:measure <https://w3id.org/bempeg-kg/statistic/hazard-ratio> ;
            kg:value 0.7 ; kg:printed "0.70" ; kg:source source:paper ; kg:basis kg:primaryBasis .""",
    )
    told = opening(kg, kg.resolve("trial:t")).sentence
    assert "0.70" in told and "No results posted" not in told


def test_a_result_without_a_group_or_a_number_ends_no_page(tmp_path: Path) -> None:
    kg = of_statements(
        tmp_path,
        """result:r a kg:Result ; kg:trial trial:t ; kg:trialEndpoint <https://example.org/p/outcome/o> ;
            kg:value "about 3" ; kg:printed "about 3" .""",
    )
    assert "group not stated about 3" in opening(kg, kg.resolve("trial:t")).sentence


def test_several_compared_groups_are_all_named(tmp_path: Path) -> None:
    kg = of_statements(
        tmp_path,
        """group:a a kg:AnalysisGroup ; kg:shortLabel "High" ; kg:trial trial:t .
        group:b a kg:AnalysisGroup ; kg:shortLabel "Low" ; kg:trial trial:t .
        group:c a kg:AnalysisGroup ; kg:shortLabel "Placebo" ; kg:trial trial:t .
        <https://example.org/other/c> a kg:Contrast ; kg:trial trial:t ; kg:comparedGroup group:a , group:b ;
            kg:referenceGroup group:c ; kg:trialEndpoint <https://example.org/p/outcome/o> ;
            kg:printed "0.5" .""",
    )
    assert "High and Low against Placebo, estimate 0.5" in opening(kg, kg.resolve("trial:t")).sentence


def test_a_total_is_no_category_to_tell() -> None:
    rows = {("Response", name): [{"statistic": "count", "number": at}] for name, at in COUNTS.items()}
    assert chief_title(rows) == ("Response", "Yes")


def test_the_page_has_the_title_below_the_number(kg: KnowledgeGraph) -> None:
    page = Pages(kg, static=True).entity(kg.resolve("NCT00000001"))
    assert page is not None and '<h1>NCT00000001</h1>\n<p class="quiet">Also a comparison</p>' in page.html
