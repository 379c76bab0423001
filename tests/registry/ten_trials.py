"""A programme of ten imported trials: four real records and six made up."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from bempeg_kg import KnowledgeGraph
from tests.registry.programme import programme_of


def small(number: int, **status: Any) -> dict[str, Any]:
    """A trial of one drug in melanoma, made up."""
    single = number % 2
    design = {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE2" if single else "PHASE3"],
        "designInfo": {"allocation": "NA" if single else "RANDOMIZED"},
        "enrollmentInfo": {"count": 40, "type": "ACTUAL"},
    }
    response = {
        "type": "PRIMARY",
        "title": "Objective Response Rate (ORR)",
        "timeFrame": "1 year",
        "reportingStatus": "POSTED",
        "paramType": "NUMBER",
        "unitOfMeasure": "Percentage of participants",
        "groups": [{"id": "OG000", "title": "Drug"}],
        "denoms": [{"units": "Participants", "counts": [{"groupId": "OG000", "value": "40"}]}],
        "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": str(10 + number)}]}]}],
    }
    survival = response | {
        "type": "SECONDARY",
        "title": "Overall Survival (OS)",
        "paramType": "MEDIAN",
        "unitOfMeasure": "Months",
        "groups": [{"id": "OG000", "title": "Drug"}, {"id": "OG001", "title": "Placebo"}],
        "analyses": [
            {
                "groupIds": ["OG000", "OG001"],
                "paramType": "Hazard Ratio (HR)",
                "paramValue": "0.80",
                "ciPctValue": "95",
                "ciLowerLimit": "0.61",
                "ciUpperLimit": "1.05",
                "pValue": "p=0,11",
            }
        ],
    }
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT9000000{number}", "briefTitle": f"Trial {number}"},
            "statusModule": {
                "overallStatus": "COMPLETED",
                "startDateStruct": {"date": f"201{number}-03", "type": "ACTUAL"},
                "primaryCompletionDateStruct": {"date": "2020-01-15", "type": "ACTUAL"},
                "resultsFirstPostDateStruct": {"date": "2021-04-02"},
            }
            | status,
            # Trial 5 names drug and condition in its own way; the registry's headings are the same.
            "conditionsModule": {"conditions": ["Skin cancer" if number == 5 else "Melanoma"]},
            "designModule": design,
            "armsInterventionsModule": {
                "armGroups": [{"label": "Drug", "type": "EXPERIMENTAL"}],
                "interventions": [
                    {
                        "type": "DRUG",
                        "name": "DG-1 capsules" if number == 5 else "Druganib",
                        "description": "5 mg daily",
                        "armGroupLabels": ["Drug"],
                    }
                ],
            },
            "outcomesModule": {
                "primaryOutcomes": [{"measure": "Objective Response Rate (ORR)", "timeFrame": "1 year"}],
                "secondaryOutcomes": [{"measure": "Quality of Life", "timeFrame": "2 years"}],
            },
        },
        "resultsSection": {
            "outcomeMeasuresModule": {"outcomeMeasures": [response, *([] if single else [survival])]}
        },
        "derivedSection": {
            "conditionBrowseModule": {
                "meshes": [{"id": "D008545", "term": "Melanoma"}],
                "ancestors": [{"id": "D009369", "term": "Neoplasms"}],
            },
            "interventionBrowseModule": {"meshes": [{"id": "C000000001", "term": "Druganib"}]},
        },
    }


def ten_trials(folder: Path, records: dict[str, Any]) -> KnowledgeGraph:
    """Import the real records and six small ones into a new programme in a folder, and open it."""
    made = [*copy.deepcopy(list(records.values())), *(small(number) for number in (1, 2, 3, 4))]
    made.append(small(5, overallStatus="TERMINATED", whyStopped="Futility at the interim analysis"))
    made.append(small(6, overallStatus="TERMINATED", whyStopped="Excess bleeding, then slow accrual"))
    return programme_of(made, folder)
