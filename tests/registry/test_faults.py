"""Small records, each of which shows one way to get a record wrong."""

from __future__ import annotations

from typing import Any

import pytest

from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.reading import evidence_of_nodes
from bempeg_kg.evidence.record_nodes import nodes_of_study
from bempeg_kg.rdf.names import BASE, VOCAB
from bempeg_kg.registry import map_record
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.numbers import readings
from bempeg_kg.registry.stops import stop_classes
from tests.registry.test_mapping import ask, minimal, outcome_record


def names(codes: list[str]) -> list[str]:
    return [code.rpartition("#")[2].rstrip(">") for code in codes]


def with_arms(*arms: dict[str, Any], interventions: list[dict[str, Any]]) -> dict[str, Any]:
    record = minimal()
    module = {"armGroups": list(arms), "interventions": interventions}
    record["protocolSection"]["armsInterventionsModule"] = module
    return record


def events_record(*events: dict[str, Any]) -> dict[str, Any]:
    record = minimal()
    groups = [{"id": "EG000", "title": "Drug"}, {"id": "EG001", "title": "Placebo"}]
    record["resultsSection"] = {
        "adverseEventsModule": {"eventGroups": groups, "seriousEvents": list(events), "otherEvents": []}
    }
    return record


def event(term: str, system: str, *affected: int) -> dict[str, Any]:
    stats = [
        {"groupId": f"EG00{i}", "numAffected": n, "numAtRisk": 100, "numEvents": n}
        for i, n in enumerate(affected)
    ]
    return {"term": term, "organSystem": system, "sourceVocabulary": "MedDRA 20", "stats": stats}


def test_one_term_under_two_organ_systems_is_two_rows_that_say_which() -> None:
    record = events_record(event("Oedema", "Cardiac disorders", 3, 4), event("Oedema", "Skin", 0, 9))
    rows = ask(
        record,
        "?r kg:adverseEvent/rdfs:label 'oedema' ; kg:organSystem ?system ; kg:sourceVocabulary ?v ;"
        " kg:numerator ?n ; kg:group/kg:shortLabel ?group ; rdfs:label ?label",
    )
    assert {(row["system"], row["group"], row["n"]) for row in rows} == {
        ("Cardiac disorders", "Drug", "3"),
        ("Cardiac disorders", "Placebo", "4"),
        ("Skin", "Drug", "0"),
        ("Skin", "Placebo", "9"),
    }
    assert len({row["label"] for row in rows}) == 4
    assert not ask(record, "?t a kg:AdverseEventTerm ; kg:organSystem ?system")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("HER2+", "HER2-"),
        ("PD-L1 <1%", "PD-L1 >=1%"),
        ("PD-L1 ≥1%", "PD-L1 <1%"),
        ("0.5 mg", "5 mg"),
        ("1.5 mg", "1-5 mg"),
        ("ER-/PR+", "ER+/PR-"),
        ("Age = 65", "Age > 65"),
    ],
)
def test_groups_that_differ_by_a_sign_stay_two(first: str, second: str) -> None:
    groups = [{"id": "OG000", "title": first}, {"id": "OG001", "title": second}]
    record = outcome_record(groups=groups)
    outcomes = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    swapped = [{"id": "OG000", "title": second}, {"id": "OG001", "title": first}]
    outcomes.append({**outcomes[0], "title": "Other", "groups": swapped})
    rows = ask(record, "?r kg:printed '27.5' ; kg:group/kg:shortLabel ?g ; kg:endpoint/rdfs:label ?e")
    assert [row["g"] for row in sorted(rows, key=lambda row: row["e"])] == [second, first]


def test_arms_that_differ_by_a_sign_get_their_own_interventions_and_groups() -> None:
    record = with_arms(
        {"label": "HER2+", "interventionNames": ["Drug: A"]},
        {"label": "HER2-", "interventionNames": ["Drug: B"]},
        interventions=[
            {"type": "DRUG", "name": "A", "armGroupLabels": ["HER2+"]},
            {"type": "DRUG", "name": "B", "armGroupLabels": ["HER2-"]},
        ],
    )
    given = "?a a kg:Arm ; kg:shortLabel ?arm ; kg:intervention/kg:drug/rdfs:label ?drug"
    assert {(row["arm"], row["drug"]) for row in ask(record, given)} == {("HER2+", "a"), ("HER2-", "b")}


def test_labels_of_arms_decide_between_interventions_of_one_name() -> None:
    record = with_arms(
        {"label": "Low", "interventionNames": ["Drug: X"]},
        {"label": "High", "interventionNames": ["Drug: X"]},
        interventions=[
            {"type": "DRUG", "name": "X", "description": "10 mg daily", "armGroupLabels": ["Low"]},
            {"type": "DRUG", "name": "X", "description": "100 mg daily", "armGroupLabels": ["High"]},
        ],
    )
    given = "?a kg:shortLabel ?arm ; kg:intervention [ <http://purl.org/dc/terms/description> ?dose ;"
    rows = ask(record, f"{given} kg:doseStatus ?status ]")
    assert {(row["arm"], row["dose"]) for row in rows} == {("Low", "10 mg daily"), ("High", "100 mg daily")}
    assert {row["status"] for row in rows} == {VOCAB + "inText"}


def test_an_intervention_without_arms_joins_the_arm_that_names_it_without_a_dose() -> None:
    record = with_arms(
        {"label": "One", "interventionNames": ["Drug: X"]},
        {"label": "Two"},
        interventions=[{"type": "DRUG", "name": "X", "description": "given for 2 years"}],
    )
    rows = ask(record, "?a kg:shortLabel ?arm ; kg:intervention/kg:doseStatus ?status")
    assert [(row["arm"], row["status"]) for row in rows] == [("One", VOCAB + "notReported")]


def flow_record(*periods: dict[str, Any]) -> dict[str, Any]:
    record = minimal()
    groups = [{"id": "FG000", "title": "Run-in"}, {"id": "FG001", "title": "Drug"}]
    record["resultsSection"] = {"participantFlowModule": {"groups": groups, "periods": list(periods)}}
    return record


def period(title: str, started: tuple[int, int], completed: tuple[int, int]) -> dict[str, Any]:
    def of(kind: str, numbers: tuple[int, int]) -> dict[str, Any]:
        return {
            "type": kind,
            "achievements": [
                {"groupId": f"FG00{i}", "numSubjects": str(number)} for i, number in enumerate(numbers)
            ],
        }

    return {"title": title, "milestones": [of("STARTED", started), of("COMPLETED", completed)]}


def test_periods_of_the_flow_are_kept_apart() -> None:
    record = flow_record(period("Run-in", (200, 0), (191, 0)), period("Blind", (0, 191), (0, 180)))
    sets = ask(
        record,
        "?s kg:setKind ?kind ; kg:size ?n ; kg:period ?period ; kg:group/kg:shortLabel ?group"
        " OPTIONAL { ?s kg:subsetOf ?whole . ?whole kg:size ?outOf ; kg:period ?other }",
    )
    made = {(row["group"], row["period"], row["kind"].removeprefix(VOCAB), row["n"]) for row in sets}
    assert ("Run-in", "Run-in", "enrolled", "200") in made
    assert ("Drug", "Run-in", "startedPeriod", "0") in made
    assert ("Drug", "Blind", "startedPeriod", "191") in made
    assert ("Drug", "Blind", "completedStudy", "180") in made
    assert ("Run-in", "Run-in", "completedPeriod", "191") in made
    assert not [row for row in made if row[2:] == ("enrolled", "0")]
    for row in sets:
        if "outOf" in row:
            assert int(row["n"]) <= int(row["outOf"])
            assert row["period"] == row["other"]


def test_no_start_in_any_period_gives_enrolled_0() -> None:
    record = flow_record(period("Overall", (0, 10), (0, 8)))
    (row,) = ask(record, "?s kg:setKind kg:enrolled ; kg:size 0 ; kg:group/kg:shortLabel ?group")
    assert row["group"] == "Run-in"


def analysis(**fields: Any) -> dict[str, Any]:
    base = {"groupIds": ["OG000", "OG001"], "paramType": "Slope", "ciPctValue": "95"}
    return outcome_record(analyses=[base | fields])


def test_a_decimal_comma_is_no_thousands_and_a_lost_point_is_no_number() -> None:
    record = analysis(paramValue="-0,083", ciLowerLimit="-0141", ciUpperLimit="-0.024")
    (row,) = ask(
        record,
        "?c a kg:Contrast ; kg:value ?v ; kg:printed ?p ; kg:upper ?up ; kg:lowerPrinted ?lp ;"
        " kg:lowerStatus ?why FILTER NOT EXISTS { ?c kg:lower ?lower }",
    )
    assert (row["v"], row["p"], row["lp"], row["up"]) == ("-0.083", "-0,083", "-0141", "-0.024")
    assert row["why"] == VOCAB + "notRead"
    (problem,) = map_record(record).problems
    assert problem.path.endswith("ciLowerLimit")


@pytest.mark.parametrize(
    ("value", "lower", "upper", "expected"),
    [
        ("1,313", "1.1", "1.6", "1.313"),
        ("1,313", "1100", "1,999.32", "1313"),
        ("-1,763", "-1.9", "-1.2", "-1.763"),
        ("1,313", None, None, None),
        (".0076", "-.010", ".0252", "0.0076"),
        ("12,5", None, None, "12.5"),
        ("1.234,5", None, None, "1234.5"),
        ("0141", None, None, None),
        ("1.2-3.4", None, None, None),
        ("\u20130.5", None, None, "-0.5"),
        ("1\u00a0234.5", None, None, "1234.5"),
        ("5 100", None, None, None),
    ],
)
def test_numbers_as_people_type_them(
    value: str, lower: str | None, upper: str | None, expected: str | None
) -> None:
    record = analysis(paramValue=value, ciLowerLimit=lower, ciUpperLimit=upper)
    del record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]["classes"]
    (row,) = ask(record, "?c a kg:Contrast ; kg:printed ?p OPTIONAL { ?c kg:value ?v }")
    assert row["p"] == value
    assert row.get("v") == expected
    assert bool(map_record(record).problems) == (expected is None)


def test_a_posterior_probability_in_percent_is_no_p_value() -> None:
    record = analysis(paramValue="1.03", pValue="60.66", statisticalMethod="Bayesian model")
    (row,) = ask(record, "?c kg:pPrinted ?p OPTIONAL { ?c kg:pValue ?v }")
    assert (row["p"], row.get("v")) == ("60.66", None)
    (problem,) = map_record(record).problems
    assert problem.path.endswith("pValue")


def test_zeros_alone_have_lost_no_point() -> None:
    assert readings("00") == ("0",)
    assert readings("07") == ()


def test_an_ambiguous_number_follows_the_style_or_the_size_of_its_outcome() -> None:
    def values(*printed: str) -> list[str]:
        measured = [{"groupId": f"OG00{i % 2}", "value": one} for i, one in enumerate(printed)]
        record = outcome_record(
            paramType="MEAN", unitOfMeasure="ng", classes=[{"categories": [{"measurements": measured}]}]
        )
        return sorted(row["v"] for row in ask(record, "?r a kg:Result ; kg:value ?v"))

    assert values("1,313", "2,441.5") == ["1313", "2441.5"]
    assert values("1,313", "0,44") == ["0.44", "1.313"]
    assert values("1,313", "1290") == ["1290", "1313"]
    assert values("1,313", "1.5") == ["1.313", "1.5"]
    assert values("1,313", "2,441.5", "0,44") == ["0.44", "2441.5"]


def test_counts_with_commas_are_thousands() -> None:
    measured = [{"groupId": "OG000", "value": "1,249"}]
    record = outcome_record(
        paramType="COUNT_OF_PARTICIPANTS",
        unitOfMeasure="Participants",
        denoms=[{"units": "Participants", "counts": [{"groupId": "OG000", "value": "1862"}]}],
        classes=[{"categories": [{"measurements": measured}]}],
    )
    (row,) = ask(record, "?r a kg:Result ; kg:value ?v ; kg:numerator ?n ; kg:denominator ?d")
    assert (row["v"], row["n"], row["d"]) == ("1249", "1249", "1862")


@pytest.mark.parametrize(
    ("printed", "value", "sign"),
    [
        ("0,05", "0.05", None),
        ("= 0.247", "0.247", None),
        ("p=0.03", "0.03", None),
        ("P < .001", None, "<"),
        ("1,000", "1", None),
        ("≤0.01", None, "<="),
        ("-0.03", None, None),
        ("3 %", None, None),
        ("0.05 to 0.07", None, None),
    ],
)
def test_p_values_as_people_type_them(printed: str, value: str | None, sign: str | None) -> None:
    (row,) = ask(
        analysis(pValue=printed),
        "?c kg:pPrinted ?p OPTIONAL { ?c kg:pValue ?v } OPTIONAL { ?c kg:pModifier ?sign }",
    )
    assert (row["p"], row.get("v"), row.get("sign")) == (printed, value, sign)
    problems = map_record(analysis(pValue=printed)).problems
    assert [one.path.rpartition(".")[2] for one in problems] == ([] if value or sign else ["pValue"])


def test_what_a_p_value_is_stands_beside_it() -> None:
    record = analysis(
        pValue="0.9990",
        statisticalMethod="Bayesian model",
        pValueComment="One-sided posterior probability",
        nonInferiorityType="NON_INFERIORITY",
        testedNonInferiority=True,
        nonInferiorityComment="The margin was 1.25 on the ratio",
    )
    (row,) = ask(
        record,
        "?c kg:pSides ?sides ; kg:pKind ?kind ; kg:margin ?margin ; kg:testedNonInferiority ?tested ;"
        " kg:method ?method ; kg:hypothesisType kg:nonInferiority",
    )
    assert (row["sides"], row["margin"], row["tested"]) == ("1", "1.25", "true")
    assert row["kind"] == VOCAB + "posteriorProbability"
    assert not ask(analysis(pValue="0.01", statisticalMethod="ANCOVA"), "?c kg:pSides|kg:pKind|kg:margin ?x")


def test_counts_in_the_title_of_a_class_are_the_size_of_its_set() -> None:
    def classes(title: str) -> dict[str, Any]:
        measured = [{"groupId": "OG000", "value": "50"}, {"groupId": "OG001", "value": "40"}]
        return outcome_record(classes=[{"title": title, "categories": [{"measurements": measured}]}])

    found = "?r kg:denominator ?d ; kg:analysisSet/kg:size ?n ; kg:group/kg:shortLabel ?g"
    rows = ask(classes("Week 12 (n=36, n=35)"), found)
    assert {(row["g"], row["d"], row["n"]) for row in rows} == {("Drug", "36", "36"), ("Placebo", "35", "35")}
    # More than the outcome counts, or not a number a group: the title is not taken.
    for title in ("Week 12 (n=36, n=99)", "Week 12 (n=36)"):
        assert {row["d"] for row in ask(classes(title), found)} == {"40", "38"}


def test_a_kaplan_meier_percentage_is_no_share_of_a_count() -> None:
    record = outcome_record(description="Estimated by the Kaplan-Meier method")
    rows = ask(record, "?r kg:estimatedBy ?how ; kg:statistic ?s")
    assert {row["how"] for row in rows} == {VOCAB + "kaplanMeierEstimate"}
    assert not ask(record, "?r a kg:Result ; kg:denominator ?d")
    imputed = ask(
        outcome_record(description="Non-responder imputation"), "?r kg:estimatedBy kg:imputedEstimate"
    )
    assert len(imputed) == 2


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("The median was not reached", "notReached"),
        ("No participants were analyzed at this time point", "noParticipants"),
        ("All values below the limit of quantification", "belowQuantification"),
        ("Data were not collected at this visit", "notCollected"),
        ("Upper limit could not be estimated since events were few", "notEstimable"),
        ("SD cannot be calculated for one participant", "notEstimable"),
        ("see above", "notReported"),
    ],
)
def test_the_comment_says_why_there_is_no_number(comment: str, status: str) -> None:
    measured = [{"groupId": "OG000", "value": "NA", "comment": comment}]
    record = outcome_record(paramType="MEDIAN", classes=[{"categories": [{"measurements": measured}]}])
    (row,) = ask(record, "?r kg:printed 'NA' ; kg:valueStatus ?status ; kg:comment ?comment")
    assert (row["status"], row["comment"]) == (VOCAB + status, comment)


def test_a_date_or_number_without_a_type_is_not_called_actual() -> None:
    record = minimal()
    record["protocolSection"]["statusModule"] = {
        "startDateStruct": {"date": "2001-03"},
        "completionDateStruct": {"date": "2004-05-06", "type": "ACTUAL"},
    }
    record["protocolSection"]["designModule"] = {"enrollmentInfo": {"count": 50}}
    assert not ask(record, "?t kg:startDate|kg:estimatedStartDate ?d")
    assert len(ask(record, "?t kg:untypedStartDate ?d ; kg:completionDate ?c")) == 1
    (row,) = ask(record, "?s kg:size 50 ; kg:setKind ?kind")
    assert row["kind"] == VOCAB + "enrolmentNotTyped"


def test_why_a_paper_is_listed_is_stated_on_the_trial() -> None:
    def listed(number: str, kind: str) -> dict[str, Any]:
        record = minimal(number)
        record["protocolSection"]["referencesModule"] = {
            "references": [{"pmid": "123", "type": kind, "citation": "A. Journal 2020"}]
        }
        return record

    first, second = listed("NCT00000001", "RESULT"), listed("NCT00000002", "BACKGROUND")
    assert ask(first, "?t kg:nct 'NCT00000001' ; kg:resultReference ?paper")
    assert ask(second, "?t kg:nct 'NCT00000002' ; kg:backgroundReference ?paper")
    assert not ask(second, "?paper kg:reportsOn ?trial . ?paper kg:pmid '123'")


@pytest.mark.parametrize(
    ("why", "classes"),
    [
        ("Futility at the interim analysis; no new safety findings", ["futility"]),
        ("The trial did not meet its primary endpoint", ["futility"]),
        ("Not able to reach significance on the endpoint", ["otherReason"]),
        ("The accrual target was not reached", ["slowAccrual"]),
        ("No eligible patients", ["slowAccrual"]),
        ("Funds ended before enrolment was complete", ["lackOfFunding"]),
        ("A grant was received for a larger trial", ["otherReason"]),
        ("Enough data acquired for the analysis", ["objectivesMet"]),
        ("Excess bleeding in the treated arm", ["safetyReason"]),
        ("The data safety monitoring board advised it, for futility", ["futility"]),
        ("Sponsor decision, not for safety reasons", ["businessReason"]),
        ("The sponsor decided to stop, for slow recruitment", ["slowAccrual"]),
        ("Enrolment stopped once the sample size was reached", ["objectivesMet"]),
        ("The investigator moved to another hospital", ["investigatorLeft"]),
        ("", ["reasonNotStated"]),
        ("Safety was not a concern; slow accrual", ["slowAccrual"]),
        ("Stopped for reasons other than safety or efficacy", ["otherReason"]),
        ("Insufficient number of responses in stage 1", ["futility"]),
        ("The drug was not superior to placebo", ["futility"]),
        ("Conditional power below 10 %", ["futility"]),
        ("DLTs exceeded the limit", ["safetyReason"]),
        ("Enrollment target met", ["objectivesMet"]),
        ("Closed before accrual was complete", ["otherReason"]),
        ("Sponsor is bankrupt", ["lackOfFunding"]),
    ],
)
def test_stop_reasons(why: str, classes: list[str]) -> None:
    assert names(stop_classes(why)) == classes


def test_no_address_of_a_person_comes_through() -> None:
    record = minimal()
    protocol = record["protocolSection"]
    protocol["descriptionModule"] = {"briefSummary": "Write to jane.doe@example.org for more"}
    protocol["statusModule"] = {"overallStatus": "WITHDRAWN", "whyStopped": "Ask jane.doe@example.org"}
    protocol["conditionsModule"] = {"keywords": ["jane.doe@example.org"]}
    protocol["contactsLocationsModule"] = {
        "centralContacts": [{"name": "Jane Doe", "phone": "555 0100", "email": "jane.doe@example.org"}],
        "overallOfficials": [{"name": "Jane Doe, MD", "affiliation": "Some Hospital", "role": "CHAIR"}],
        "locations": [{"facility": "Praxis Jane Doe", "city": "Bonn", "country": "Germany", "zip": "53111"}],
    }
    protocol["sponsorCollaboratorsModule"] = {
        "responsibleParty": {"type": "PRINCIPAL_INVESTIGATOR", "investigatorFullName": "Jane Doe"}
    }
    body = map_record(record).body.decode()
    assert "Jane" not in body
    assert "jane" not in body
    assert "555" not in body
    assert "Write to (address left out) for more" in body
    assert ask(record, "?t kg:site ?p . ?p kg:city 'Bonn' ; kg:country 'Germany'")
    assert ask(record, "?t kg:responsibleParty 'principal investigator'")


def test_headings_keep_those_above_them_by_kind() -> None:
    record = minimal()
    record["derivedSection"] = {
        "conditionBrowseModule": {
            "meshes": [{"id": "D008545", "term": "Melanoma"}],
            "ancestors": [{"id": "D009369", "term": "Neoplasms"}],
        },
        "interventionBrowseModule": {"meshes": [{"id": "D000077594", "term": "Nivolumab"}]},
    }
    rows = ask(record, "?t kg:conditionMesh|kg:conditionMeshAncestor ?m . ?m kg:heading ?h")
    assert {row["h"] for row in rows} == {"Melanoma", "Neoplasms"}
    (row,) = ask(record, "?t kg:interventionMesh ?m . ?m kg:heading ?h")
    assert row["h"] == "Nivolumab"


def test_baseline_characteristics_are_no_results_and_keep_their_denominators() -> None:
    def counts(*numbers: int) -> list[dict[str, Any]]:
        values = [{"groupId": f"BG00{i}", "value": str(n)} for i, n in enumerate(numbers)]
        return [{"units": "Participants", "counts": values}]

    record = minimal()
    record["resultsSection"] = {
        "baselineCharacteristicsModule": {
            "groups": [{"id": "BG000", "title": "Drug"}, {"id": "BG001", "title": "Placebo"}],
            "denoms": counts(40, 38),
            "measures": [
                {
                    "title": "Sex: Female, Male",
                    "paramType": "COUNT_OF_PARTICIPANTS",
                    "unitOfMeasure": "Participants",
                    "denoms": counts(39, 38),
                    "classes": [
                        {
                            "categories": [
                                {"title": "Female", "measurements": [{"groupId": "BG000", "value": "21"}]}
                            ]
                        }
                    ],
                },
                {
                    "title": "Age, Continuous",
                    "paramType": "MEAN",
                    "dispersionType": "STANDARD_DEVIATION",
                    "unitOfMeasure": "years",
                    "classes": [
                        {
                            "categories": [
                                {"measurements": [{"groupId": "BG001", "value": "57.2", "spread": "9.1"}]}
                            ]
                        }
                    ],
                },
            ],
        }
    }
    assert not ask(record, "?r a kg:Result")
    (sex,) = ask(
        record,
        "?r a kg:BaselineMeasurement ; kg:categoryTitle 'Female' ; kg:numerator ?n ; kg:denominator ?d ;"
        " kg:analysisSet/kg:size ?size",
    )
    assert (sex["n"], sex["d"], sex["size"]) == ("21", "39", "39")
    (age,) = ask(
        record,
        "?r kg:characteristic 'Age, Continuous' ; kg:printed '57.2' ; kg:dispersion ?sd ; kg:denominator ?d ;"
        " kg:analysisSet/kg:size ?size ; kg:group/kg:shortLabel 'Placebo'",
    )
    assert (age["sd"], age["d"], age["size"]) == ("9.1", "38", "38")


def test_old_numbers_limitations_and_documents_are_kept() -> None:
    record = minimal()
    record["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000001"]
    record["resultsSection"] = {
        "moreInfoModule": {"limitationsAndCaveats": {"description": "Few patients were analysed"}}
    }
    record["documentSection"] = {
        "largeDocumentModule": {
            "largeDocs": [
                {"hasProtocol": True, "hasSap": True, "date": "2020-01-02", "filename": "Prot_SAP_000.pdf"}
            ]
        }
    }
    assert ask(record, "?t kg:nctAlias 'NCT00000001'")
    assert ask(record, "?r kg:limitations 'Few patients were analysed'")
    (row,) = ask(record, "?t kg:postedDocument ?d . ?d kg:fileName ?f ; kg:sourceType ?kind ; kg:dated ?date")
    assert (row["kind"], row["date"]) == ("study protocol and statistical analysis plan", "2020-01-02")


def test_endpoints_of_the_same_words_are_one_and_the_wording_of_the_trial_stays() -> None:
    def of(number: str, title: str) -> dict[str, Any]:
        record = outcome_record(title=title)
        record["protocolSection"]["identificationModule"]["nctId"] = number
        return record

    found = "?t a kg:TrialEndpoint ; rdfs:label ?own ; kg:endpoint ?e . ?e rdfs:label ?shared"
    (first,) = ask(of("NCT00000001", "Pain  Score"), found)
    (second,) = ask(of("NCT00000002", "pain score"), found)
    assert first["e"] == second["e"]
    assert {first["shared"], second["shared"]} == {"pain score"}
    assert (first["own"], second["own"]) == ("Pain  Score, NCT00000001", "pain score, NCT00000002")
    (other,) = ask(of("NCT00000002", "Pain score >= 2"), found)
    (another,) = ask(of("NCT00000002", "Pain score < 2"), found)
    assert len({first["e"], other["e"], another["e"]}) == 3


def test_a_count_of_participants_is_an_endpoint_of_its_own_words() -> None:
    names = {"number of participants": f"{BASE}endpoint/participants"}
    joins = Joins(names={"endpoint": names})
    title = "Number of Participants With at Least One Event"
    (row,) = ask(outcome_record(title=title), "?t a kg:TrialEndpoint ; kg:endpoint/rdfs:label ?name", joins)
    assert row["name"] == title.lower()


@pytest.mark.parametrize(
    ("title", "is_survival"),
    [
        ("All-Cause Mortality", True),
        ("Time to First Occurrence of Adjudicated All-Cause Mortality During Follow-up", True),
        ("Time to Death (Full Analysis Set)", True),
        ("Time to Death From Cardiovascular Causes", False),
        ("All-cause Mortality or Heart Failure Hospitalization", False),
        ("In-hospital Mortality", False),
    ],
)
def test_a_hazard_ratio_of_death_is_one_of_overall_survival(title: str, is_survival: bool) -> None:
    survival = f"{BASE}endpoint/os"
    joins = Joins(equal_endpoints=dict.fromkeys(("all cause mortality", "time to death"), survival))
    ratios = [{"groupIds": ["OG000"], "paramType": kind} for kind in ("Hazard Ratio (HR)", "Odds Ratio (OR)")]
    rows = ask(
        outcome_record(title=title, analyses=ratios), "?c kg:measurePrinted ?kind ; kg:endpoint ?e", joins
    )
    found = {row["kind"]: row["e"] == survival for row in rows}
    assert found == {"Hazard Ratio (HR)": is_survival, "Odds Ratio (OR)": False}
    # What is measured stays under the words of the record: a share of deaths is no share of survivors.
    assert not ask(outcome_record(title=title), f"?t a kg:TrialEndpoint ; kg:endpoint <{survival}>", joins)


def test_what_has_no_property_of_its_own_is_a_detail_of_the_record() -> None:
    record = minimal()
    posted = {"date": "2011-10-31", "type": "ESTIMATED"}
    record["protocolSection"]["statusModule"] = {"resultsFirstPostDateStruct": posted}
    measure = {"title": "Blood pressure", "reportingStatus": "NOT_POSTED", "unitOfMeasure": "mmHg"}
    record["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": [measure]}}
    details = {row["d"] for row in ask(record, "?s a kg:RegistryRecord ; kg:recordDetail ?d")}
    assert {"results posted: ESTIMATED; 2011-10-31", "without data: Blood pressure; mmHg"} <= details


def test_things_of_one_kind_have_labels_of_their_own() -> None:
    twice = [{"groupIds": ["OG000", "OG001"], "paramType": "Slope", "paramValue": one} for one in ("1", "2")]
    record = outcome_record(analyses=[one | {"groupDescription": one["paramValue"]} for one in twice])
    outcomes = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    outcomes.append({**outcomes[0], "timeFrame": "Week 99", "analyses": []})
    labels = {row["label"] for row in ask(record, "?c a kg:Contrast ; rdfs:label ?label")}
    assert sorted(label.endswith(" (2)") for label in labels) == [False, True]
    endpoints = [row["label"] for row in ask(record, "?e a kg:TrialEndpoint ; rdfs:label ?label")]
    assert len(set(endpoints)) == len(endpoints) == 2
    assert any("Week 99" in label for label in endpoints)


def test_sets_at_risk_of_other_sizes_say_which() -> None:
    first, second = event("Oedema", "Cardiac disorders", 3), event("Cough", "Chest", 2)
    second["stats"][0]["numAtRisk"] = 90
    rows = ask(events_record(first, second), "?s kg:setKind kg:atRisk ; kg:size ?n ; rdfs:label ?label")
    assert {row["n"]: ", 90 participants" in row["label"] for row in rows} == {"100": False, "90": True}


def test_two_groups_of_one_title_and_description_stay_two() -> None:
    groups = [{"id": "OG000", "title": "Drug A"}, {"id": "OG001", "title": "Drug A"}]
    record = outcome_record(groups=groups)
    rows = ask(record, "?r a kg:Result ; kg:printed ?printed ; kg:group ?g . ?g kg:shortLabel ?group")
    assert {(row["group"], row["printed"]) for row in rows} == {("Drug A", "27.5"), ("Drug A (2)", "18.4")}
    assert len({row["g"] for row in rows}) == 2


@pytest.mark.parametrize("unit", ["percentage of patient-years", "Percentage of participants per year"])
def test_a_share_of_time_is_no_share_of_participants(unit: str) -> None:
    rows = ask(outcome_record(unitOfMeasure=unit), "?r a kg:Result OPTIONAL { ?r kg:denominator ?n }")
    assert [row for row in rows if "n" in row] == []


def test_a_percentile_range_is_no_confidence_interval() -> None:
    record = outcome_record(dispersionType="25% to 75% percentile")
    outcomes = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    measured = outcomes[0]["classes"][0]["categories"][0]["measurements"][0]
    measured |= {"lowerLimit": "20", "upperLimit": "35"}
    (row,) = ask(record, "?r kg:rangeLower ?low ; kg:rangeUpper ?high FILTER NOT EXISTS { ?r kg:level ?l }")
    assert (row["low"], row["high"]) == ("20", "35")


def test_a_count_that_is_none_is_kept_as_printed_and_told() -> None:
    record = events_record({"term": "Rash", "stats": [{"groupId": "EG000", "numAffected": -3}]})
    (row,) = ask(record, "?r a kg:AdverseEventResult ; kg:printed ?p ; kg:valueStatus ?why")
    assert (row["p"], row["why"]) == ("-3", VOCAB + "notRead")
    assert [one.path.rpartition(".")[2] for one in map_record(record).problems] == ["numAffected"]


def test_a_risk_difference_counts_no_participants() -> None:
    compared = {"groupIds": ["OG000", "OG001"], "paramType": "Risk Difference (RD)", "paramValue": "0.12"}
    record = outcome_record(unitOfMeasure="Participants", analyses=[compared])
    (row,) = ask(record, "?c a kg:Contrast ; kg:unit ?unit")
    assert row["unit"].endswith("/not-stated")


def test_forensics_of_a_file_looks_at_baseline_values_and_flow_as_that_of_a_graph_does() -> None:
    record = flow_record(period("Overall", (10, 10), (8, 9)))
    record["resultsSection"]["baselineCharacteristicsModule"] = {
        "groups": [{"id": "BG000", "title": "Drug"}],
        "denoms": [{"units": "Participants", "counts": [{"groupId": "BG000", "value": "9"}]}],
        "measures": [
            {
                "title": "Sex",
                "paramType": "COUNT_OF_PARTICIPANTS",
                "unitOfMeasure": "Participants",
                "classes": [{"categories": [{"measurements": [{"groupId": "BG000", "value": "12"}]}]}],
            }
        ],
    }
    evidence = evidence_of_nodes(nodes_of_study(record, "NCT01234567", Joins()))
    (found,) = [one for one in examine(evidence) if one.verdict == "impossible"]
    assert "baseline-sex" in found.subject
