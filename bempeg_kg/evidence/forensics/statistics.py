"""Test statistics against their p-values: t, F, chi-squared, r and z, each over the range that it stands for.

The check is that of statcheck (Nuijten et al., Behavior Research Methods 2016;48:1205-1226): the p-value is
computed from the statistic and its degrees of freedom. A decision error is one on the other side of 0.05.
"""

from __future__ import annotations

from math import sqrt

from bempeg_kg.evidence.forensics.p_values import no_probability
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.further import TestStatistic
from bempeg_kg.evidence.model import Evidence
from bempeg_kg.evidence.printed import Printed, read, read_p
from bempeg_kg.rdf.units import with_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = "statistic-and-p"
_ALPHA = 0.05
_TWO_SIDED = ("t", "r", "z")


def examine_statistics(evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on test statistics that are printed with a p-value."""
    for iri in sorted(evidence.tests):
        if evidence.wants(iri):
            yield from _examine(evidence.tests[iri])


def _examine(test: TestStatistic) -> Iterator[Verdict]:
    value, p = read(test.printed), read_p(test.p)
    inputs = f"{_named(test)} = {test.printed}, {with_p(test.p)}"
    if value is None or p is None:
        return
    if test.kind == "r" and abs(value.value) - value.half_unit > 1:
        yield _verdict(test, IMPOSSIBLE, inputs, "a correlation is from -1 to 1")
        return
    why = no_probability(p)
    if why:
        yield _verdict(test, IMPOSSIBLE, inputs, why)
        return
    missing = _missing_df(test)
    if missing:
        yield _verdict(test, CANNOT_TELL, inputs, "without them there is no p-value", missing=missing)
        return
    low, high = p_of_statistic(test, value)
    working = f"the statistic gives p {low:.4f} to {high:.4f}"
    if test.sides == 1 and test.kind in _TWO_SIDED:
        low, high = low / 2, high / 2
        working = f"the statistic gives a one-sided p of {low:.4f} to {high:.4f}"
    yield _judged(test, inputs, working, low, high, p)


def _judged(test: TestStatistic, inputs: str, working: str, low: float, high: float, p: Printed) -> Verdict:
    if _meets(p, low, high):
        return _verdict(test, CONSISTENT, inputs, working)
    if test.sides is None and test.kind in _TWO_SIDED:
        for tail in ((low / 2, high / 2), (1 - high / 2, 1 - low / 2)):
            if _meets(p, *tail):
                why = f"{working}; it fits a one-sided p-value"
                return _verdict(test, CANNOT_TELL, inputs, why, missing="whether the test is one-sided")
    printed = float(p.value)
    if (printed <= _ALPHA) != (low <= _ALPHA) and (low > _ALPHA) == (high > _ALPHA):
        working += f"; the printed p is on the other side of {_ALPHA:g}"
    return _verdict(test, INCONSISTENT, inputs, working)


def _meets(p: Printed, low: float, high: float) -> bool:
    if p.bound == "<":
        return low < float(p.value)
    if p.bound == ">":
        return high > float(p.value)
    return low <= float(p.high) + 1e-9 and high >= float(p.low) - 1e-9


def p_of_statistic(test: TestStatistic, value: Printed) -> tuple[float, float]:
    """Smallest and largest p-value (two-sided for t, r and z) of what a printed statistic stands for.

    >>> test = TestStatistic("x", kind="r", df=97)
    >>> [round(p, 3) for p in p_of_statistic(test, read("0.17"))]
    [0.083, 0.103]
    """
    from scipy import stats

    size = abs(float(value.value))
    ends = [max(size - float(value.half_unit), 0.0), size + float(value.half_unit)]
    first, second = test.df or 0.0, test.df2 or 0.0
    if test.kind == "r":
        ends = [min(end, 1 - 1e-12) for end in ends]
        ends = [end * sqrt(first / (1 - end * end)) for end in ends]
    tails = {
        "t": lambda statistic: 2 * stats.t.sf(statistic, first),
        "r": lambda statistic: 2 * stats.t.sf(statistic, first),
        "z": lambda statistic: 2 * stats.norm.sf(statistic),
        "f": lambda statistic: stats.f.sf(statistic, first, second),
        "chi2": lambda statistic: stats.chi2.sf(statistic, first),
    }
    high, low = (float(tails[test.kind](end)) for end in ends)
    return low, high


def _missing_df(test: TestStatistic) -> str:
    if test.kind == "z":
        return ""
    if (test.df or 0) <= 0 or (test.kind == "f" and (test.df2 or 0) <= 0):
        return "the degrees of freedom"
    return ""


def _named(test: TestStatistic) -> str:
    degrees = [f"{one:g}" for one in (test.df, test.df2) if one is not None]
    return f"{test.kind}({', '.join(degrees)})" if degrees else test.kind


def _verdict(test: TestStatistic, verdict: str, inputs: str, working: str, missing: str = "") -> Verdict:
    return Verdict(
        _RULE, verdict, test.iri, test.label, inputs, working, missing=missing, sources=test.sources
    )
