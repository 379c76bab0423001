"""Arm sizes that are not printed, solved from the percentages of both arms and their p-value."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.about import verdict_on
from bempeg_kg.evidence.forensics.recover import BALANCED, TESTS, ArmSizes, arm_sizes, chi_squared
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, Verdict
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.printed import Printed, read
from bempeg_kg.rdf.units import with_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 3


def solve_arm_sizes(
    contrast: Contrast, first: Result, second: Result, p: Printed, evidence: Evidence
) -> Iterator[Verdict]:
    """Sizes of the arms that fit the percentages of a comparison and its p value."""
    arms = [_percentages(first, second, evidence), _percentages(second, first, evidence)]
    largest = [evidence.largest(result) for result in (first, second)]
    inputs = f"{_listed(arms[0])} percent against {_listed(arms[1])} percent, {with_p(contrast.p)}"
    rule = "arm-sizes-from-percentages"
    if largest[0] is None or largest[1] is None:
        yield verdict_on(
            rule, CANNOT_TELL, contrast, inputs, "no size of the arms is known", missing="arm sizes"
        )
        return
    tops = (largest[0], largest[1])
    fitting = arm_sizes(arms[0], arms[1], p, tops)
    full = chi_squared(*_whole(arms[0][0], tops[0]), *_whole(arms[1][0], tops[1]))[0]
    working = (
        f"with all {tops[0]} against {tops[1]} it would be p {float(full):.4f}; {_fitting_text(fitting)}"
    )
    yield verdict_on(
        rule,
        CANNOT_TELL,
        contrast,
        inputs,
        working,
        expected=_best(fitting),
        missing="the sizes of the arms behind the percentages, and the test",
    )


def _percentages(result: Result, other: Result, evidence: Evidence) -> list[Printed]:
    """The result's percentage, then those that its analysis set and the other one both have."""
    both = _shares(result, evidence).keys() & _shares(other, evidence).keys()
    more = [text for key, text in sorted(_shares(result, evidence).items()) if key in both]
    return [printed for printed in map(read, [result.printed, *more]) if printed is not None]


def _shares(result: Result, evidence: Evidence) -> dict[tuple[object, ...], str]:
    """Further shares of patients in a result's analysis set, by what they measure."""
    return {
        (one.endpoint, one.dimensions): one.printed
        for one in evidence.index.on_set.get(result.analysis_set, ())
        if one.is_share and one.endpoint != result.endpoint
    }


def _listed(printed: list[Printed]) -> str:
    return " and ".join(one.text for one in printed)


def _whole(printed: Printed, total: int) -> tuple[float, int]:
    return float(printed.value) * total / 100, total


def _fitting_text(fitting: list[ArmSizes]) -> str:
    if not fitting:
        return "no arm sizes fit"
    balanced = [one for one in fitting if one.imbalance <= BALANCED]
    sizes = [one.first[1] for one in balanced], [one.second[1] for one in balanced]
    # A pair that fits by both tests is one pair.
    pairs = len({(one.first, one.second) for one in fitting})
    summary = f"{pairs} pairs of n/N fit every percentage and give nearly this p by an unstratified test"
    if not balanced:
        return summary
    likely = len({(one.first, one.second) for one in balanced})
    return (
        f"{summary}, {likely} of them with like shares of the randomised (within 5 points): "
        f"{min(sizes[0])} to {max(sizes[0])} against {min(sizes[1])} to {max(sizes[1])} patients"
    )


def _best(fitting: list[ArmSizes]) -> str:
    """The pairs with the most alike shares of the randomised, then the nearest p. Derived, never a fact."""
    parts = []
    for test in TESTS:
        likely = sorted(
            (one for one in fitting if one.test == test),
            key=lambda sizes: (round(sizes.imbalance, 2), sizes.distance),
        )[:_SHOWN]
        if likely:
            pairs = "; ".join(f"{_pair(one)}, p {one.p:.4f}" for one in likely)
            parts.append(f"by the {test} test {pairs}")
    return f"derived, probably such as {'; '.join(parts)}" if parts else ""


def _pair(sizes: ArmSizes) -> str:
    return f"{sizes.first[0]}/{sizes.first[1]} against {sizes.second[0]}/{sizes.second[1]}"
