"""Signal pairs read from a graph: an early response rate, and what the later trial reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.nodes import Node, code, decimal, nodes_at, nodes_of, text, texts, whole
from bempeg_kg.evidence.printed import usable_level
from bempeg_kg.evidence.stats.intervals import normal_quantile
from bempeg_kg.evidence.stats.shrinkage import logit
from bempeg_kg.evidence.stats.signal_likelihood import Rate, Triple
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.timecut import span

#: Assumed number of patients where neither the denominator nor an interval was printed.
ASSUMED_EARLY, ASSUMED_LATE = 30.0, 100.0
_ENDS = ("earlyResult", "earlyControlResult", "lateResult", "lateControlResult")
_MORE = ("earlyAlternative", "lateContrast")


@dataclass(frozen=True, slots=True)
class End:
    """One rate of a pair: as printed, in percent, with what is known of its patients and its source."""

    iri: str
    printed: str
    percent: float
    n: int | None
    total: int | None
    lower: float | None
    upper: float | None
    level: float | None
    assessor: str
    set_kind: str
    public: date | None
    source: str
    basis: str

    def rate(self, assumed: float) -> Rate:
        """The rate for the model: counts, else its interval, else as if it rested on `assumed` patients."""
        value = self.percent / 100
        if self.total is not None:
            return Rate(value, self.n if self.n is not None else value * self.total, self.total)
        level = usable_level(self.level)
        if self.lower and self.upper and level and 0 < self.lower < self.upper < 100 and 0 < value < 1:
            width = logit(self.upper / 100) - logit(self.lower / 100)
            return Rate(value, standard_error=width / (2 * normal_quantile(level)))
        return Rate(value, value * assumed, assumed)

    @property
    def is_counted(self) -> bool:
        """Whether a denominator or an interval with its level was printed."""
        return self.total is not None or None not in (self.lower, self.upper, self.level)

    @property
    def shown(self) -> str:
        """The rate as a reader sees it, such as `52.6 % (20 of 38)`."""
        if self.total is None:
            return f"{self.printed} %"
        return f"{self.printed} % ({f'{self.n} of ' if self.n is not None else 'of '}{self.total})"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A comparison of the later trial: endpoint (last part of its IRI), estimate, limits, level."""

    iri: str
    endpoint: str
    measure: str
    value: float | None
    lower: float | None
    upper: float | None
    level: float | None
    basis: str

    @property
    def reading(self) -> str:
        """`better`, `worse` or `open`, by whether the printed interval of a hazard ratio leaves out 1."""
        if self.measure != "hazard-ratio" or self.lower is None or self.upper is None:
            return "open"
        return "better" if self.upper < 1 else "worse" if self.lower > 1 else "open"


@dataclass(frozen=True, slots=True)
class SignalPair:
    """One pair; ends are None where they were not seen."""

    iri: str
    label: str
    drugs: tuple[str, ...]
    partners: tuple[str, ...]
    disease: str
    line: str
    endpoint: str
    early_trial: str
    late_trial: str
    early: End | None
    late: End | None
    control: End | None
    alternatives: tuple[End, ...]
    ratios: tuple[Ratio, ...]
    comparator: str
    match: str
    design: str
    outcome: str
    basis: str
    sources: tuple[str, ...]

    @property
    def has_rates(self) -> bool:
        """Whether it has a response rate early, late and for the later control."""
        return None not in (self.early, self.late, self.control)

    def triple(self) -> Triple:
        """Its three rates for the model."""
        assert self.early is not None and self.late is not None and self.control is not None
        return Triple(
            self.early.rate(ASSUMED_EARLY),
            self.late.rate(ASSUMED_LATE),
            self.control.rate(ASSUMED_LATE),
            self.early_trial,
        )

    @property
    def early_margin(self) -> float | None:
        """Early rate less the later control's, in points."""
        return _less(self.early, self.control)

    @property
    def late_margin(self) -> float | None:
        """Later rate less its control's, in points."""
        return _less(self.late, self.control)

    @property
    def change(self) -> float | None:
        """Later rate less the early one, in points."""
        return _less(self.late, self.early)

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that are known."""
        return tuple(one for one in (self.early, self.late, self.control) if one is not None)

    @property
    def is_primary(self) -> bool:
        """Whether each of its rates rests on a primary or registry source."""
        return all(end.basis in ("primary", "registry") for end in self.ends)

    @property
    def public(self) -> date | None:
        """The last day by which its rates were surely public; None where the later ones have no date.

        The early rate counts with its date where it has one; else it is taken to have come before.
        """
        late = [one.public for one in (self.late, self.control) if one is not None]
        days = [*late, *([self.early.public] if self.early else [])]
        return None if None in late or not late else max(day for day in days if day)


def read_pairs(kg: Graph) -> tuple[SignalPair, ...]:
    """All signal pairs of a graph, in order of their IRIs; none where they were not loaded."""
    pairs: tuple[SignalPair, ...] = kg.once("signal pairs", lambda: _read(kg.engine))
    return pairs


def _read(engine: Engine) -> tuple[SignalPair, ...]:
    """The pairs, which several questions and pictures of one graph read."""
    pairs = nodes_of(engine, ["SignalPair"])
    reported = {one for node in pairs.values() for name in (*_ENDS, *_MORE) for one in texts(node, name)}
    numbers = nodes_at(engine, sorted(reported))
    around = {text(node, "analysisSet") for node in numbers.values()}
    around |= {one for node in numbers.values() for one in texts(node, "wasDerivedFrom")}
    nodes = {**numbers, **nodes_at(engine, sorted(around - {""}))}
    return tuple(_pair(iri, pairs[iri], nodes) for iri in sorted(pairs))


def _pair(iri: str, node: Node, nodes: dict[str, Node]) -> SignalPair:
    ends = {name: _end(text(node, name), nodes) for name in _ENDS}
    ratios = (_ratio(one, nodes[one]) for one in texts(node, "lateContrast") if one in nodes)
    others = (_end(one, nodes) for one in texts(node, "earlyAlternative"))
    return SignalPair(
        iri=iri,
        label=text(node, "label"),
        drugs=texts(node, "testedDrug"),
        partners=texts(node, "partnerDrug"),
        disease=text(node, "condition"),
        line=text(node, "treatmentLine"),
        endpoint=text(node, "endpoint"),
        early_trial=text(node, "earlyTrial"),
        late_trial=text(node, "lateTrial"),
        early=ends["earlyResult"],
        late=ends["lateResult"],
        control=ends["lateControlResult"],
        alternatives=tuple(end for end in others if end is not None),
        ratios=tuple(ratios),
        comparator=code(node, "comparatorClass"),
        match=code(node, "settingMatch"),
        design=code(node, "earlyDesign"),
        outcome=code(node, "pairOutcome"),
        basis=code(node, "basis"),
        sources=texts(node, "wasDerivedFrom"),
    )


def _end(iri: str, nodes: dict[str, Node]) -> End | None:
    node = nodes.get(iri)
    if node is None:
        return None
    value = decimal(node, "value")
    return End(
        iri=iri,
        printed=text(node, "printed"),
        percent=float(value if value is not None else "nan"),
        n=whole(node, "numerator"),
        total=whole(node, "denominator"),
        lower=decimal(node, "lower"),
        upper=decimal(node, "upper"),
        level=decimal(node, "level"),
        assessor=code(node, "assessor"),
        set_kind=code(nodes.get(text(node, "analysisSet"), {}), "setKind"),
        public=_public(node, nodes),
        source=text(node, "source"),
        basis=code(node, "basis"),
    )


def _ratio(iri: str, node: Node) -> Ratio:
    value, lower, upper, level = (decimal(node, name) for name in ("value", "lower", "upper", "level"))
    return Ratio(
        iri,
        code(node, "endpoint"),
        code(node, "measure"),
        value,
        lower,
        upper,
        level,
        code(node, "basis"),
    )


def _public(node: Node, nodes: dict[str, Node]) -> date | None:
    """The last day of a result's first publication, else of the earliest year of its sources."""
    own = text(node, "firstPublic")
    if own:
        return span(own)[1]
    years = [text(nodes.get(one, {}), "year") for one in texts(node, "wasDerivedFrom")]
    return min((span(year)[1] for year in years if year), default=None)


def _less(first: End | None, second: End | None) -> float | None:
    return None if first is None or second is None else first.percent - second.percent
