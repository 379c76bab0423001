"""What usually becomes of an early response rate, by the pairs of other programmes."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.citing import cited
from bempeg_kg.evidence.facts import named
from bempeg_kg.evidence.rounding import fixed, percent
from bempeg_kg.evidence.signal_pairs import SignalPair, read_pairs
from bempeg_kg.evidence.signal_survey import SUBSETS, Wanted, calibrate, nearest
from bempeg_kg.evidence.stats.signal_likelihood import Rate
from bempeg_kg.evidence.stats.signal_model import MINIMUM, Fit, Predicted, best_of, fit, predict
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

COLUMNS = (
    "part", "what", "computed", "lower_50", "upper_50", "lower_90", "upper_90", "pairs", "detail", "source",
    "all_sources", "basis",
)  # fmt: skip
METHOD = "hierarchical binomial model on the logit scale, over pairs of early and later rates"
#: Cohorts among which a signal is taken to be the highest, in the sensitivity that says so.
_COHORTS = 4
_SHOWN = 10
CAVEATS = (
    "The pairs were collected because they are known and readable. They are no random sample of programmes, "
    "so neither the share that succeeded nor the average margin is a base rate; both are probably too high, "
    "since signals that nobody followed up are missing.",
    "A margin over a control that is expected is no treatment effect: the control rate is taken as given, "
    "and what the later control shows may differ.",
    "Later denominators are often all randomised, early ones those who could be assessed: part of a fall "
    "comes from that alone.",
)


@dataclass(frozen=True, slots=True)
class Signal:
    """A new early signal: its rate, and the expected rate of the control as a fraction."""

    early: Rate
    control: float

    @classmethod
    def of(cls, responders: int, patients: int, control: float) -> Signal:
        """From counts and a percentage. Raises UsageError, with the cure, for numbers that cannot be."""
        if patients < 1:
            raise UsageError(f"--patients {patients}: at least 1 patient is needed", cure="Give 1 or more.")
        if not 0 <= responders <= patients:
            raise UsageError(
                f"--responders {responders} of --patients {patients} is not possible",
                cure=f"Give a number of responders from 0 to {patients}.",
            )
        if not 0 < control < 100:
            raise UsageError(
                f"--control {control:g}: the expected rate lies above 0 and below 100 percent",
                cure="Give it in percent, such as 34.",
            )
        return cls(Rate(responders / patients, responders, patients), control / 100)

    @property
    def logit(self) -> float:
        """Logit of the expected control rate."""
        from math import log

        return log(self.control / (1 - self.control))


def signal_survival(
    kg: Graph,
    responders: int,
    patients: int,
    control: Decimal,
    disease: str | None = None,
    line: str | None = None,
    comparator: str | None = None,
    without: str | None = None,
    as_of: date | None = None,
) -> Table:
    """Columns: see COLUMNS; rates and margins in percent and points."""
    signal = Signal.of(responders, patients, float(control))
    everything = read_pairs(kg)
    wanted = Wanted(disease, line, comparator, without, as_of)
    pairs = [pair for pair in everything if wanted.keeps(pair)]
    if not pairs:
        table = Table.of(COLUMNS, [], names=kg.names)
        table.reason = _why_none(kg, everything)
        return table
    order = nearest(pairs, signal.early, signal.logit, disease)
    if len(pairs) < MINIMUM:
        rows = [_line("answer", "no fit", pairs=len(pairs), detail=_too_few(len(pairs)))]
        return Table.of(COLUMNS, [*rows, *_listed(kg, order), *_caveats()], names=kg.names)
    fitted = fit([pair.triple() for pair in pairs])
    rows = [
        *_answer(signal, fitted),
        *_sensitivities(signal, fitted, pairs),
        *_calibration(fitted, pairs),
        *_listed(kg, order[:_SHOWN]),
        *_caveats(),
    ]
    return Table.of(COLUMNS, rows, names=kg.names)


def prediction(signal: Signal, fitted: Fit) -> Predicted:
    """The belief about the true later rate."""
    return predict(fitted, signal.early, signal.logit)


def margins(signal: Signal, belief: Predicted) -> list[float]:
    """Median, limits of 50 and of 90 percent of the margin over the expected control, as fractions."""
    shares = (0.5, 0.25, 0.75, 0.05, 0.95)
    return [belief.quantile(share) - signal.control for share in shares]


def _answer(signal: Signal, fitted: Fit) -> list[list[object]]:
    belief = prediction(signal, fitted)
    gains = margins(signal, belief)
    rates = [gain + signal.control for gain in gains]
    early, count = signal.early, len(fitted.triples)
    above = 1 - belief.below(signal.logit)
    sentence = (
        f"After {early.n:g} of {early.total:g} ({100 * early.value:.1f} %), {count} pairs of early and later "
        f"trials predict a later rate of {100 * rates[0]:.0f} % (90 % interval {100 * rates[3]:.0f} to "
        f"{100 * rates[4]:.0f}): {_points(gains[0])} over a control of {100 * signal.control:g} % "
        f"({_points(gains[3])} to {_points(gains[4])}), where the early margin was "
        f"{_points(early.value - signal.control)}. This is no base rate: the pairs are no random sample."
    )
    kept = f"{fitted['beta']:.2f}, standard error {fitted.error('beta'):.2f}"
    return [
        _line("answer", "in a sentence", pairs=count, detail=sentence),
        _line("answer", "early rate", [early.value], detail=f"{early.n:g} of {early.total:g}"),
        _line("answer", "early margin over the control", [early.value - signal.control]),
        _line("answer", "predicted later rate", rates, count),
        _line("answer", "predicted later margin over the control", gains, count, METHOD),
        _line("answer", "chance that the margin is above 0", [above], count),
        _line("model", "share of the early excess that survives (log odds)", pairs=count, detail=kept),
        _line("model", "spread between programmes (log odds)", pairs=count, detail=f"{fitted['tau']:.2f}"),
    ]


def _sensitivities(signal: Signal, fitted: Fit, pairs: Sequence[SignalPair]) -> list[list[object]]:
    chosen = Signal(best_of(signal.early, _COHORTS), signal.control)
    note = "an assumption: how many were looked at is seldom known"
    gains = margins(signal, prediction(chosen, fitted))
    rows = [_line("sensitivity", f"if it was the best of {_COHORTS} cohorts", gains, len(pairs), note)]
    for name, keeps in SUBSETS.items():
        kept = [pair for pair in pairs if keeps(pair)]
        if len(kept) < MINIMUM:
            rows.append(_line("sensitivity", name, pairs=len(kept), detail=_too_few(len(kept))))
            continue
        other = fit([pair.triple() for pair in kept], fitted.parameters)
        rows.append(_line("sensitivity", name, margins(signal, prediction(signal, other)), len(kept)))
    return rows


def _calibration(fitted: Fit, pairs: Sequence[SignalPair]) -> list[list[object]]:
    calibration = calibrate(fitted, pairs)
    how = "each early trial left out in turn, by one Newton step from the fit to all"
    return [
        _line(
            "calibration", "share within the 50 % interval", [calibration.within_50], calibration.pairs, how
        ),
        _line(
            "calibration", "share within the 90 % interval", [calibration.within_90], calibration.pairs, how
        ),
        _line(
            "calibration",
            "error of the model, points",
            [calibration.model / 100],
            calibration.pairs,
            "root mean square",
        ),
        _line(
            "calibration",
            "error of the early rate at its word, points",
            [calibration.at_its_word / 100],
            calibration.pairs,
            "root mean square",
        ),
        _line(
            "calibration",
            "error of the control alone, points",
            [calibration.benchmark / 100],
            calibration.pairs,
            "root mean square",
        ),
    ]


def _listed(kg: Graph, pairs: Sequence[SignalPair]) -> list[list[object]]:
    rows = []
    for pair in pairs:
        assert pair.early is not None and pair.late is not None and pair.control is not None
        row = _line("pair", pair.label, detail=describe(pair), basis=pair.basis)
        row[2] = fixed(pair.late_margin or 0.0, 1)
        row[-3:-1] = cited(pair.sources, kg.names)
        rows.append(row)
    return rows


def describe(pair: SignalPair) -> str:
    """The ends of a pair with rates, and its outcome, in words."""
    assert pair.early is not None and pair.late is not None and pair.control is not None
    return (
        f"early {pair.early.shown}; later {pair.late.shown} against {pair.control.shown}; "
        f"{OUTCOMES[pair.outcome]}"
    )


#: Outcomes in the words of the answers.
OUTCOMES = {
    "endpointMet": "endpoint met",
    "endpointPartlyMet": "one endpoint met, another not",
    "endpointMissed": "endpoint missed",
    "stoppedEarly": "stopped early",
    "harmShown": "harm",
    "responseWithoutSurvival": "response kept, survival not",
}


def _caveats() -> list[list[object]]:
    return [_line("caveat", f"caveat {place}", detail=text) for place, text in enumerate(CAVEATS, 1)]


def _line(
    part: str,
    quantity: str,
    values: Sequence[float] = (),
    pairs: int | None = None,
    detail: str = "",
    basis: str = "derived",
) -> list[object]:
    """One row: value, limits of 50 and 90 percent (fractions, shown in percent), number of pairs, detail."""
    numbers: list[object] = [percent(value) for value in values]
    return [part, quantity, *numbers, *[None] * (5 - len(numbers)), pairs, detail or None, None, None, basis]


def _points(margin: float) -> str:
    return f"{100 * margin:+.0f} points"


def _too_few(count: int) -> str:
    return f"{count} pairs are too few for a fit, which takes {MINIMUM}; they are listed instead"


def _why_none(kg: Graph, everything: Sequence[SignalPair]) -> str:
    if not everything:
        return "this graph holds no signal pairs; ask one that is opened with --signals"
    diseases = sorted({kg.names.shorten(pair.disease) for pair in everything if pair.disease})
    return (
        f"none of {len(everything)} pairs with these properties has a response rate at both ends; "
        f"pairs are of {', '.join(diseases)}"
    )


__all__ = ["COLUMNS", "OUTCOMES", "Signal", "describe", "named", "signal_survival"]
