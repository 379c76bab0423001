"""Made-up study records in the shape of the ClinicalTrials.gov API v2, the same ones for the same seed.

The mix follows the registry: one record in eight has results, most have few sites, some have hundreds, and
text (eligibility, descriptions, sites) outweighs numbers. Nothing in them is about a real trial.

    python benchmarks/registry_records.py 1000 > records.jsonl
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from typing import Any

_WORDS = (
    "patients receive treatment every cycle until progression or unacceptable toxicity while "
    "investigators assess response by imaging at baseline and week eight then quarterly thereafter "
    "blood samples are drawn before each dose for pharmacokinetic analysis adverse events graded by "
    "common criteria are recorded from consent through ninety days after the last dose participants "
    "must have adequate organ function measurable disease and a life expectancy of at least three "
    "months prior systemic therapy is allowed if completed more than four weeks ago women of "
    "childbearing potential must use contraception known hypersensitivity to any component excludes "
).split()
_CONDITIONS = (
    "Melanoma",
    "Breast Cancer",
    "Type 2 Diabetes",
    "Asthma",
    "Heart Failure",
    "Depression",
    "Hypertension",
    "COPD",
    "Rheumatoid Arthritis",
    "Psoriasis",
    "Chronic Kidney Disease",
    "Non-Small Cell Lung Cancer",
    "Obesity",
    "Stroke",
    "Multiple Myeloma",
    "Atopic Dermatitis",
    "Migraine",
    "Parkinson Disease",
    "HIV Infections",
    "Osteoarthritis",
)
_EVENTS = [
    f"{where} {what}"
    for where in ("Abdominal", "Back", "Chest", "Injection site", "Respiratory", "Urinary", "Skin", "Oral")
    for what in (
        "pain",
        "infection",
        "swelling",
        "rash",
        "haemorrhage",
        "discomfort",
        "ulcer",
        "inflammation",
        "disorder",
        "pruritus",
        "oedema",
        "irritation",
        "bruising",
        "numbness",
        "dryness",
        "tenderness",
    )
]
_KINDS = ("Change in", "Rate of", "Time to", "Mean")
_SYSTEMS = (
    "Gastrointestinal disorders",
    "Infections and infestations",
    "Skin disorders",
    "Nervous system disorders",
)
_COUNTRIES = (
    "United States",
    "Germany",
    "France",
    "China",
    "Japan",
    "Brazil",
    "Canada",
    "Spain",
    "India",
    "Poland",
)


class _Maker:
    def __init__(self, number: int, seed: int) -> None:
        self.rng = random.Random(f"{seed}/{number}")
        self.nct = f"NCT{90_000_000 + number:08}"

    def words(self, least: int, most: int) -> str:
        made = " ".join(self.rng.choices(_WORDS, k=self.rng.randint(least, most)))
        return made[:1].upper() + made[1:] + "."

    def date(self, year: int) -> str:
        return f"{year}-{self.rng.randint(1, 12):02}-{self.rng.randint(1, 28):02}"

    def record(self) -> dict[str, Any]:
        rng = self.rng
        start = rng.randint(2005, 2022)
        arms = rng.choice((1, 2, 2, 2, 3))
        drug = f"Compound {rng.randint(100, 9999)}"
        names = [f"{drug} {10 * (i + 1)} mg" for i in range(arms - 1)] + ["Placebo" if arms > 1 else drug]
        conditions = rng.sample(_CONDITIONS, rng.choice((1, 1, 1, 2)))
        planned = {
            "primaryOutcomes": [self.outcome(i) for i in range(rng.randint(1, 2))],
            "secondaryOutcomes": [self.outcome(10 + i) for i in range(rng.randint(0, 8))],
        }
        has_results = rng.random() < 0.125
        record = {
            "protocolSection": {
                "identificationModule": {
                    "nctId": self.nct,
                    "orgStudyIdInfo": {"id": f"P-{rng.randint(1, 99999)}"},
                    "organization": {"fullName": f"Sponsor {rng.randint(1, 4000)}", "class": "INDUSTRY"},
                    "briefTitle": f"{drug} in {conditions[0]} {self.words(3, 8)}",
                    "officialTitle": self.words(12, 28),
                },
                "statusModule": self.status(start, has_results),
                "sponsorCollaboratorsModule": {
                    "responsibleParty": {"type": "SPONSOR"},
                    "leadSponsor": {"name": f"Sponsor {rng.randint(1, 4000)}", "class": "INDUSTRY"},
                    "collaborators": [{"name": f"Institute {rng.randint(1, 900)}", "class": "OTHER"}],
                },
                "oversightModule": {"oversightHasDmc": rng.random() < 0.4, "isFdaRegulatedDrug": True},
                "descriptionModule": {
                    "briefSummary": self.words(60, 220),
                    **({"detailedDescription": self.words(150, 700)} if rng.random() < 0.6 else {}),
                },
                "conditionsModule": {
                    "conditions": conditions,
                    "keywords": [self.words(1, 3) for _ in range(3)],
                },
                "designModule": {
                    "studyType": "INTERVENTIONAL",
                    "phases": [rng.choice(("PHASE1", "PHASE2", "PHASE3", "NA"))],
                    "designInfo": {
                        "allocation": "RANDOMIZED" if arms > 1 else "NA",
                        "interventionModel": "PARALLEL" if arms > 1 else "SINGLE_GROUP",
                        "primaryPurpose": "TREATMENT",
                        "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
                    },
                    "enrollmentInfo": {"count": rng.randint(12, 900), "type": "ACTUAL"},
                },
                "armsInterventionsModule": self.arms(names, drug),
                "outcomesModule": planned,
                "eligibilityModule": {
                    "eligibilityCriteria": "Inclusion Criteria:\n\n* "
                    + "\n* ".join(self.words(8, 40) for _ in range(rng.randint(6, 22))),
                    "healthyVolunteers": False,
                    "sex": "ALL",
                    "minimumAge": "18 Years",
                    "stdAges": ["ADULT"],
                },
                "contactsLocationsModule": self.places(),
                "referencesModule": {
                    "references": [self.reference() for _ in range(rng.choice((0, 0, 0, 1, 4)))]
                },
            },
            "derivedSection": self.derived(conditions),
            "hasResults": has_results,
        }
        if has_results:
            outcomes = planned["primaryOutcomes"] + planned["secondaryOutcomes"]
            record["resultsSection"] = self.results(names, outcomes)
        return record

    def status(self, start: int, has_results: bool) -> dict[str, Any]:
        stopped = self.rng.random() < 0.1
        module = {
            "statusVerifiedDate": f"{start + 3}-05",
            "overallStatus": "TERMINATED" if stopped else "COMPLETED",
            "expandedAccessInfo": {"hasExpandedAccess": False},
            "startDateStruct": {"date": self.date(start), "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": self.date(start + 1), "type": "ACTUAL"},
            "completionDateStruct": {"date": self.date(start + 2), "type": "ACTUAL"},
            "studyFirstSubmitDate": self.date(start - 1),
            "studyFirstPostDateStruct": {"date": self.date(start - 1), "type": "ESTIMATED"},
            "lastUpdateSubmitDate": self.date(start + 3),
            "lastUpdatePostDateStruct": {"date": self.date(start + 3), "type": "ACTUAL"},
        }
        if stopped:
            module["whyStopped"] = self.rng.choice(
                ("Slow accrual", "Sponsor decision", "Lack of efficacy", "Funding")
            )
        if has_results:
            module["resultsFirstPostDateStruct"] = {"date": self.date(start + 3), "type": "ACTUAL"}
        return module

    def outcome(self, number: int) -> dict[str, Any]:
        return {
            "measure": f"{self.rng.choice(_KINDS)} {self.words(3, 9)} {number}",
            "description": self.words(10, 60),
            "timeFrame": f"Week {self.rng.choice((4, 8, 12, 24, 52))}",
        }

    def arms(self, names: list[str], drug: str) -> dict[str, Any]:
        return {
            "armGroups": [
                {
                    "label": name,
                    "type": "PLACEBO_COMPARATOR" if name == "Placebo" else "EXPERIMENTAL",
                    "description": self.words(10, 40),
                    "interventionNames": [f"Drug: {'Placebo' if name == 'Placebo' else drug}"],
                }
                for name in names
            ],
            "interventions": [
                {
                    "type": "DRUG",
                    "name": name,
                    "description": self.words(8, 30),
                    "armGroupLabels": [arm for arm in names if (arm == "Placebo") == (name == "Placebo")],
                    "otherNames": [f"Code {self.rng.randint(1, 999)}"],
                }
                for name in dict.fromkeys([drug, *(["Placebo"] if "Placebo" in names else [])])
            ],
        }

    def places(self) -> dict[str, Any]:
        count = min(int(self.rng.lognormvariate(0.9, 1.5)) + 1, 320)
        return {
            "overallOfficials": [
                {"name": "Study Director", "affiliation": "Sponsor", "role": "STUDY_DIRECTOR"}
            ],
            "locations": [
                {
                    "facility": f"Site {self.rng.randint(1, 9999)} Hospital",
                    "city": self.words(1, 1),
                    "state": "State",
                    "zip": f"{self.rng.randint(10000, 99999)}",
                    "country": self.rng.choice(_COUNTRIES),
                    "geoPoint": {
                        "lat": round(self.rng.uniform(-60, 60), 5),
                        "lon": round(self.rng.uniform(-170, 170), 5),
                    },
                }
                for _ in range(count)
            ],
        }

    def reference(self) -> dict[str, Any]:
        return {
            "pmid": str(self.rng.randint(10_000_000, 39_999_999)),
            "type": self.rng.choice(("BACKGROUND", "DERIVED", "RESULT")),
            "citation": self.words(20, 40),
        }

    def derived(self, conditions: list[str]) -> dict[str, Any]:
        heading = [{"id": f"D{self.rng.randint(1, 59_999):06}", "term": name} for name in conditions]
        return {
            "miscInfoModule": {"versionHolder": "2026-03-06"},
            "conditionBrowseModule": {
                "meshes": heading,
                "ancestors": [
                    {"id": f"D{self.rng.randint(1, 59_999):06}", "term": self.words(1, 3)} for _ in range(8)
                ],
                "browseLeaves": [
                    {"id": f"M{i}", "name": self.words(1, 3), "relevance": "LOW"}
                    for i in range(self.rng.randint(4, 16))
                ],
            },
        }

    def results(self, names: list[str], outcomes: list[dict[str, Any]]) -> dict[str, Any]:
        sizes = [self.rng.randint(15, 400) for _ in names]
        return {
            "participantFlowModule": {
                "groups": [{"id": f"FG{i:03}", "title": name} for i, name in enumerate(names)],
                "periods": [
                    {
                        "title": "Overall Study",
                        "milestones": [
                            {
                                "type": kind,
                                "achievements": [
                                    {"groupId": f"FG{i:03}", "numSubjects": str(size - lost)}
                                    for i, size in enumerate(sizes)
                                ],
                            }
                            for kind, lost in (("STARTED", 0), ("COMPLETED", 5), ("NOT COMPLETED", 10))
                        ],
                        "dropWithdraws": [
                            {
                                "type": why,
                                "reasons": [
                                    {"groupId": f"FG{i:03}", "numSubjects": "2"} for i in range(len(names))
                                ],
                            }
                            for why in ("Adverse Event", "Lost to Follow-up", "Withdrawal by Subject")
                        ],
                    }
                ],
            },
            "baselineCharacteristicsModule": self.baseline(names, sizes),
            "outcomeMeasuresModule": {
                "outcomeMeasures": [self.measure(one, names, sizes) for one in outcomes]
            },
            "adverseEventsModule": self.events(names, sizes),
        }

    def baseline(self, names: list[str], sizes: list[int]) -> dict[str, Any]:
        groups = [f"BG{i:03}" for i in range(len(names))]
        return {
            "groups": [{"id": one, "title": name} for one, name in zip(groups, names, strict=True)],
            "denoms": [
                {
                    "units": "Participants",
                    "counts": [
                        {"groupId": one, "value": str(size)} for one, size in zip(groups, sizes, strict=True)
                    ],
                }
            ],
            "measures": [
                {
                    "title": title,
                    "paramType": "COUNT_OF_PARTICIPANTS",
                    "unitOfMeasure": "Participants",
                    "classes": [
                        {
                            "categories": [
                                {
                                    "title": f"Part {part}",
                                    "measurements": [
                                        {"groupId": one, "value": str(self.rng.randint(0, 15))}
                                        for one in groups
                                    ],
                                }
                                for part in range(4)
                            ]
                        }
                    ],
                }
                for title in (
                    "Age, Categorical",
                    "Sex: Female, Male",
                    "Race (NIH/OMB)",
                    "Region of Enrollment",
                )
            ],
        }

    def measure(self, planned: dict[str, Any], names: list[str], sizes: list[int]) -> dict[str, Any]:
        rng = self.rng
        groups = [f"OG{i:03}" for i in range(len(names))]
        kind = rng.choice(("MEAN", "MEDIAN", "COUNT_OF_PARTICIPANTS", "NUMBER", "LEAST_SQUARES_MEAN"))
        spread = {
            "MEAN": "Standard Deviation",
            "MEDIAN": "Full Range",
            "LEAST_SQUARES_MEAN": "Standard Error",
        }.get(kind)
        unit = {"COUNT_OF_PARTICIPANTS": "Participants", "NUMBER": "Percentage of participants"}.get(
            kind, "mmol/L"
        )
        measure = {
            "type": "PRIMARY" if rng.random() < 0.2 else "SECONDARY",
            "title": planned["measure"],
            "description": planned["description"],
            "timeFrame": planned["timeFrame"],
            "populationDescription": self.words(8, 24),
            "reportingStatus": "POSTED",
            "paramType": kind,
            "unitOfMeasure": unit,
            "groups": [
                {"id": one, "title": name, "description": self.words(8, 24)}
                for one, name in zip(groups, names, strict=True)
            ],
            "denoms": [
                {
                    "units": "Participants",
                    "counts": [
                        {"groupId": one, "value": str(size)} for one, size in zip(groups, sizes, strict=True)
                    ],
                }
            ],
            "classes": [
                {
                    "title": f"Visit {visit}",
                    "categories": [
                        {
                            "measurements": [
                                self.measurement(one, kind, size)
                                for one, size in zip(groups, sizes, strict=True)
                            ]
                        }
                    ],
                }
                for visit in range(rng.choice((1, 1, 1, 3, 6)))
            ],
        }
        if spread:
            measure["dispersionType"] = spread
        if len(names) > 1 and rng.random() < 0.4:
            measure["analyses"] = [
                {
                    "groupIds": groups[:1] + groups[-1:],
                    "nonInferiorityType": "SUPERIORITY",
                    "statisticalMethod": "ANCOVA",
                    "pValue": rng.choice(("<0.001", "0.0311", "=0.247", "0.5")),
                    "paramType": "Mean Difference (Final Values)",
                    "paramValue": f"{rng.uniform(-3, 3):.2f}",
                    "ciPctValue": "95",
                    "ciNumSides": "TWO_SIDED",
                    "ciLowerLimit": f"{rng.uniform(-6, -3):.2f}",
                    "ciUpperLimit": f"{rng.uniform(3, 6):.2f}",
                }
            ]
        return measure

    def measurement(self, group: str, kind: str, size: int) -> dict[str, str]:
        rng = self.rng
        if kind == "COUNT_OF_PARTICIPANTS":
            return {"groupId": group, "value": str(rng.randint(0, size))}
        if kind == "NUMBER":
            return {"groupId": group, "value": f"{100 * rng.randint(0, size) / size:.1f}"}
        made = {"groupId": group, "value": f"{rng.uniform(1, 90):.2f}"}
        if kind == "MEDIAN":
            return {**made, "lowerLimit": "0.1", "upperLimit": "99.9"}
        return {**made, "spread": f"{rng.uniform(0.1, 9):.2f}"}

    def events(self, names: list[str], sizes: list[int]) -> dict[str, Any]:
        rng = self.rng

        def rows(count: int) -> list[dict[str, Any]]:
            return [
                {
                    "term": term,
                    "organSystem": rng.choice(_SYSTEMS),
                    "sourceVocabulary": "MedDRA (20.0)",
                    "assessmentType": "SYSTEMATIC_ASSESSMENT",
                    "stats": [
                        {
                            "groupId": f"EG{i:03}",
                            "numEvents": rng.randint(0, 9),
                            "numAffected": rng.randint(0, 9),
                            "numAtRisk": size,
                        }
                        for i, size in enumerate(sizes)
                    ],
                }
                for term in rng.sample(_EVENTS, count)
            ]

        return {
            "frequencyThreshold": "5",
            "timeFrame": self.words(5, 20),
            "description": self.words(5, 30),
            "eventGroups": [
                {
                    "id": f"EG{i:03}",
                    "title": name,
                    "deathsNumAffected": 0,
                    "deathsNumAtRisk": size,
                    "seriousNumAffected": rng.randint(0, 9),
                    "seriousNumAtRisk": size,
                    "otherNumAffected": rng.randint(0, 15),
                    "otherNumAtRisk": size,
                }
                for i, (name, size) in enumerate(zip(names, sizes, strict=True))
            ],
            "seriousEvents": rows(rng.randint(0, 30)),
            "otherEvents": rows(rng.randint(3, 50)),
        }


def record(number: int, seed: int = 1) -> dict[str, Any]:
    """Record `number` of a seed, whatever was made before it."""
    return _Maker(number, seed).record()


def lines(count: int, seed: int = 1, start: int = 0) -> Iterator[bytes]:
    """Records as JSON lines."""
    import orjson

    for number in range(start, start + count):
        yield orjson.dumps(record(number, seed)) + b"\n"


def main() -> None:
    """Write records to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for line in lines(args.count, args.seed):
        sys.stdout.buffer.write(line)


if __name__ == "__main__":
    main()
