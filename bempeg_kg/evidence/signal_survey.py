"""Selections of signal pairs, how near a pair is to a new signal, and how well the model would have done."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.evidence.signal_pairs import ASSUMED_LATE, SignalPair
from bempeg_kg.evidence.stats.signal_likelihood import Rate
from bempeg_kg.evidence.stats.signal_model import Fit, left_out, predict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

#: Outcomes of programmes whose later trial did not do what the signal promised.
FAILED = frozenset(("endpointMissed", "stoppedEarly", "harmShown", "responseWithoutSurvival"))
LINES = ("first line", "later line", "any line")
#: Comparator classes of the vocabulary by the words that a parameter takes.
COMPARATORS = {
    "partner": "partnerAlone",
    "active": "otherActiveDrug",
    "chemotherapy": "chemotherapyControl",
    "choice": "investigatorsChoice",
    "placebo": "placeboControl",
}
#: What each sensitivity keeps, by its name in the answer.
SUBSETS: dict[str, Callable[[SignalPair], bool]] = {
    "same line and disease only": lambda pair: pair.match == "sameSetting",
    "primary sources only": lambda pair: pair.is_primary,
    "single arm only": lambda pair: pair.design == "singleArmEarly",
    "counts or intervals printed at all ends": lambda pair: all(end.is_counted for end in pair.ends),
    "control is the partner alone": lambda pair: pair.comparator == "partnerAlone",
    "programmes that failed": lambda pair: pair.outcome in FAILED,
    "programmes that were confirmed": lambda pair: pair.outcome not in FAILED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a selection of pairs keeps; None keeps all."""

    disease: str | None = None
    line: str | None = None
    comparator: str | None = None
    without: str | None = None
    day: date | None = None

    def keeps(self, pair: SignalPair) -> bool:
        """Whether a pair with rates at both ends is kept."""
        return (
            pair.has_rates
            and self.disease in (None, pair.disease)
            and self.line in (None, pair.line)
            and (self.comparator is None or COMPARATORS[self.comparator] == pair.comparator)
            and self.without not in pair.drugs
            and (self.day is None or (pair.public is not None and pair.public <= self.day))
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the pairs of other early trials predict each pair: shares within intervals, and errors in points.

    Errors are root mean squares of predicted less observed later rate: by the model, by the early rate
    itself, and by the later control's rate.
    """

    pairs: int
    within_50: float
    within_90: float
    model: float
    at_its_word: float
    benchmark: float


@dataclass(frozen=True, slots=True)
class Backward:
    """A pair as the others predict it: chance at or below what was observed, and the median in percent."""

    pair: SignalPair
    below: float
    median: float


def backwards(fitted: Fit, pairs: Sequence[SignalPair]) -> list[Backward]:
    """Each fitted pair as the pairs of other early trials predict it, over the control that it had."""
    predicted = []
    for pair, (triple, point) in zip(pairs, left_out(fitted), strict=True):
        belief = predict(fitted, triple.early, triple.control.logit, patients(triple.late), point)
        predicted.append(Backward(pair, belief.below(triple.late.logit), 100 * belief.quantile(0.5)))
    return predicted


def calibrate(fitted: Fit, pairs: Sequence[SignalPair]) -> Calibration:
    """Coverage and errors with each early trial left out in turn."""
    predicted = backwards(fitted, pairs)
    late = [one.pair.late.percent for one in predicted if one.pair.late]
    early = [one.pair.early.percent for one in predicted if one.pair.early]
    control = [one.pair.control.percent for one in predicted if one.pair.control]
    return Calibration(
        len(predicted),
        sum(0.25 <= one.below <= 0.75 for one in predicted) / len(predicted),
        sum(0.05 <= one.below <= 0.95 for one in predicted) / len(predicted),
        _root_mean_square([one.median for one in predicted], late),
        _root_mean_square(early, late),
        _root_mean_square(control, late),
    )


def patients(rate: Rate) -> float:
    """Patients behind a rate, or the number that would give its standard error."""
    if rate.total is not None:
        return rate.total
    if not rate.standard_error:
        return ASSUMED_LATE
    return 1 / (rate.standard_error**2 * rate.value * (1 - rate.value))


def nearest(
    pairs: Sequence[SignalPair], early: Rate, control: float, disease: str | None
) -> list[SignalPair]:
    """Pairs by distance from a new signal, the nearest first.

    The distance adds those of early and control rate on the logit scale, a quarter of that of the logarithms
    of the patients behind the early rate, and 1/2 for another disease than the one asked for.
    """
    from math import log

    def distance(pair: SignalPair) -> tuple[float, str]:
        """How far a pair is from the given signal; the IRI decides between equals."""
        triple = pair.triple()
        size = abs(log(patients(triple.early) / patients(early))) / 4
        other = 0.5 if disease is not None and pair.disease != disease else 0.0
        far = abs(triple.early.logit - early.logit) + abs(triple.control.logit - control)
        return far + size + other, pair.iri

    return sorted(pairs, key=distance)


def _root_mean_square(predicted: Sequence[float], observed: Sequence[float]) -> float:
    squares = [(one - other) ** 2 for one, other in zip(predicted, observed, strict=True)]
    return float((sum(squares) / len(squares)) ** 0.5)
