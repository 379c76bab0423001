"""One record on its way into the model: its identity, the names it has given, the text it has written."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from bempeg_kg.rdf.names import BASE
from bempeg_kg.rdf.ntriples import digest, integer, kg, normal, slug, text, whole
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.arm_titles import NO_ARM, UNNAMED, WHOLE, ArmOfGroup, is_control
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.naming import shared_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Where a record has its registry number.
NUMBER = "protocolSection.identificationModule.nctId"
#: Marks that `normal` leaves out and that tell two groups of a record apart: a prime, a star, a dagger.
_MARKS = re.compile(r"[*\u2020\u2021\u00a7\u2032\u2033]|(?<=\w)'(?!\w)").findall
_NCT = re.compile(r"NCT\d{8}", re.ASCII).fullmatch
#: The graph of a record, under the base of the programme.
GRAPH = "data/trials/{}.ttl"
#: The graph of what records share. In it a thing is described once however many records name it; if each
#: record described it in its own graph, an engine whose default graph is the union would repeat every row.
SHARED = "data/trials/registry-entities.ttl"

_BASIS = p.BASIS + kg("registry")
_VERIFIED = p.VERIFICATION + kg("seenInSource")


class Refused(Exception):
    """A record that cannot be mapped: where in it (`path`) and why (`message`)."""

    def __init__(self, message: str, path: str = "", cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.cure = cure


class Problem(NamedTuple):
    """Something in a record that was kept as text or left out: the JSON path without positions, and what."""

    path: str
    message: str


class Group(NamedTuple):
    """An analysis group of the record: IRI in angle brackets, its title, its role if an arm gives one."""

    iri: str
    title: str
    role: str
    arms: tuple[str, ...] = ()

    @property
    def is_control(self) -> bool:
        """Whether the title speaks of placebo, a control, or standard of care."""
        return is_control(self.title)


def registry_number(record: dict[str, Any]) -> str:
    """The registry number of a record, in capitals and without spaces. Raises Refused."""
    number = written_number(record)
    plain = "".join(number.split()).upper() if isinstance(number, str) else ""
    if not _NCT(plain):
        raise Refused(
            f"{str(number)[:40]!r} is not a registry number such as NCT01234567"
            if number
            else "there is no nctId",
            f"$.{NUMBER}",
        )
    return plain


def written_number(record: dict[str, Any]) -> object:
    """The registry number as the record has it. Raises Refused for what is no record."""
    section = record.get("protocolSection")
    if isinstance(section, list) and len(section) == 1:
        section = section[0]
    if not isinstance(section, dict):
        raise Refused(
            "there is no protocolSection, so this is not a study record of the ClinicalTrials.gov API v2",
            cure="Fetch the record from https://clinicaltrials.gov/api/v2/studies/NCT...",
        )
    names = section.get("identificationModule")
    return names.get("nctId") if isinstance(names, dict) else None


class Record:
    """Collects the statements of one record. Every IRI comes from content: the registry number and slugs."""

    def __init__(self, nct: str, joins: Joins) -> None:
        self.nct = nct
        self.joins = joins
        self.base = joins.base
        self.own_prefix = nct.lower()
        self.end = f" <{self.base}{GRAPH.format(self.own_prefix)}> .\n"
        self._shared_end = f" <{self.base}{SHARED}> .\n"
        known = joins.trials.get(nct)
        own = f"{self.base}trial/{self.own_prefix}"
        #: the trial is one that people wrote down already
        self.is_curated = known is not None and known != own
        self.trial = f"<{known or own}>"
        # People who wrote a trial down cite a copy of its record that they read. This one may be of another
        # date, so it is a source beside theirs; under one name each would bear the other's version and label.
        beside = "-imported" if self.is_curated else ""
        self.source = f"<{self.base}source/ctgov-{self.own_prefix}{beside}>"
        #: subject of the trial-level facts: the trial, or the record if the trial is curated
        self.facts = self.source if self.is_curated else self.trial
        #: what every statement of the record carries besides its trial
        self.grounds = (_BASIS, _VERIFIED, p.CITED + self.source)
        self._of_trial = (p.TRIAL + self.trial, *self.grounds)
        self.first_public = ""
        #: what the trial treats is a tumour, so a response is one of a tumour
        self.is_of_tumours = True
        self.out: list[str] = []
        #: statements about nodes that records share; written after all of `out`
        self.shared_out: list[str] = []
        self.problems: list[Problem] = []
        #: title of a group that names an arm -> the arm
        self.arms: dict[str, ArmOfGroup] = {}
        #: analysis sets that hold those of several groups, by name
        self.pooled: dict[str, str] = {}
        self._shared: dict[str, set[str]] = {}
        self._described: set[tuple[str, str]] = set()
        self._own: dict[str, int] = {}
        self._labels: dict[tuple[str, str], int] = {}
        self._groups: dict[str, Group] = {}
        self._lists = 0

    def node(self, subject: str, parts: list[str]) -> None:
        """Write the statements of one subject; each part is a predicate and an object."""
        self.out.append(subject + (self.end + subject).join(parts) + self.end)

    def describe(self, subject: str, parts: list[str]) -> None:
        """Write statements about a thing that other records may name too, into the graph that they share."""
        self.shared_out.append(subject + (self._shared_end + subject).join(parts) + self._shared_end)

    def statement(self, kind: str, local: str, parts: list[str]) -> str:
        """Write a node with its trial, basis and source. Its IRI comes back."""
        subject = self.own(kind, local)
        self._number_label(kind, parts)
        parts += self._of_trial
        self.node(subject, parts)
        return subject

    def _number_label(self, kind: str, parts: list[str]) -> None:
        """Number the label where a thing of its kind has the same in the record: readers tell them apart."""
        for i, part in enumerate(parts):
            if part.startswith(p.LABEL):
                uses = self._labels[kind, part] = self._labels.get((kind, part), 0) + 1
                if uses > 1:
                    parts[i] = f'{part[:-1]} ({uses})"'
                return

    def result(self, kind: str, local: str, parts: list[str]) -> str:
        """The same for a number, which was first public when the record's results were."""
        if self.first_public:
            parts.append(self.first_public)
        return self.statement(kind, local, parts)

    def own(self, kind: str, local: str) -> str:
        """A new IRI of this record. The same name a second time gets a number, in the order of the record."""
        key = given = f"{kind}/{local}"
        while given in self._own:
            self._own[key] += 1
            given = f"{key}-{self._own[key]}"
        self._own[given] = 1
        return f"<{self.base}{kind}/{self.own_prefix}-{given.removeprefix(kind + '/')}>"

    def shared(self, kind: str, label: str, class_name: str, extra: tuple[str, ...] = ()) -> str:
        """The IRI of an entity that records share, such as a drug: the known one, or one made of its label.

        Records that spell it otherwise (hyphen, comma) give it other labels; a folder keeps one of them.
        """
        known = self.joins.names.get(kind, {}).get(normal(label))
        if known:
            return f"<{known}>"
        name, label = shared_name(kind, label)
        iri = f"<{self.base}{kind}/{name}>"
        described = self._shared.get(iri)
        if described is None:
            self._shared[iri] = set(extra)
            self.describe(iri, [p.A + kg(class_name), p.LABEL + text(label), *extra])
        elif extra and not described.issuperset(extra):
            self.describe(iri, [one for one in extra if one not in described])
            described.update(extra)
        return iri

    def shared_node(self, kind: str, name: str, parts: list[str]) -> str:
        """The IRI of a thing that records share and whose description depends on nothing but its name."""
        iri = f"<{self.base}{kind}/{name}>"
        if iri not in self._shared:
            self._shared[iri] = set()
            self.describe(iri, parts)
        return iri

    def say(self, iri: str, part: str) -> None:
        """State one thing of an outside term, once, in the graph that records share."""
        if (iri, part) not in self._described:
            self._described.add((iri, part))
            self.describe(iri, [part])

    def term(self, kind: str, name: str) -> str:
        """The IRI of a word of method, such as statistic:median; all programmes share them."""
        return f"<{BASE}{kind}/{name}>"

    def group(
        self, title: str, description: str | None = None, *, twin: int = 0, arms: tuple[str, ...] = ()
    ) -> Group:
        """The group of that title, written once. `arms`: those that it gathers, if it is called after none.

        `twin`: others of its list have the same title, and it is this one of those with its description too.
        """
        key = f"{title}\x1f{description}\x1f{twin}" if twin else f"{normal(title)}\x1f{_MARKS(title)}"
        group = self._groups.get(key)
        if group is None:
            local = slug(title, 50) + (f"-{digest(title, description or '')}" if twin else "")
            shown = title if twin < 2 else f"{title} ({twin})"
            arm, role, note = own = self.arms.get(normal(title), NO_ARM)
            arms = tuple(one for one in arms or (arm,) if one)
            kind = "unnamedArm" if own is UNNAMED else _group_kind(normal(title), len(arms))
            parts = [
                p.A + kg("AnalysisGroup"),
                p.LABEL + text(f"{shown}, {self.nct}"),
                p.SHORT_LABEL + text(shown),
                p.GROUP_KIND + kg(kind),
            ]
            parts += [p.ARM + one for one in arms]
            maybe(parts, p.NOTE, note)
            group = self._groups[key] = Group(self.statement("group", local, parts), title, role, arms)
        # Each outcome describes the group in its own words: all are kept, whichever comes first.
        if description and (group.iri, description) not in self._described:
            self._described.add((group.iri, description))
            self.node(group.iri, [p.DESCRIPTION + text(description)])
        return group

    def listing(self) -> int:
        """The number of a list of groups in the record."""
        self._lists += 1
        return self._lists

    def unlisted(self, group_id: str, where: str, path: str) -> Group:
        """A group that is named and not listed: kept under its own name, never joined to another's number."""
        self.problem(path, "names a group that is not listed")
        return self.group(f"{group_id}, not listed in {where}")

    def count(self, value: str | int | None, path: str) -> int | None:
        """A count, or None; one that cannot be read is reported."""
        counted = whole(value)
        if counted is None and value not in (None, ""):
            self.problem(path, "a count that is no whole number was left out")
        return counted

    def problem(self, path: str, message: str) -> None:
        """Remember what was kept as text or left out."""
        self.problems.append(Problem(path, message))


def groups_of(record: Record, listed: list[dict[str, Any]]) -> dict[str, Group]:
    """The groups of one list by their number, which means nothing outside that list."""
    titles = Counter(normal(one.get("title") or one["id"]) for one in listed)
    groups: dict[str, Group] = {}
    twins: Counter[tuple[str, str]] = Counter()
    number = record.listing()
    for one in listed:
        # a number such as OG000 means another group in each list
        title = one.get("title") or f"{one['id']} of list {number}, without a title"
        description = one.get("description")
        key = (title, description or "")
        twins[key] += titles[normal(title)] > 1
        groups[one["id"]] = record.group(title, description, twin=twins[key])
    return groups


def _group_kind(title: str, arms: int) -> str:
    if arms:
        return "oneArm" if arms == 1 else "pooledArms"
    return "wholeTrial" if title in WHOLE else "reportedGroup"


def size_of(count: int | None) -> str:
    """The size of an analysis set, or why there is none."""
    return p.SIZE + integer(count) if count is not None else p.SIZE_STATUS + kg("notReported")


def denominator(count: int | None) -> str:
    """The patients out of whom were counted, or why there is no such number."""
    return p.DENOMINATOR + integer(count) if count is not None else p.DENOMINATOR_STATUS + kg("notReported")


def texts(where: dict[str, Any], key: str) -> list[str]:
    """A list of texts. Raises TypeError for a bare text, which Python would take apart."""
    values = where.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise TypeError(key)
    return values


def maybe(parts: list[str], predicate: str, value: str | None) -> None:
    """Add a text if there is one."""
    if value:
        parts.append(predicate + text(value))
