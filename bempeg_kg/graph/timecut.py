"""The graph as it was public on a day.

Two dates are kept apart: the data cut (last day of the data) plays no part here, the first public date does.
A date counts with its precision: a statement dated "2018-11" is certainly public only once November is over.
What is known of a statement's first publication, in this order:

* its own `kg:firstPublic`, or the `kg:date` of an event;
* the year of a source: public at the latest when that year is over (a statement that we worked out needs all
  its sources, any other one of them);
* nothing: then it is left out, and counted as undetermined.

Trials and their arms, cohorts and groups stand from the trial's start. What was written with hindsight
(notes, status, reasons for stopping) is taken off.
"""

from __future__ import annotations

import re
from collections import Counter

from bempeg_kg.errors import UsageError
from bempeg_kg.rdf.names import STANDARDS, VOCAB, Names
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pyoxigraph import Quad

KNOWN, LATER, UNDETERMINED = "public by then", "made public later", "date not known well enough"

_TYPE = STANDARDS["rdf"] + "type"
#: properties that name the source of a statement
_SOURCES = (VOCAB + "source", VOCAB + "derivedFrom", STANDARDS["prov"] + "wasDerivedFrom")
_NOTE = STANDARDS["skos"] + "note"
_DATED = ("firstPublic", "date")
_STRUCTURE = ("Arm", "Cohort", "Intervention", "AnalysisGroup", "TrialEndpoint")
_HINDSIGHT = ("status", "statusPrinted", "stopDate", "stopReason", "stopReasonClass", "inDispute")
_TRIAL_DATES = ("primaryCompletionDate", "completionDate", "stopDate", "estimatedCompletionDate")


class Cut:
    """The statements that were public on a day, and how many of each kind were, were not, or may be."""

    __slots__ = ("counts", "day", "quads")

    def __init__(self, day: date) -> None:
        self.day = day
        self.quads: list[Quad] = []
        #: how many statement nodes, by kind and fate
        self.counts: Counter[tuple[str, str]] = Counter()

    def __repr__(self) -> str:
        return f"<Cut {self.summary()}>"

    def total(self, fate: str) -> int:
        """How many statement nodes had this fate."""
        return sum(count for (_, one), count in self.counts.items() if one == fate)

    def summary(self) -> str:
        """The counts in a sentence."""
        return (
            f"as of {self.day.isoformat()}: {self.total(KNOWN)} statements were public, {self.total(LATER)} "
            f"came later, {self.total(UNDETERMINED)} are left out because their date is not known well enough"
        )

    def table(self, names: Names) -> Table:
        """Columns: kind, public_by_then, made_public_later, undetermined."""
        fates = (KNOWN, LATER, UNDETERMINED)
        rows = [
            [_in_words(kind), *(self.counts[kind, fate] for fate in fates)]
            for kind in sorted({kind for kind, _ in self.counts})
        ]
        return Table.of(["kind", "public_by_then", "made_public_later", "undetermined"], rows, names=names)


def _in_words(name: str) -> str:
    """The name of a class as words.

    >>> _in_words("AdverseEventResult")
    'adverse event result'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def span(text: str) -> tuple[date, date]:
    """First and last day that a year, a month or a day stands for.

    >>> span("2018-11")
    (datetime.date(2018, 11, 1), datetime.date(2018, 11, 30))

    Raises UsageError for anything else.
    """
    from calendar import monthrange
    from datetime import date

    parts = text.split("T")[0].split("-")
    try:
        year, month, day = (int(part) for part in [*parts, *["0"] * (3 - len(parts))])
        first = date(year, month or 1, day or 1)
    except ValueError:
        raise UsageError(f"'{text}' is not a date", cure="Write it as 2018-09-21, 2018-09 or 2018.") from None
    last_month = month or 12
    return first, date(year, last_month, day or monthrange(year, last_month)[1])


def cut(quads: Iterable[Quad], day: date, base: str) -> Cut:
    """The statements of a graph that were public on a day. `base` is that of the derived graphs, left out."""
    work = _Work(list(quads), day, base)
    return work.run()


class _Work:
    """One cut: the statements by subject, and what became of each subject."""

    def __init__(self, quads: list[Quad], day: date, base: str) -> None:
        self.day = day
        self.quads = [quad for quad in quads if not _iri(quad.graph_name).startswith(f"{base}derived/")]
        self.nodes: dict[str, dict[str, list[str]]] = {}
        for quad in self.quads:
            node = self.nodes.setdefault(_iri(quad.subject), {})
            node.setdefault(_iri(quad.predicate), []).append(_iri(quad.object))
        self.fates: dict[str, str] = {}

    def run(self) -> Cut:
        """Decide what stays, and count what does not."""
        statements = {iri: node for iri, node in self.nodes.items() if _sources(node)}
        for iri, node in statements.items():
            self.fates[iri] = self._fate(node)
        self._keep_sets_in_use(statements)
        self._leave_out_what_hangs(statements)
        cut = Cut(self.day)
        for iri, node in statements.items():
            cut.counts[_kind(node), self.fates[iri]] += 1
        gone = {iri for iri, fate in self.fates.items() if fate != KNOWN}
        cut.quads = [quad for quad in self.quads if self._stays(quad, gone)]
        return cut

    def _fate(self, node: dict[str, list[str]]) -> str:
        kind = _kind(node)
        if kind == "Programme":
            return KNOWN
        if kind == "Trial" or kind in _STRUCTURE:
            return self._of_trial(node if kind == "Trial" else self._trial_of(node))
        for name in _DATED:
            for text in node.get(VOCAB + name, ()):
                first, last = span(text)
                return KNOWN if last <= self.day else LATER if first > self.day else UNDETERMINED
        return KNOWN if self._sources_are_out(node) else UNDETERMINED

    def _trial_of(self, node: dict[str, list[str]]) -> dict[str, list[str]]:
        return next((self.nodes.get(iri, {}) for iri in node.get(VOCAB + "trial", ())), {})

    def _of_trial(self, trial: dict[str, list[str]]) -> str:
        for text in trial.get(VOCAB + "startDate", ()):
            first, last = span(text)
            return KNOWN if last <= self.day else LATER if first > self.day else UNDETERMINED
        return KNOWN if _sources(trial) and self._sources_are_out(trial) else UNDETERMINED

    def _sources_are_out(self, node: dict[str, list[str]]) -> bool:
        out = [
            any(span(text)[1] <= self.day for text in self.nodes.get(source, {}).get(VOCAB + "year", ()))
            for source in _sources(node)
        ]
        derived = VOCAB + "derived" in node.get(VOCAB + "basis", ())
        return all(out) if derived else any(out)

    def _keep_sets_in_use(self, statements: dict[str, dict[str, list[str]]]) -> None:
        """A set that a public result counts was public with it."""
        for iri, node in statements.items():
            if self.fates[iri] == KNOWN:
                for one in node.get(VOCAB + "analysisSet", ()):
                    if one in self.fates:
                        self.fates[one] = KNOWN

    def _leave_out_what_hangs(self, statements: dict[str, dict[str, list[str]]]) -> None:
        """Leave out statements about a trial that had not begun, or that link such a trial."""
        ends = [VOCAB + name for name in ("trial", "fromTrial", "toTrial", "firstTrial", "secondTrial")]
        for iri, node in statements.items():
            about = {one for name in ends for one in node.get(name, ())}
            fates = {self.fates.get(one, KNOWN) for one in about}
            if self.fates[iri] == KNOWN and fates - {KNOWN}:
                self.fates[iri] = LATER if LATER in fates else UNDETERMINED

    def _stays(self, quad: Quad, gone: set[str]) -> bool:
        subject, predicate, target = (_iri(term) for term in (quad.subject, quad.predicate, quad.object))
        if subject in gone or target in gone:
            return False
        if subject not in self.fates:
            return True
        if predicate == _NOTE:
            return False
        name = predicate.removeprefix(VOCAB)
        if name in _TRIAL_DATES:
            return span(target)[1] <= self.day
        return name not in _HINDSIGHT or self._stopped(self.nodes[subject])

    def _stopped(self, trial: dict[str, list[str]]) -> bool:
        """Whether the trial had stopped or ended by the day, so that its last status holds."""
        ends = [text for name in ("stopDate", "completionDate") for text in trial.get(VOCAB + name, ())]
        return bool(ends) and all(span(text)[1] <= self.day for text in ends)


def _iri(term: object) -> str:
    return str(getattr(term, "value", term))


def _sources(node: dict[str, list[str]]) -> set[str]:
    return {source for name in _SOURCES for source in node.get(name, ())}


def _kind(node: dict[str, list[str]]) -> str:
    kinds = sorted(one.removeprefix(VOCAB) for one in node.get(_TYPE, ()) if one.startswith(VOCAB))
    return kinds[0] if kinds else "other"
