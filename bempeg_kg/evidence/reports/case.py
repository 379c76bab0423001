"""An early result and the later comparison that did or did not confirm it, for the pages about them."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.facts import Facts
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.nodes import text
from bempeg_kg.evidence.reports.page import Block, chosen
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Case:
    """The early result, the later comparison, and the questions asked about them."""

    def __init__(self, kg: Graph, early: str, late: str, benchmark: str) -> None:
        self.kg = kg
        self.facts = Facts.of(kg)
        self.early = self.facts.result(kg.names.expand(early))
        contrast = self.facts.evidence.contrasts.get(kg.names.expand(late))
        if contrast is None:
            raise UsageError(
                f"{late} is not a comparison in the graph", cure="Name one with --late contrast:..."
            )
        self.late = contrast
        self.compared = self.facts.result(contrast.compared)
        self.reference = self.facts.result(contrast.reference)
        self.cohort = text(self.facts.groups.get(self.early.group, {}), "cohort")
        #: drugs of the reference arm: one, or several that are given together or chosen among
        self.drugs = tuple(sorted(self.facts.drugs(self.reference.group)))
        self.counts = self.facts.counts(self.early)
        #: what the comparator did elsewhere, with an interval of its own; None where the graph has none
        self.benchmark = self.facts.result(kg.names.expand(benchmark)) if benchmark else self._benchmark()

    def _benchmark(self) -> Result | None:
        outside = self.facts.benchmarks(self.early, set(self.drugs))
        benchmarks = [one for one, kind in outside if kind == "benchmark" and one.level is not None]
        return benchmarks[0] if benchmarks else None

    def ask(
        self,
        caption: str,
        question: str,
        columns: Sequence[str],
        change: Callable[[Table], Table] | None = None,
        /,
        **parameters: object,
    ) -> Block:
        """A block: some columns of the answer to a question, which `change` may add to."""
        answer = self.kg.ask(question, **parameters)
        table = change(answer) if change else answer
        options = " ".join(
            f"--{name} {self.kg.names.shorten(str(value))}" for name, value in parameters.items()
        )
        return Block(caption, f"question {question} {options}".strip(), chosen(table, columns))

    @property
    def drug(self) -> str:
        """The drug of the reference arm that the questions are asked with; the first of several."""
        return next(iter(self.drugs), "")

    def caption(self, text: str, drug: str) -> str:
        """A caption, with the drug where the reference arm has several."""
        return f"{text}: {self.facts.label(drug)}" if len(self.drugs) > 1 else text

    def name(self, iri: str) -> str:
        """Acronym of a trial."""
        return self.facts.trial_name(iri)
