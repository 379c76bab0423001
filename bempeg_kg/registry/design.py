"""How the trial was set up: design, conditions, who could take part, enrolment, arms and what they get."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import FALSE, TRUE, kg, normal, slug, text
from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.arm_titles import UNNAMED, Arm, ArmOfGroup, arms_of_titles, unnamed_arms
from bempeg_kg.registry.record import Record, maybe, size_of, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_INTERVENTIONS = "protocolSection.armsInterventionsModule.interventions[]"
_ARMS = "protocolSection.armsInterventionsModule.armGroups[]"
_PHASES = {"EARLY_PHASE1": "Early phase 1", "NA": "Not applicable"}
_ENROLMENT = {"ESTIMATED": ("planned", "planned"), "ACTUAL": ("enrolled", "enrolled")}
_ALLOCATION = {"RANDOMIZED": "randomised", "NON_RANDOMIZED": "not randomised", "NA": "not applicable"}


def map_design(record: Record, study: dict[str, Any]) -> None:
    """Write design, cohort, enrolment, arms and interventions."""
    protocol = study["protocolSection"]
    module = protocol.get("designModule") or {}
    who = protocol.get("eligibilityModule") or {}
    about = protocol.get("conditionsModule") or {}
    conditions = [
        record.shared("disease", name, "Disease") for name in dict.fromkeys(texts(about, "conditions"))
    ]
    parts = _design(module)
    parts += [p.CONDITION + condition for condition in conditions]
    parts += [
        p.CONDITION_PRINTED + text(condition) for condition in dict.fromkeys(texts(about, "conditions"))
    ]
    for keyword in dict.fromkeys(texts(about, "keywords")):
        parts.append(p.KEYWORD + text(keyword))
    if parts:
        record.node(record.facts, parts)
    cohort = _cohort(record, who, conditions)
    _enrolment(record, module)
    _arms(record, study, cohort)


def phase(phases: list[str]) -> str | None:
    """The phase as people write it.

    >>> phase(["PHASE1", "PHASE2"]), phase(["NA"]), phase([])
    ('Phase 1/2', 'Not applicable', None)
    """
    if not phases:
        return None
    numbers = [one.removeprefix("PHASE") for one in phases]
    if all(number.isdigit() for number in numbers):
        return "Phase " + "/".join(numbers)
    return ", ".join(_PHASES.get(one, one.replace("_", " ").capitalize()) for one in phases)


def _design(module: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    words = []
    kind = module.get("studyType")
    if kind:
        parts.append(p.STUDY_TYPE + text(_words(kind)))
        words.append(_words(kind))
    maybe(parts, p.PHASE, phase(texts(module, "phases")))
    info = module.get("designInfo") or {}
    allocation = info.get("allocation")
    if allocation:
        wording = _ALLOCATION.get(allocation, _words(allocation))
        parts.append(p.ALLOCATION + text(wording))
        words.append(wording)
        if allocation in ("RANDOMIZED", "NON_RANDOMIZED"):
            parts.append(p.IS_RANDOMISED + (TRUE if allocation == "RANDOMIZED" else FALSE))
    for key in ("interventionModel", "observationalModel", "timePerspective"):
        if info.get(key):
            words.append(_words(info[key]))
    masking = info.get("maskingInfo") or {}
    wording = _masking(masking)
    if wording:
        parts.append(p.MASKING + text(wording))
        words.append(wording)
    maybe(parts, p.PRIMARY_PURPOSE, _words(info.get("primaryPurpose") or ""))
    for note in (info.get("interventionModelDescription"), masking.get("maskingDescription")):
        maybe(parts, p.NOTE, note)
    if words:
        parts.append(p.DESIGN + text(", ".join(words)))
    return parts


def _masking(info: dict[str, Any]) -> str:
    printed = info.get("masking")
    if not printed:
        return ""
    if printed == "NONE":
        return "open-label"
    masked = ", ".join(_words(text) for text in texts(info, "whoMasked"))
    return f"{_words(printed)} masking ({masked})" if masked else f"{_words(printed)} masking"


def _words(code: str) -> str:
    return code.replace("_", " ").lower()


def _cohort(record: Record, who: dict[str, Any], conditions: list[str]) -> str:
    parts = [p.A + kg("Cohort"), p.LABEL + text(f"participants, {record.nct}")]
    parts += [p.CONDITION + condition for condition in conditions]
    maybe(parts, p.ELIGIBILITY, who.get("eligibilityCriteria"))
    maybe(parts, p.POPULATION, who.get("studyPopulation"))
    maybe(parts, p.MINIMUM_AGE, who.get("minimumAge"))
    maybe(parts, p.MAXIMUM_AGE, who.get("maximumAge"))
    maybe(parts, p.SEX, _words(who.get("sex") or ""))
    healthy = who.get("healthyVolunteers")
    if healthy is not None:
        if not isinstance(healthy, bool):
            raise TypeError("healthyVolunteers")
        parts.append(p.HEALTHY_VOLUNTEERS + (TRUE if healthy else FALSE))
    return record.statement("cohort", "participants", parts)


def _enrolment(record: Record, module: dict[str, Any]) -> None:
    info = module.get("enrollmentInfo") or {}
    count = record.count(info.get("count"), "protocolSection.designModule.enrollmentInfo.count")
    # Records of before 2017 do not say whether the number is planned or actual.
    kind, words = _ENROLMENT.get(info.get("type") or "", ("enrolmentNotTyped", "enrolment of unstated type"))
    everyone = record.group("All participants")
    parts = [
        p.A + kg("AnalysisSet"),
        p.LABEL + text(f"{words}, {record.nct}"),
        p.SHORT_LABEL + text(words),
        p.GROUP + everyone.iri,
        p.SET_KIND + kg(kind),
        size_of(count),
    ]
    record.statement("set", "enrolment" if kind == "enrolmentNotTyped" else kind, parts)


def _arms(record: Record, study: dict[str, Any], cohort: str) -> None:
    module = study["protocolSection"].get("armsInterventionsModule") or {}
    by_arm: dict[str, list[tuple[str, bool]]] = {}
    #: by name, those of which the record does not say to which arms they belong
    unassigned: dict[str, list[tuple[str, bool]]] = {}
    for intervention in module.get("interventions") or ():
        name = intervention.get("name")
        if not name:
            record.problem(f"{_INTERVENTIONS}.name", "an intervention without a name was left out")
            continue
        labels = texts(intervention, "armGroupLabels")
        known = _intervention(record, intervention, name, _told_of_arms(module, name, labels))
        for label in labels:
            by_arm.setdefault(normal(label), []).append(known)
        if not labels:
            unassigned.setdefault(normal(f"{intervention.get('type') or ''} {name}"), []).append(known)
    arms = module.get("armGroups") or ()
    written = []
    for arm in arms:
        label = arm.get("label") or "Arm without a label"
        # Two interventions can have one name and differ in dose: the labels of the arms decide.
        interventions = by_arm.get(normal(label), []) + [
            one for name in texts(arm, "interventionNames") for one in unassigned.get(normal(name), ())
        ]
        written.append(_arm(record, arm, label, dict(interventions), cohort))
    _tell_loose_names(record, module)
    listed = [Arm(arm.get("label") or "", arm.get("type") or "") for arm in arms]
    matches = arms_of_titles(study, listed)
    record.arms |= dict.fromkeys(unnamed_arms(study, listed, matches), UNNAMED)
    for title, match in matches.items():
        note = f"taken for the arm '{listed[match.place].label}': {match.inferred}" if match.inferred else ""
        record.arms[title] = ArmOfGroup(*written[match.place], note)


def _tell_loose_names(record: Record, module: dict[str, Any]) -> None:
    """Tell of labels and names by which arms and interventions name each other, and which none has."""
    arms, interventions = module.get("armGroups") or (), module.get("interventions") or ()
    labels = {normal(arm.get("label") or "") for arm in arms}
    names = {normal(f"{one.get('type') or ''} {one.get('name') or ''}") for one in interventions}
    for one in interventions:
        for label in texts(one, "armGroupLabels"):
            if normal(label) not in labels:
                record.problem(
                    f"{_INTERVENTIONS}.armGroupLabels[]", "an intervention of an arm that is not listed"
                )
    for arm in arms:
        for name in texts(arm, "interventionNames"):
            if normal(name) not in names:
                record.problem(
                    f"{_ARMS}.interventionNames[]", "an arm with an intervention that is not listed"
                )


def _arm(
    record: Record, arm: dict[str, Any], label: str, interventions: dict[str, bool], cohort: str
) -> tuple[str, str]:
    """Write an arm; its IRI and role."""
    parts = [
        p.A + kg("Arm"),
        p.LABEL + text(f"{label}, {record.nct}"),
        p.SHORT_LABEL + text(label),
        p.COHORT + cohort,
    ]
    role = codes.ARM_ROLE.get(arm.get("type") or "", kg("roleNotStated"))
    parts.append(p.ARM_ROLE + role)
    for one, is_drug in interventions.items():
        parts.append((p.INTERVENTION if is_drug else p.NON_DRUG_INTERVENTION) + one)
    maybe(parts, p.DESCRIPTION, arm.get("description"))
    return record.statement("arm", slug(label, 50), parts), role


def _told_of_arms(module: dict[str, Any], name: str, labels: Sequence[str]) -> str:
    """What the arms of an intervention say, where they give no other or where they name it."""
    arms = {normal(arm.get("label") or ""): arm for arm in module.get("armGroups") or ()}
    given = [set(map(normal, texts(one, "armGroupLabels"))) for one in module.get("interventions") or ()]
    told = []
    for label in map(normal, labels):
        arm = arms.get(label, {})
        words = f"{arm.get('label') or ''} {arm.get('description') or ''}"
        is_alone = sum(label in of_one for of_one in given) == 1
        parts = re.split(r"[.;]\s", words)
        told += [part for part in parts if is_alone or name.lower() in part.lower()]
    return " ".join(told)


def _intervention(
    record: Record, intervention: dict[str, Any], name: str, told_of_arms: str
) -> tuple[str, bool]:
    """The IRI of an intervention, and whether it is a drug under test."""
    kind = intervention.get("type") or ""
    is_drug = kind in codes.DRUG_TYPES and "placebo" not in name.lower()
    parts = [p.A + kg("Intervention" if is_drug else "NonDrugIntervention")]
    parts.append(p.LABEL + text(f"{name}, {record.nct}"))
    if kind:
        parts.append(p.INTERVENTION_TYPE + text(_words(kind)))
    if is_drug:
        parts.append(p.DRUG + record.shared("drug", name, "Drug"))
        words = f"{name} {intervention.get('description') or ''} {told_of_arms}"
        parts.append(p.DOSE_STATUS + kg("inText" if codes.has_dose(words) else "notReported"))
    maybe(parts, p.DESCRIPTION, intervention.get("description"))
    for other in dict.fromkeys(texts(intervention, "otherNames")):
        parts.append(p.ALTERNATIVE + text(other))
    return record.statement("intervention", slug(name, 50), parts), is_drug
