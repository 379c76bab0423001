"""What the signal pairs would have predicted for one signal, on a day and today, and the outcome."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.answers.signal_survival import METHOD
from bempeg_kg.evidence.facts import named
from bempeg_kg.evidence.rounding import chance, percent
from bempeg_kg.evidence.signal_pairs import ASSUMED_EARLY, ASSUMED_LATE, End, SignalPair, read_pairs
from bempeg_kg.evidence.signal_survey import Wanted, patients
from bempeg_kg.evidence.stats.signal_likelihood import Rate
from bempeg_kg.evidence.stats.signal_model import MINIMUM, fit, predict
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

_COLUMNS = (
    "knowledge", "early", "early_n", "early_N", "firstPublic", "pairs", "expected_control", "predicted",
    "lower_50", "upper_50", "lower_90", "upper_90", "observed", "chance_at_or_below_observed", "within_90",
    "detail", "source", "basis",
)  # fmt: skip


def signal_hindcast(kg: Graph, pair: str, as_of: date, control: Decimal | None = None) -> Table:
    """Columns: what was known, the early rate, the prediction and the observed rate in percent."""
    everything = read_pairs(kg)
    target = next((each for each in everything if each.iri == pair), None)
    if target is None or target.early is None or target.late is None or target.control is None:
        raise UsageError(
            f"{kg.names.shorten(pair)} is not a signal pair with a response rate at both ends",
            cure="`bempeg-kg ask signal-changes` lists those that are.",
        )
    expected = float(control) if control is not None else target.control.percent
    others = [each for each in everything if not set(each.drugs) & set(target.drugs)]
    then = [each for each in others if Wanted(day=as_of).keeps(each)]
    rows = [_row(f"as of {as_of.isoformat()}", target, _known(target, as_of), then, expected)]
    rows.append(_row("all pairs, final early rate", target, target.early, _rated(others), expected))
    return Table.of(_COLUMNS, rows, names=kg.names)


def _rated(pairs: Sequence[SignalPair]) -> list[SignalPair]:
    return [pair for pair in pairs if pair.has_rates]


def _known(pair: SignalPair, day: date) -> End | None:
    """The last early rate of a pair that was surely public on a day."""
    ends = [*pair.alternatives, *([pair.early] if pair.early else [])]
    public = [end for end in ends if end.public is not None and end.public <= day]
    return max(public, key=lambda end: (end.public, end.iri), default=None)


def _row(
    label: str, target: SignalPair, early: End | None, pairs: list[SignalPair], control: float
) -> list[object]:
    assert target.late is not None
    if early is None:
        why = "no early rate of this pair is known to have been public by then"
        return [label, *[None] * 4, len(pairs), *[None] * 9, why, None, "derived"]
    public = early.public and early.public.isoformat()
    counts = (early.n, early.total)
    head: list[object] = [label, early.printed, *counts, public, len(pairs), percent(control / 100)]
    if len(pairs) < MINIMUM:
        why = f"{len(pairs)} pairs are too few for a fit, which takes {MINIMUM}"
        return [*head, *[None] * 8, why, named(early.source), "derived"]
    fitted = fit([pair.triple() for pair in pairs])
    late = target.late.rate(ASSUMED_LATE)
    logit = Rate(control / 100, control, 100.0).logit
    belief = predict(fitted, early.rate(ASSUMED_EARLY), logit, patients(late))
    limits = [belief.quantile(share) for share in (0.5, 0.25, 0.75, 0.05, 0.95)]
    below = belief.below(late.logit)
    return [
        *head,
        *map(percent, limits),
        percent(late.value),
        chance(below),
        0.05 <= below <= 0.95,
        METHOD,
        named(target.late.source),
        "derived",
    ]
