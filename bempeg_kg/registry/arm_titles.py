"""Which registered arm the title of a result group names.

The results section of a record lists its groups anew and does not say which arm each of them is. Titles are
compared with the labels of the arms, the strictest rule first: the same words; the same without what stands
in brackets in the label; the same in another spelling (`750mg`, `750 mg`; `Placebo arm`, `Placebo`); the
same words in another order; and in a parallel randomised trial what is left over: `Placebo` where one arm is
a placebo comparator, the last group of a list where every other one has its arm, and the groups of a list of
as many groups as arms where each has words of another arm. From the order on they are inferred, and the
group says so. Where
patients flow through as many groups as there are arms, each is an arm, even if no title says which.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from bempeg_kg.rdf.ntriples import normal
from bempeg_kg.registry.arm_words import any_order, assigned, in_mg

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

#: Titles of everyone in the trial.
WHOLE = frozenset(("total", "overall", "all participants", "all patients", "all subjects", "overall study"))
_CONTROL = re.compile(r"(?i)\b(?:placebo|control|sham|standard of care|observation|no treatment)\b")
#: Words with which these name no comparator: what is controlled, and what is given with another treatment.
_NO_CONTROL = re.compile(
    r"(?i)\b(?:placebo|sham)[- ]controlled\b"
    r"|\b(?:tight|strict|intensive|optimal|glucose|glyc?a?emic|sugar|pressure|BP|rate|rhythm|pain|weight|lipid"
    r"|symptom|infection|disease|tumou?r|local|birth|asthma|temperature|fluid|volume|motor|seizure|bleeding)"
    r" control\b"
    r"|(?<=\w)\s*(?:\+|&|\bplus\b|\band\b|\bwith\b|\bin addition to\b|\badded to\b|\bon top of\b)"
    r"\s*(?:the )?standard of care\b"
)
#: An abbreviation or a company's code in brackets.
_CODE = re.compile(r"\((?=[^()]*[A-Z][^()a-z]*[A-Z])[^()a-z\s]+\)")
_SPELLINGS = (
    (re.compile(r"(?<=\d)(?=[a-z])"), " "),
    (re.compile(r" (?:plus|and) "), " + "),
    (re.compile(r"[(),]"), " "),
)
_RECEIVING = re.compile(r"^(?:participants|patients|subjects) (?:receiving|randomi[sz]ed to|assigned to) ")
_KIND = re.compile(r" (?:arm|group|treatment arm|treatment group)$")
#: Words of a group that is a time or a part of a trial rather than an arm.
_NO_ARM = re.compile(
    r"\b(?:open|extension|period|phase|part|cross\w*|then|follow\w*|not|non|never|all|any|both|pooled|combined"
    r"|sub\w*|core|long|screen\w*|run|washout|switch\w*|rollover|continu\w*|inpatient|outpatient|week|month|year"
    r"|total|completer|completed|responder|evaluable|japan\w*|chinese|asian|korean|european)s?\b"
)
_PLACEBO = "only placebo arm"
_SAME_WORDS = "the same words in another order"
_OWN_WORDS = "only arm with words of this title, in a list of as many groups as arms"
_LAST = "only arm that no other group is named after"


class Arm(NamedTuple):
    """An arm as its record lists it: its label, and its type such as PLACEBO_COMPARATOR."""

    label: str
    kind: str


class ArmOfGroup(NamedTuple):
    """The arm that the title of a group names: IRI, role, and a note where that is inferred."""

    iri: str
    role: str
    note: str = ""


NO_ARM = ArmOfGroup("", "")
UNNAMED = ArmOfGroup("", "", "one of the arms; the record does not say which")


class Match(NamedTuple):
    """The arm of a title by its place in the record's list; `inferred` says from what, if not from words."""

    place: int
    inferred: str = ""


@lru_cache(1 << 12)
def bare_arm(label: str) -> str:
    """The label of an arm without a number in front and what stands in brackets.

    Groups are often called by that. The title of a group is never cut: `Placebo (crossed over)` is another.

    >>> bare_arm("2. Repaglinide"), bare_arm("Observation Arm (No sodium thiosulfate)")
    ('repaglinide', 'observation arm')
    """
    return normal(re.sub(r"^\s*\d{1,2}[.):]?\s+(?=\D)|\([^)]*\)", " ", label))


@lru_cache(1 << 12)
def spelled(label: str) -> str:
    """A label in one spelling of doses, `plus`, brackets and the word arm.

    >>> spelled("Drug-7 (DRG7) (750mg) Arm"), spelled("Drug-7, 750 mg"), spelled("Arm")
    ('drug 7 750 mg', 'drug 7 750 mg', 'arm')
    >>> spelled("Participants receiving Drug A plus Drug B") == spelled("Drug A + Drug B")
    True
    """
    text = in_mg(_CODE.sub(" ", label).lower())
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    words = _RECEIVING.sub("", normal(text))
    return _KIND.sub("", words) or words


def is_control(title: str) -> bool:
    """Whether a title speaks of placebo, a control, or standard of care.

    >>> is_control("Control Group (surgery)"), is_control("Device Group")
    (True, False)
    >>> is_control("Tight glucose control"), is_control("Nivolumab + standard of care")
    (False, False)
    >>> is_control("Placebo + standard of care"), is_control("Drug A, placebo-controlled part")
    (True, False)
    """
    return _CONTROL.search(_NO_CONTROL.sub(" ", title)) is not None


def arms_of_titles(study: dict[str, Any], arms: list[Arm]) -> dict[str, Match]:
    """The arm of each title of a result group that names one; titles as `normal` writes them.

    A title that would stand for two arms, or share its arm with another title of its list, has none.
    """
    lists = [sorted({normal(title) for title in titles}) for titles in _lists(study)]
    printed = {normal(title): title for titles in _lists(study) for title in titles}
    spellings = {title: spelled(words) for title, words in printed.items()}
    found: dict[str, Match] = {}
    for form in (normal, bare_arm, spelled):
        places = _single(arms, form)
        named = {
            title: Match(place)
            for title, spelling in spellings.items()
            if (place := places.get(spelling if form is spelled else title)) is not None
            and title not in found
        }
        _add(named, lists, found)
    _reorder(lists, arms, printed, found)
    if _is_parallel(study):
        _infer(lists, arms, spellings, found)
        _tell_apart(lists, arms, printed, found)
    return found


def unnamed_arms(study: dict[str, Any], arms: list[Arm], found: dict[str, Match]) -> set[str]:
    """Titles of groups of the participant flow that are arms, of which none says which: normal titles.

    They are those without an arm in a parallel randomised trial whose flow lists as many groups as arms.
    """
    groups = ((study.get("resultsSection") or {}).get("participantFlowModule") or {}).get("groups") or ()
    titles = [normal(group.get("title") or "") for group in groups]
    if not _is_parallel(study) or len(titles) < 2 or len(titles) != len(arms):
        return set()
    if len(set(titles)) < len(titles) or any(title in WHOLE or _NO_ARM.search(title) for title in titles):
        return set()
    return {title for title in titles if title and title not in found}


def _lists(study: dict[str, Any]) -> Iterator[list[str]]:
    """The titles of each list of groups in the results."""
    results = study.get("resultsSection") or {}
    outcomes = (results.get("outcomeMeasuresModule") or {}).get("outcomeMeasures") or ()
    listed = [
        (results.get("participantFlowModule") or {}).get("groups"),
        (results.get("baselineCharacteristicsModule") or {}).get("groups"),
        *(outcome.get("groups") for outcome in outcomes),
        (results.get("adverseEventsModule") or {}).get("eventGroups"),
    ]
    for groups in listed:
        yield [title for group in groups or () if (title := group.get("title") or group.get("id"))]


def _single(arms: list[Arm], form: Callable[[str], str]) -> dict[str, int]:
    """The place of each arm by its label in some form, where no other arm has the same."""
    forms = [form(arm.label) for arm in arms]
    counted = Counter(forms)
    return {one: place for place, one in enumerate(forms) if one and counted[one] == 1}


def _taken(place: int, title: str, lists: list[list[str]], found: dict[str, Match]) -> bool:
    """Whether another title stands for the arm in a list that has this title."""
    return any(
        found[other].place == place
        for titles in lists
        if title in titles
        for other in titles
        if other != title and other in found
    )


def _is_parallel(study: dict[str, Any]) -> bool:
    info = (study["protocolSection"].get("designModule") or {}).get("designInfo") or {}
    return info.get("allocation") == "RANDOMIZED" and info.get("interventionModel") == "PARALLEL"


def _infer(
    lists: list[list[str]], arms: list[Arm], spellings: dict[str, str], found: dict[str, Match]
) -> None:
    """Add the titles that can only be one arm: placebo, then the last of a list."""
    placebos = [place for place, arm in enumerate(arms) if arm.kind == "PLACEBO_COMPARATOR"]
    for title, spelling in spellings.items():
        is_left = spelling == "placebo" and title not in found and len(placebos) == 1
        if is_left and not _taken(placebos[0], title, lists, found):
            found[title] = Match(placebos[0], _PLACEBO)
    last: dict[str, set[int]] = {}
    for titles in lists:
        listed = [title for title in titles if title not in WHOLE]
        left = [title for title in listed if title not in found]
        if len(listed) == len(arms) and len(left) == 1:
            (place,) = set(range(len(arms))) - {found[title].place for title in listed if title in found}
            last.setdefault(left[0], set()).add(place)
    for title, places in last.items():
        (place, *others) = places
        if not others and _speaks_of(title, arms[place].label) and not _taken(place, title, lists, found):
            found[title] = Match(place, _LAST)


def _reorder(
    lists: list[list[str]], arms: list[Arm], printed: dict[str, str], found: dict[str, Match]
) -> None:
    """Add the titles that have the words of one arm in another order: `50 mg of drug`, `drug 50 mg`."""
    places = _single(arms, any_order)
    named = {
        title: Match(place, _SAME_WORDS)
        for title, words in printed.items()
        if title not in found and (place := places.get(any_order(words))) is not None
    }
    _add(named, lists, found)


def _tell_apart(
    lists: list[list[str]], arms: list[Arm], printed: dict[str, str], found: dict[str, Match]
) -> None:
    """Add the titles of lists of as many groups as arms, in which each group names another arm.

    A title that a longer list has too may be of a part of an arm, unless patients flow through these groups.
    """
    places: dict[str, set[int]] = {}
    flow = tuple(title for title in lists[0] if title not in WHOLE)
    listed = {tuple(title for title in titles if title not in WHOLE) for titles in lists}
    longer = {title for titles in listed if len(titles) > len(arms) for title in titles}
    for titles in (one for one in listed if len(one) == len(arms)):
        left = [title for title in titles if title not in found]
        known = {found[title].place for title in titles if title in found}
        labels = {place: arm.label for place, arm in enumerate(arms) if place not in known}
        if any(_NO_ARM.search(title) or (title in longer and titles != flow) for title in left):
            continue
        for title, place in assigned([printed[title] for title in left], labels).items():
            places.setdefault(normal(title), set()).add(place)
    named = {title: Match(min(of), _OWN_WORDS) for title, of in places.items() if len(of) == 1}
    _add(named, lists, found)


def _add(named: dict[str, Match], lists: list[list[str]], found: dict[str, Match]) -> None:
    """Add those of whose arm no other title of a list is."""
    both = {**found, **named}
    found |= {title: match for title, match in named.items() if not _taken(match.place, title, lists, both)}


def _speaks_of(title: str, label: str) -> bool:
    """Whether a title shares a telling word with the label of an arm, and is no time or part of the trial."""
    words = {word for word in re.findall(r"[a-z0-9]+", normal(label)) if len(word) > 2}
    return not _NO_ARM.search(title) and not words.isdisjoint(re.findall(r"[a-z0-9]+", title))
