"""What was judged in some files: the verdicts, how many of each kind, and what was not judged and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from bempeg_kg.evidence.forensics.verdicts import RULES, VERDICTS, Verdict, in_order
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.printed import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Skipped(NamedTuple):
    """A row or statement that was not judged: its place, what it is about, and why."""

    place: str
    about: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" + (f" ({self.about})" if self.about else "")


@dataclass(slots=True)
class Judgement:
    """Verdicts on what some files state; those of the kinds in `keep`, all of them counted."""

    keep: Collection[str] = VERDICTS
    verdicts: list[Verdict] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: (rule, verdict) -> how many
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: registry records that were judged
    records: int = 0

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Count verdicts, and keep those of the kinds asked for."""
        for verdict in verdicts:
            self.counts[verdict.rule, verdict.verdict] += 1
            if verdict.verdict in self.keep:
                self.verdicts.append(verdict)

    def number_of(self, verdict: str) -> int:
        """How many verdicts of a kind there are."""
        return sum(count for (_, kind), count in self.counts.items() if kind == verdict)

    def summary(self) -> str:
        """How many verdicts of each kind, and how many rows were not judged, in one line."""
        parts = [f"{count} {verdict}" for verdict in VERDICTS if (count := self.number_of(verdict))]
        text = ", ".join(parts) or "no printed number was judged"
        text += f"; {len(self.skipped)} not judged" if self.skipped else ""
        return text + (f"; {self.records} registry records" if self.records else "")

    def by_rule(self) -> list[tuple[str, list[int]]]:
        """(rule, number of each verdict, gravest first) of each rule that judged something."""
        rules = [rule for rule in RULES if any((rule, verdict) in self.counts for verdict in VERDICTS)]
        return [(rule, [self.counts[rule, verdict] for verdict in VERDICTS]) for rule in rules]

    def finish(self) -> Judgement:
        """The same with the verdicts in order, gravest first."""
        self.verdicts = in_order(self.verdicts)
        return self


def not_judged(evidence: Evidence, judged: Collection[str], path: str) -> list[Skipped]:
    """The rows of a table that no rule gave a verdict on, each with the reason."""
    skipped = []
    everything: list[Result | Contrast] = [*evidence.results.values(), *evidence.contrasts.values()]
    for record in everything:
        if record.iri not in judged and not (isinstance(record, Result) and _gives_a_size(record, evidence)):
            skipped.append(Skipped(f"{path}, {record.iri}", record.label, _why(record)))
    return skipped


def _gives_a_size(result: Result, evidence: Evidence) -> bool:
    return any(iri.startswith(f"{result.iri} (") for iri in evidence.sets)


def _why(statement: Result | Contrast) -> str:
    if not statement.printed:
        return "there is no number in it"
    if read(statement.printed) is None:
        if "," in statement.printed and any(sign.isdigit() for sign in statement.printed):
            return f"'{statement.printed}' can be read in two ways, or in none"
        return f"'{statement.printed}' is no number"
    if isinstance(statement, Contrast):
        return "there is neither an interval nor a p-value to check it against"
    if statement.statistic == "mean":
        return "a mean is checked where data is whole or binary, and N is given"
    if not statement.unit and not statement.statistic:
        return "neither the unit nor the statistic is stated; write percent if it is a percentage"
    return f"there is nothing to check a {statement.statistic or statement.unit} against: no N, no interval"
