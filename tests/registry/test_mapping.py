"""One record to statements: what the real records become, and what hostile ones cannot do."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from bempeg_kg.rdf.names import BASE, VOCAB
from bempeg_kg.registry import Joins, Refused, map_record
from bempeg_kg.registry.predicates import LABEL


def quads_of(record: dict[str, Any], joins: Joins | None = None) -> list[Quad]:
    return list(parse(map_record(record, joins).body, format=RdfFormat.N_QUADS))


def ask(record: dict[str, Any], where: str, joins: Joins | None = None) -> list[dict[str, str]]:
    """Rows of a SELECT * over the statements of one record."""
    store = Store()
    store.extend(quads_of(record, joins))
    results = store.query(
        f"SELECT * WHERE {{ {where} }}",
        prefixes={"kg": VOCAB, "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "": BASE},
        use_default_graph_as_union=True,
    )
    names = [variable.value for variable in results.variables]
    return [
        {name: term.value for name, term in zip(names, row, strict=True) if term is not None}
        for row in results
    ]


def minimal(number: str = "NCT01234567") -> dict[str, Any]:
    return {"protocolSection": {"identificationModule": {"nctId": number, "briefTitle": "A trial"}}}


def outcome_record(**measure: Any) -> dict[str, Any]:
    """A record with one outcome of two groups."""
    record = minimal()
    base = {
        "type": "PRIMARY",
        "title": "Response",
        "timeFrame": "1 year",
        "reportingStatus": "POSTED",
        "paramType": "NUMBER",
        "unitOfMeasure": "Percentage of participants",
        "groups": [{"id": "OG000", "title": "Drug"}, {"id": "OG001", "title": "Placebo"}],
        "denoms": [
            {
                "units": "Participants",
                "counts": [{"groupId": "OG000", "value": "40"}, {"groupId": "OG001", "value": "38"}],
            }
        ],
        "classes": [
            {
                "categories": [
                    {
                        "measurements": [
                            {"groupId": "OG000", "value": "27.5"},
                            {"groupId": "OG001", "value": "18.4"},
                        ]
                    }
                ]
            }
        ],
    }
    record["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": [{**base, **measure}]}}
    return record


def test_every_measurement_event_and_analysis_of_the_real_records_is_there(records: dict[str, Any]) -> None:
    for number, record in records.items():
        results = record["resultsSection"]
        outcomes = results["outcomeMeasuresModule"]["outcomeMeasures"]
        measured = sum(
            len(category["measurements"])
            for outcome in outcomes
            for one in outcome.get("classes", [])
            for category in one["categories"]
        )
        events = results["adverseEventsModule"]
        stats = sum(
            len(event["stats"]) for key in ("seriousEvents", "otherEvents") for event in events.get(key, [])
        )
        totals = 2 * len(events["eventGroups"])
        got = ask(record, "?r a kg:Result ; kg:trialEndpoint ?t")
        assert len(got) == measured, number
        assert len(ask(record, "?r a kg:AdverseEventResult")) == stats + totals, number
        analyses = sum(len(outcome.get("analyses", [])) for outcome in outcomes)
        assert len(ask(record, "?c a kg:Contrast")) == analyses, number


def test_numbers_are_those_of_the_record(records: dict[str, Any]) -> None:
    rows = ask(
        records["NCT02210780"],
        """?c a kg:Contrast ; kg:endpoint/rdfs:label ?title ; kg:value ?v ; kg:printed ?printed ;
        kg:lower ?lo ; kg:upper ?up ; kg:level ?level ; kg:sides ?sides ; kg:pPrinted ?p ;
        kg:comparedGroup/kg:shortLabel ?new ;
        kg:referenceGroup/kg:shortLabel ?old .
        FILTER NOT EXISTS { ?c kg:pValue ?exact } FILTER(CONTAINS(?title, "easi-50"))""",
    )
    assert [(row["printed"], row["lo"], row["up"], row["level"]) for row in rows] == [
        ("40.2", "29.4", "51.01", "90")
    ]
    assert rows[0]["p"] == "<0.0001"
    assert (rows[0]["new"], rows[0]["old"]) == ("Dupilumab 300 mg qw", "Placebo qw")
    (row,) = ask(
        records["NCT00567567"],
        """?r kg:adverseEvent/rdfs:label "13200-anemia" ; kg:serious false ; kg:eventCount 35 ;
        kg:numerator ?n ;
        kg:denominator ?d ; kg:attribution ?why ; kg:group/kg:shortLabel ?group .
        FILTER NOT EXISTS { ?r kg:grade ?g }""",
    )
    assert (row["n"], row["d"], row["group"]) == ("23", "206", "Single HST (CEM)")
    assert row["why"] == VOCAB + "allCause"


def test_outcomes_posted_without_data_are_separate_from_posted_ones(records: dict[str, Any]) -> None:
    rows = ask(records["NCT00567567"], "?e kg:reportingStatus kg:outcomePostedWithoutData ; rdfs:label ?l")
    assert len(rows) == 3
    assert len(ask(records["NCT00567567"], "?e kg:reportingStatus kg:outcomePosted")) == 14


def test_registered_and_never_reported() -> None:
    record = outcome_record()
    record["protocolSection"]["outcomesModule"] = {
        "primaryOutcomes": [{"measure": "Response", "timeFrame": "2 years"}],
        "secondaryOutcomes": [{"measure": "Survival", "timeFrame": "5 years"}],
    }
    (missing,) = ask(
        record, "?e kg:reportingStatus kg:outcomeMissing ; rdfs:label ?l ; kg:endpointRole ?role"
    )
    assert missing["l"] == "Survival, NCT01234567"
    assert missing["role"] == VOCAB + "secondaryEndpoint"
    (found,) = ask(record, "?e kg:timeFrame '1 year' ; kg:registeredTimeFrame ?was ; kg:isRegistered true")
    assert found["was"] == "2 years"
    del record["resultsSection"]
    assert len(ask(record, "?e kg:reportingStatus kg:noResultsPosted")) == 2


def test_percentage_of_participants_keeps_its_denominator_and_printed_form() -> None:
    rows = ask(
        outcome_record(), "?r a kg:Result ; kg:printed ?p ; kg:denominator ?d ; kg:statistic ?s ; kg:unit ?u"
    )
    assert sorted((row["p"], row["d"]) for row in rows) == [("18.4", "38"), ("27.5", "40")]
    assert {row["s"] for row in rows} == {BASE + "statistic/proportion"}


def test_a_percentage_over_time_is_no_count_of_patients(records: dict[str, Any]) -> None:
    rows = ask(records["NCT00716976"], "?r a kg:Result ; kg:level ?level ; kg:statistic ?s ; kg:lower ?x")
    assert [row["level"] for row in rows] == ["95"] * 4
    assert {row["s"] for row in rows} == {BASE + "statistic/number"}
    assert not ask(records["NCT00716976"], "?r kg:level ?l ; kg:numerator ?n")
    known = {"event free survival": BASE + "endpoint/event-free-survival"}
    rows = ask(records["NCT00716976"], "?r kg:statistic ?s ; kg:level ?l", Joins(names={"endpoint": known}))
    assert BASE + "statistic/kaplan-meier-rate" in {row["s"] for row in rows}


@pytest.mark.parametrize(
    ("printed", "comment", "expected"),
    [
        ("36.0", None, {"value": "36.0", "printed": "36.0"}),
        ("1,204", None, {"printed": "1,204", "valueStatus": "notRead"}),
        ("=0.247", None, {"value": "0.247", "printed": "=0.247"}),
        ("<0.001", None, {"printed": "<0.001", "valueModifier": "<", "valueStatus": "onlyBound"}),
        ("NA", "Median was not reached", {"printed": "NA", "valueStatus": "notReached"}),
        ("NA", "could not be estimated", {"printed": "NA", "valueStatus": "notEstimable"}),
        ("NA", None, {"printed": "NA", "valueStatus": "notReported"}),
        ("", None, {"valueStatus": "notReported"}),
    ],
)
def test_values_as_printed(printed: str, comment: str | None, expected: dict[str, str]) -> None:
    measurement = {"groupId": "OG000", "value": printed, "comment": comment}
    record = outcome_record(
        paramType="MEDIAN",
        unitOfMeasure="Months",
        classes=[{"categories": [{"measurements": [measurement]}]}],
    )
    (result,) = {quad.subject for quad in quads_of(record) if quad.object == NamedNode(VOCAB + "Result")}
    found = {
        quad.predicate.value.removeprefix(VOCAB): quad.object.value.removeprefix(VOCAB)
        for quad in quads_of(record)
        if quad.subject == result
    }
    wanted = ("value", "printed", "valueModifier", "valueStatus")
    assert {name: value for name, value in found.items() if name in wanted} == expected


def test_one_sided_interval_and_limits_without_a_level() -> None:
    analysis = {
        "groupIds": ["OG000", "OG001"],
        "paramType": "Hazard Ratio (HR)",
        "paramValue": "0.8",
        "ciPctValue": "97.5",
        "ciNumSides": "ONE_SIDED",
        "ciUpperLimit": "1.1",
        "nonInferiorityType": "NON_INFERIORITY",
        "nonInferiorityComment": "margin 1.25",
        "pValue": "0.02",
    }
    record = outcome_record(analyses=[analysis])
    (row,) = ask(
        record,
        """?c kg:sides 1 ; kg:level 97.5 ; kg:upper 1.1 ; kg:lowerStatus ?why ; kg:pValue 0.02 ;
        kg:measure ?m ;
        kg:hypothesisType kg:nonInferiority ; kg:hypothesisComment "margin 1.25" ;
        kg:referenceGroupBasis kg:derived""",
    )
    assert row["m"] == BASE + "statistic/hazard-ratio"
    del analysis["ciPctValue"]
    (row,) = ask(outcome_record(analyses=[analysis]), "?c kg:upperPrinted ?up ; kg:levelStatus ?why")
    assert row["up"] == "1.1"
    assert not ask(outcome_record(analyses=[analysis]), "?c kg:upper ?up")


def test_groups_that_are_not_listed_are_kept_apart_and_reported() -> None:
    record = outcome_record(analyses=[{"groupIds": ["OG000", "OG007"], "pValue": "0.5"}])
    mapped = map_record(record)
    assert [problem.message for problem in mapped.problems] == ["names a group that is not listed"]
    (row,) = ask(
        record, "?c a kg:Contrast ; kg:comparedGroup/kg:shortLabel ?g . FILTER(CONTAINS(?g, 'OG007'))"
    )
    assert row["g"] == "OG007, not listed in Response"


def test_three_groups_are_all_compared_and_none_is_called_the_reference() -> None:
    groups = [{"id": f"OG00{i}", "title": name} for i, name in enumerate(("A", "B", "C"))]
    record = outcome_record(
        groups=groups, analyses=[{"groupIds": [one["id"] for one in groups], "pValue": "0.5"}]
    )
    assert len(ask(record, "?c a kg:Contrast ; kg:comparedGroup ?g ; kg:groupsPrinted 'A; B; C'")) == 3
    assert not ask(record, "?c kg:referenceGroup ?g")


def test_group_numbers_of_different_outcomes_are_never_joined() -> None:
    record = outcome_record()
    outcomes = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    other = copy.deepcopy(outcomes[0])
    other["title"] = "Something else"
    other["groups"] = [{"id": "OG000", "title": "Placebo"}, {"id": "OG001", "title": "Drug"}]
    outcomes.append(other)
    rows = ask(record, "?r kg:group/kg:shortLabel ?g ; kg:printed '27.5' ; kg:endpoint/rdfs:label ?e")
    assert sorted((row["e"], row["g"]) for row in rows) == [
        ("response", "Drug"),
        ("something else", "Placebo"),
    ]


def test_lesions_are_no_patients() -> None:
    record = outcome_record(
        paramType="COUNT_OF_UNITS",
        unitOfMeasure="Lesions",
        typeUnitsAnalyzed="Lesions",
        denomUnitsSelected="Lesions",
        denoms=[
            {"units": "Participants", "counts": [{"groupId": "OG000", "value": "40"}]},
            {"units": "Lesions", "counts": [{"groupId": "OG000", "value": "212"}]},
        ],
        classes=[{"categories": [{"measurements": [{"groupId": "OG000", "value": "31"}]}]}],
    )
    (row,) = ask(
        record,
        "?r kg:printed '31' ; kg:unitDenominator 212 ; kg:analysisSet ?s . ?s kg:size ?n ; kg:unitCount ?u",
    )
    assert (row["n"], row["u"]) == ("40", "212")
    assert not ask(record, "?r kg:denominator ?d")


def test_groups_join_arms_by_the_whole_title_or_the_bare_label() -> None:
    record = outcome_record(
        groups=[
            {"id": "OG000", "title": "Observation Arm"},
            {"id": "OG001", "title": "Placebo (after crossover)"},
            {"id": "OG002", "title": "Drug"},
            {"id": "OG003", "title": "5 mg/kg"},
            {"id": "OG004", "title": "Placebo"},
        ],
        classes=[],
    )
    labels = ("Observation Arm (no drug)", "1. Placebo", "Drug (low dose)", "Drug (high dose)", "10 mg/kg")
    record["protocolSection"]["armsInterventionsModule"] = {"armGroups": [{"label": one} for one in labels]}
    found = {(row["g"], row["a"]) for row in ask(record, "?x kg:shortLabel ?g ; kg:arm/kg:shortLabel ?a")}
    assert found == {("Observation Arm", "Observation Arm (no drug)"), ("Placebo", "1. Placebo")}


def _arms_of_groups(titles: list[str], arms: list[tuple[str, str]], model: str) -> set[tuple[str, str, str]]:
    """(title, label of its arm, note) of the groups of one outcome of a randomised trial."""
    groups = [{"id": f"OG00{place}", "title": title} for place, title in enumerate(titles)]
    record = outcome_record(groups=groups, classes=[])
    record["protocolSection"]["designModule"] = {
        "designInfo": {"allocation": "RANDOMIZED", "interventionModel": model}
    }
    record["protocolSection"]["armsInterventionsModule"] = {
        "armGroups": [{"label": label, "type": kind} for label, kind in arms]
    }
    note = "<http://www.w3.org/2004/02/skos/core#note>"
    found = f"?x kg:shortLabel ?g ; kg:arm/kg:shortLabel ?a . OPTIONAL {{ ?x {note} ?n }}"
    return {(row["g"], row["a"], row.get("n") or "") for row in ask(record, found)}


@pytest.mark.parametrize(
    ("titles", "arms", "model", "found"),
    [
        (
            ["Drug A 5mg", "Drug A 10mg", "Placebo Group"],
            [("Drug A (DRGA) (5 mg)", "EXPERIMENTAL"), ("Drug A (DRGA) (10 mg)", "EXPERIMENTAL"),
             ("Placebo", "PLACEBO_COMPARATOR")],
            "CROSSOVER",
            {("Drug A 5mg", "Drug A (DRGA) (5 mg)", ""), ("Drug A 10mg", "Drug A (DRGA) (10 mg)", ""),
             ("Placebo Group", "Placebo", "")},
        ),
        (
            ["Drug A 5 mg", "Placebo", "Total"],
            [("Drug A", "EXPERIMENTAL"), ("Placebo tablet", "PLACEBO_COMPARATOR")],
            "PARALLEL",
            {("Placebo", "Placebo tablet", "taken for the arm 'Placebo tablet': only placebo arm"),
             ("Drug A 5 mg", "Drug A",
              "taken for the arm 'Drug A': only arm that no other group is named after")},
        ),
        # In a crossover a group is a treatment, not an arm; a part of a trial is none either.
        (["Drug A 5 mg", "Placebo"], [("Drug A", ""), ("Placebo tablet", "PLACEBO_COMPARATOR")], "CROSSOVER",
         set()),
        (["Open-label Drug A", "Placebo"], [("Drug A", "EXPERIMENTAL"), ("Placebo", "")], "PARALLEL",
         {("Placebo", "Placebo", "")}),
        # Two titles that could be one arm are told apart by nothing.
        (["Drug A arm", "Drug A group"], [("Drug A", ""), ("Drug B", "")], "PARALLEL", set()),
    ],
)  # fmt: skip
def test_titles_name_arms_in_other_spellings_or_by_what_is_left(
    titles: list[str], arms: list[tuple[str, str]], model: str, found: set[tuple[str, str, str]]
) -> None:
    assert _arms_of_groups(titles, arms, model) == found


@pytest.mark.parametrize(
    ("titles", "model", "kinds"),
    [
        (["Treatment", "Control"], "PARALLEL", {"unnamedArm"}),
        (["Treatment", "Control"], "CROSSOVER", {"reportedGroup"}),
        (["Treatment", "Open-label extension"], "PARALLEL", {"reportedGroup"}),
        (["Treatment", "Control", "Observed"], "PARALLEL", {"reportedGroup"}),
    ],
)
def test_groups_of_the_flow_are_arms_where_there_are_as_many(
    titles: list[str], model: str, kinds: set[str]
) -> None:
    record = outcome_record(classes=[], groups=[{"id": "OG000", "title": title} for title in titles])
    record["protocolSection"]["designModule"] = {
        "designInfo": {"allocation": "RANDOMIZED", "interventionModel": model}
    }
    record["protocolSection"]["armsInterventionsModule"] = {"armGroups": [{"label": "1"}, {"label": "2"}]}
    groups = [{"id": f"FG00{place}", "title": title} for place, title in enumerate(titles)]
    record["resultsSection"]["participantFlowModule"] = {"groups": groups, "periods": []}
    listed = ", ".join(f'"{title}"' for title in titles)
    rows = ask(record, f"?x kg:shortLabel ?g ; kg:groupKind ?k . FILTER(?g IN ({listed}))")
    assert {row["k"].rpartition("#")[2] for row in rows} == kinds


def test_every_denominator_is_there_whatever_its_unit_and_level() -> None:
    def denoms(**units: str) -> list[dict[str, Any]]:
        return [
            {"units": unit, "counts": [{"groupId": "OG000", "value": value}]} for unit, value in units.items()
        ]

    record = outcome_record(
        denomUnitsSelected="Participants",
        denoms=denoms(Participants="40", Eyes="78", Lesions="212"),
        classes=[
            {
                "title": "Week 4",
                "denoms": denoms(Participants="38"),
                "categories": [{"measurements": [{"groupId": "OG000", "value": "50"}]}],
            },
            {"title": "Week 8", "denoms": denoms(Participants="35"), "categories": []},
        ],
    )
    sizes = {(row["l"], row["n"]) for row in ask(record, "?s kg:shortLabel ?l ; kg:size ?n")}
    of = "analysed for Response"
    assert {(f"{of}, Drug", "40"), (f"{of}, Week 4, Drug", "38"), (f"{of}, Week 8, Drug", "35")} <= sizes
    units = {(row["c"], row["n"]) for row in ask(record, "?s kg:unitCounted ?c ; kg:unitCount ?n")}
    assert units == {("Eyes", "78"), ("Lesions", "212")}
    # The eyes are no denominator of the percentage: its set counts patients and nothing else.
    assert not ask(record, "?r kg:analysisSet ?s . ?s kg:unitCounted ?c")


def test_flow_in_units_names_them_and_reports_invalid_counts() -> None:
    record = minimal()
    reached = [{"groupId": "FG000", "numSubjects": "50", "numUnits": "98"}]
    reached.append({"groupId": "FG001", "numSubjects": "about 3", "numUnits": "many"})
    record["resultsSection"] = {
        "participantFlowModule": {
            "typeUnitsAnalyzed": "Eyes",
            "groups": [{"id": "FG000", "title": "Drug"}, {"id": "FG001", "title": "Placebo"}],
            "periods": [{"title": "All", "milestones": [{"type": "STARTED", "achievements": reached}]}],
        },
        "adverseEventsModule": {
            "frequencyThreshold": "5%",
            "eventGroups": [{"id": "EG000", "title": "Drug", "deathsNumAffected": "n/a"}],
        },
    }
    started = "?f a kg:FlowCount ; kg:printed ?p ; kg:analysisSet ?s"
    (row,) = ask(record, f"{started} . ?s kg:unitCount ?n ; kg:unitCounted ?u")
    assert (row["n"], row["u"], row["p"]) == ("98", "Eyes", "50")
    assert ask(record, "?f a kg:FlowCount ; kg:printed 'about 3'")
    assert ask(record, "?s kg:frequencyThreshold ?t FILTER(?t = 5)")
    told = [one.path.rpartition(".")[2] for one in map_record(record).problems]
    assert told == ["deathsNumAffected", "numSubjects", "numUnits"]


def test_a_level_is_read_with_its_sign_and_never_lost() -> None:
    def contrast(level: str) -> dict[str, Any]:
        analysis = {"groupIds": ["OG000", "OG001"], "paramType": "Odds Ratio (OR)", "paramValue": "2"}
        analysis |= {"ciPctValue": level, "ciLowerLimit": "1.1", "ciUpperLimit": "3.3"}
        return outcome_record(analyses=[analysis])

    assert ask(contrast("95%"), "?c kg:level ?l ; kg:lower 1.1 FILTER(?l = 95)")
    assert ask(
        contrast("100"), "?c kg:levelStatus kg:notReported ; kg:comment 'confidence level as printed: 100'"
    )


@pytest.mark.parametrize("digits_of", ["\u0661\u0662", "\uff11\uff12"])
def test_digits_of_other_scripts_make_no_number(digits_of: str) -> None:
    record = outcome_record(
        classes=[{"categories": [{"measurements": [{"groupId": "OG000", "value": digits_of}]}]}]
    )
    (row,) = ask(record, "?r kg:printed ?p ; kg:valueStatus ?why")
    assert row["p"] == digits_of
    with pytest.raises(Refused):
        map_record(minimal("NCT012345" + digits_of))


def test_iris_come_from_content_not_from_position(records: dict[str, Any]) -> None:
    def without_order(record: dict[str, Any]) -> set[Any]:
        return {quad for quad in quads_of(record) if not str(quad.predicate).endswith("orderInRecord>")}

    for record in records.values():
        turned = copy.deepcopy(record)
        results = turned["resultsSection"]
        results["outcomeMeasuresModule"]["outcomeMeasures"].reverse()
        for key in ("seriousEvents", "otherEvents"):
            results["adverseEventsModule"].get(key, []).reverse()
        turned["protocolSection"]["armsInterventionsModule"]["armGroups"].reverse()
        assert without_order(turned) == without_order(record)


def test_the_same_record_gives_the_same_bytes(records: dict[str, Any]) -> None:
    for record in records.values():
        assert map_record(copy.deepcopy(record)).body == map_record(record).body


def test_each_node_is_stated_once(records: dict[str, Any]) -> None:
    for record in records.values():
        body = map_record(record).body
        lines = body.splitlines()
        assert len(lines) == len(set(lines))
        labels = [line.split(b" ", 1)[0] for line in lines if LABEL.strip().encode() in line]
        assert len(labels) == len(set(labels))


def test_a_curated_trial_keeps_its_own_facts() -> None:
    record = minimal("NCT03635983")
    record["protocolSection"]["statusModule"] = {"overallStatus": "COMPLETED"}
    joins = Joins(trials={"NCT03635983": BASE + "trial/pivot-io-001"})
    rows = ask(record, "?s kg:reportsOn ?t ; kg:status ?x ; a kg:RegistryRecord", joins)
    assert [row["t"] for row in rows] == [BASE + "trial/pivot-io-001"]
    # The curated graph has a source:ctgov-nct03635983, which is the copy that people read.
    assert [row["s"] for row in rows] == [BASE + "source/ctgov-nct03635983-imported"]
    assert not ask(record, f"<{BASE}trial/pivot-io-001> ?p ?o", joins)
    assert ask(record, f"?c a kg:Cohort ; kg:trial <{BASE}trial/pivot-io-001>", joins)


def test_names_that_the_graph_knows_are_joined() -> None:
    record = outcome_record(title="Objective Response Rate (ORR) per RECIST 1.1")
    joins = Joins(names={"endpoint": {"objective response rate": BASE + "endpoint/orr"}})
    assert len(ask(record, f"?r a kg:Result ; kg:endpoint <{BASE}endpoint/orr>", joins)) == 2
    assert not ask(record, "?e a kg:Endpoint", joins)


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("Sponsor decision", {"businessReason"}),
        ("Slow accrual", {"slowAccrual"}),
        ("Low enrollment; not due to any safety concern", {"slowAccrual"}),
        ("Terminated for lack of efficacy", {"futility"}),
        ("The study did not meet its primary endpoint", {"futility"}),
        ("PI left the institution and funding ended", {"investigatorLeft", "lackOfFunding"}),
        ("Because the moon was full", {"otherReason"}),
        (None, {"reasonNotStated"}),
    ],
)
def test_stop_reasons_have_a_class_and_keep_their_words(why: str | None, expected: set[str]) -> None:
    record = minimal()
    record["protocolSection"]["statusModule"] = {"overallStatus": "TERMINATED", "whyStopped": why}
    rows = ask(record, "?t kg:stopReasonClass ?c")
    assert {row["c"].removeprefix(VOCAB) for row in rows} == expected
    assert [row["w"] for row in ask(record, "?t kg:stopReason ?w")] == ([why] if why else [])


HOSTILE = [
    'a" . <urn:evil> <urn:p> "x',
    "a\\",
    "a\n<urn:evil> <urn:p> <urn:o> .\n",
    "a b<c>d{e}|f^g`h",
    "\u0000\u0001\u001f\u007f\ufffe\u2028\u0085",
    "\U0001d518 \u202e reversed",
    "'''\"\"\"",
    "x" * 30_000,
    "@" + "x" * 30_000 + "@",
    "../../../etc/passwd",
    "%3E%20%3Curn:evil",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_out_of_its_term(text: str) -> None:
    record = outcome_record(
        title=text,
        timeFrame=text,
        unitOfMeasure=text,
        paramType=text,
        dispersionType=text,
        groups=[{"id": text, "title": text, "description": text}],
        denoms=[{"units": text, "counts": [{"groupId": text, "value": text}]}],
        classes=[
            {
                "title": text,
                "categories": [
                    {
                        "title": text,
                        "measurements": [
                            {
                                "groupId": text,
                                "value": text,
                                "spread": text,
                                "lowerLimit": text,
                                "comment": text,
                            }
                        ],
                    }
                ],
            }
        ],
        analyses=[
            {
                "groupIds": [text, "OG9"],
                "paramType": text,
                "paramValue": text,
                "pValue": text,
                "ciPctValue": text,
                "ciLowerLimit": text,
                "statisticalMethod": text,
            }
        ],
    )
    protocol = record["protocolSection"]
    protocol["identificationModule"] |= {"briefTitle": text, "acronym": text, "orgStudyIdInfo": {"id": text}}
    protocol["statusModule"] = {"overallStatus": text, "whyStopped": text, "startDateStruct": {"date": text}}
    protocol["conditionsModule"] = {"conditions": [text], "keywords": [text]}
    protocol["sponsorCollaboratorsModule"] = {"leadSponsor": {"name": text}}
    protocol["referencesModule"] = {
        "references": [{"pmid": text, "citation": text, "type": text}],
        "seeAlsoLinks": [{"url": text, "label": text}],
    }
    record["derivedSection"] = {"conditionBrowseModule": {"meshes": [{"id": text}]}}
    record["resultsSection"]["adverseEventsModule"] = {
        "frequencyThreshold": text,
        "eventGroups": [{"id": text, "title": text, "seriousNumAffected": 1, "seriousNumAtRisk": 2}],
        "seriousEvents": [
            {"term": text, "organSystem": text, "stats": [{"groupId": text, "numAffected": 1}]}
        ],
    }
    quads = quads_of(record)
    assert len(quads) == map_record(record).statements
    graphs = {NamedNode(f"{BASE}data/trials/{name}.ttl") for name in ("nct01234567", "registry-entities")}
    for quad in quads:
        assert quad.graph_name in graphs
        assert isinstance(quad.subject, NamedNode)
        assert quad.subject.value.startswith(BASE)
        assert set(quad.subject.value.removeprefix(BASE)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/")
        assert quad.predicate.value.startswith((VOCAB, "http://www.w3.org/", "http://purl.org/dc/terms/"))
        assert isinstance(quad.object, Literal | NamedNode)
        if isinstance(quad.object, NamedNode):
            assert set(quad.object.value) <= set(ascii_letters + digits + ":/.#-")


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (
            ("protocolSection", "conditionsModule"),
            {"conditions": "x"},
            "protocolSection.conditionsModule.conditions",
        ),
        (
            ("protocolSection", "conditionsModule"),
            {"conditions": ["a", 3]},
            "protocolSection.conditionsModule.conditions[]",
        ),
        (
            ("protocolSection", "identificationModule", "briefTitle"),
            "\ud800",
            "protocolSection.identificationModule.briefTitle",
        ),
        (
            ("resultsSection", "outcomeMeasuresModule", "outcomeMeasures"),
            [{"title": "x", "classes": [{"categories": [{"measurements": [{"value": "1"}]}]}]}],
            "resultsSection.outcomeMeasuresModule.outcomeMeasures[].classes[].categories[].measurements[].groupId",
        ),
        (
            ("resultsSection", "adverseEventsModule"),
            {"eventGroups": [None]},
            "resultsSection.adverseEventsModule.eventGroups[]",
        ),
    ],
)
def test_a_value_of_another_shape_is_told_with_its_place(
    path: tuple[str, ...], value: Any, place: str
) -> None:
    record = outcome_record()
    here = record
    for key in path[:-1]:
        here = here.setdefault(key, {})
    here[path[-1]] = value
    assert place in {problem.path for problem in map_record(record).problems}


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"protocolSection": {}},
        {"protocolSection": None},
        {"protocolSection": []},
        {"protocolSection": {"identificationModule": {"nctId": 7}}},
        {"protocolSection": {"identificationModule": ["NCT01234567"]}},
        {"nctId": "NCT01234567"},
    ],
)
def test_what_is_no_record_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        map_record(record)


def test_a_record_with_nothing_but_its_number_is_mapped() -> None:
    record = {"protocolSection": {"identificationModule": {"nctId": "NCT01234567"}}}
    rows = ask(record, "?t a kg:Trial ; kg:nct ?n ; kg:statusAbsent ?s ; kg:sponsorStatus ?w ; kg:acronym ?a")
    assert [row["n"] for row in rows] == ["NCT01234567"]


@pytest.mark.parametrize("written", ["nct01234567", " NCT01234567\n", "NCT 01234567"])
def test_a_number_in_another_spelling_is_read_and_told(written: str) -> None:
    made = map_record({"protocolSection": {"identificationModule": {"nctId": written}}})
    assert made.nct == "NCT01234567"
    assert [problem.message for problem in made.problems] == [f"{written!r} was read as NCT01234567"]
    with pytest.raises(Refused, match="'nct012345678' is not a registry number"):
        map_record({"protocolSection": {"identificationModule": {"nctId": "nct012345678"}}})


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a piece of JSON."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_record_is_mapped_soundly_or_refused_with_its_place(
    seed: int, records: dict[str, dict[str, Any]]
) -> None:
    rng = random.Random(seed)
    strange = [None, "", 0, -1, 1.5, True, [], {}, "x", ["x"], {"a": 1}, "NA", "-", "OG000"]
    for _ in range(25):
        record = copy.deepcopy(records[rng.choice(["NCT00763412", "NCT02210780"])])
        damaged = list(places(record))
        for where, key in rng.sample(damaged, rng.choice((1, 1, 2, 5))):
            if isinstance(where, dict) and rng.random() < 0.4:
                where.pop(key, None)
            elif isinstance(where, dict) or key < len(where):
                where[key] = rng.choice(strange)
        try:
            mapped = map_record(record)
        except Refused as refused:
            assert "protocolSection" in refused.message + refused.path, refused.message
            continue
        lines = mapped.body.splitlines()
        assert len(lines) == len(set(lines)) == len(list(parse(mapped.body, format=RdfFormat.N_QUADS)))
