"""What a p-value is: whether it can be one, of which kind of test it is, and how many sides it has."""

from __future__ import annotations

import re

from bempeg_kg.evidence.forensics.about import shown, verdict_on
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, Verdict
from bempeg_kg.evidence.model import Contrast
from bempeg_kg.evidence.printed import Printed, read_p
from bempeg_kg.rdf.units import with_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

POSTERIOR, MULTIPLICITY, EXACT, STRATIFIED, RANK, WALD, CHI_SQUARED, NOT_STATED = (
    "posterior", "multiplicity", "exact", "stratified", "rank", "wald", "chi-squared", "",
)  # fmt: skip
#: Kinds of test by the words of the source, the most telling first.
_KINDS = (
    (POSTERIOR, r"bayes|posterior|predictive prob|credible"),
    (
        MULTIPLICITY,
        r"multiplicity|hochberg|bonferroni|\bholm\b|dunnett|tukey|adjusted p\b|p[- ]value[^.]{0,40}adjusted",
    ),
    (EXACT, r"(?<!asymptotic )\bexact\b|fisher|permutation|boschloo|barnard|mid-?p\b"),
    (STRATIFIED, r"(?<!un)(?<!not )(?<!non-)stratif|mantel|cochran|\bcmh\b|breslow"),
    (CHI_SQUARED, r"continuity|yates|unpooled|pooled variance|prop\.?test"),
    (RANK, r"log[- ]?rank|wilcoxon|gray'?s|peto|gehan|score test|mann[- ]whitney"),
    (WALD, r"wald|\bcox|proportional hazard|logistic|regression|model|\bglm|\bgee\b|generali[sz]ed"),
    (CHI_SQUARED, r"chi[- ]?squ|\bchi2|pearson|yates|prop\.?test|z[- ]?test|proportions?"),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE).search) for kind, pattern in _KINDS)


def kind_of_test(contrast: Contrast) -> str:
    """The kind of test that gave a p-value, by the words of the source; "" if they do not say.

    >>> kind_of_test(Contrast("c", method="Fisher Exact")), kind_of_test(Contrast("c", method="Cox"))
    ('exact', 'wald')
    """
    if contrast.p_kind == "posteriorProbability":
        return POSTERIOR
    for kind, pattern in _PATTERNS[:2]:
        if pattern(f"{contrast.label} {contrast.method} {contrast.note}"):
            return kind
    words = contrast.method or contrast.note
    named = next((kind for kind, pattern in _PATTERNS[2:] if pattern(words)), NOT_STATED)
    if named == RANK and re.search(_KINDS[3][1], contrast.note, re.IGNORECASE):
        return STRATIFIED
    return named or {"exactP": EXACT, "logRankP": RANK}.get(contrast.p_kind, NOT_STATED)


def against_margin(contrast: Contrast) -> bool:
    """Whether a p-value may be against a margin: non-inferiority, equivalence, or a hypothesis of no kind."""
    return (
        bool(contrast.hypothesis and "uperiority" not in contrast.hypothesis)
        or contrast.margin is not None
        or bool(contrast.tested_margin)
        or re.search(r"(?i)non-?\s?inferior|equivalen|margin", f"{contrast.method} {contrast.note}")
        is not None
    )


def examine_p_value(contrast: Contrast) -> Iterator[Verdict]:
    """A verdict on a p-value that is no probability."""
    p = read_p(contrast.p)
    # A posterior probability is often printed in percent.
    if p is None or kind_of_test(contrast) == POSTERIOR:
        return
    why = no_probability(p)
    if why:
        yield verdict_on(
            "p-value-in-range", IMPOSSIBLE, contrast, f"{shown(contrast)}, {with_p(contrast.p)}", why
        )


def no_probability(p: Printed) -> str:
    """Why a printed p-value is no probability; "" if it may be one.

    >>> from bempeg_kg.evidence.printed import read_p
    >>> [bool(no_probability(read_p(text))) for text in ("<.000", "1.2", "-0.1", "0.000", "1.00")]
    [True, True, True, False, False]
    """
    if p.bound == "<" and p.value <= 0:
        return "no p-value is below zero"
    if p.low > 1 or (p.bound == ">" and p.value >= 1):
        return "no p-value is above one"
    return "no p-value is below zero" if p.high < 0 else ""


def usable_p(contrast: Contrast) -> Printed | None:
    """The p-value of a comparison if it can be a probability, else None."""
    p = read_p(contrast.p)
    return None if p is None or no_probability(p) else p
