"""Words that mean the same in a question about trials, folded to one of them."""

from __future__ import annotations

from functools import cache

from bempeg_kg.questions.search import ENDINGS, STOP, stem

#: Each line is one meaning. A word stands in one line only; forms that `stem` folds need not be listed.
_SAME = """
begin began begun start commence launch initiate opened
stop stopped halt terminate cancel shut axe scrap
abandon forsake drop dropped
withdraw withdrew withdrawn withdrawal
assess adjudicate judge evaluate assessor assessment evaluation adjudicator adjudication
carry bear harbour harbor
express display expression
expand expansion proliferate proliferation multiply grow growth grew grown
activate stimulate trigger induce promote drive activation stimulation
inhibit block blockade suppress antagonise hinder dampen inhibition suppression
reduce decrease lower diminish attenuate reduction downregulate downregulated
fund finance funding financing
pay paid payment
child children paediatric pediatric kids adolescents minors
heart cardiac cardiovascular cardiotoxic
fatal lethal
die died dead death
survive survival survivor
enrol enroll enrolment enrollment accrue accrual
random randomised randomized randomisation randomization
identifier identifiers accession
pool pooled aggregate synthesise synthesize synthesis
luck lucky chance fluke coincidence
blind blinded blinding masked masking
vary varied variation heterogeneous heterogeneity
impossible implausible
durable durability duration lasting lasted
mouse mice murine rodent
animal animals rat monkey primate
preclinical nonclinical
develop developer developed
stratify stratified stratification stratum strata
randomly randomness
common commonest frequent frequently frequency
bad worse worst
harm harmful dangerous danger hazardous risky unsafe
help helped helpful benefit beneficial
improve improved improvement better
shrink shrank shrunk shrinkage
respond response responder responded responding
certain certainty sure
trust reliable reliability trustworthy
origin provenance
publish published publication publications
paper papers article articles
agree agreement concur
contradict contradiction contradictory contradicts contradicting conflict conflicting clash
weight mass
subset nested
similar alike
shares stock stocks
evolve evolution
tumour tumor
programme program
trial study
workforce layoff layoffs redundancies redundancy staff employees headcount
synergy synergistic synergise synergize synergism
surprising surprise surprised unusual unlikely improbable extraordinary
inflate inflated overestimate overestimated exaggerate exaggerated inflation
dropout dropouts discontinue discontinued discontinuation discontinuations
exclude excluded exclusion exclusions
predict predicted prediction predictions forecast foresee
upregulate upregulates upregulated
downstream downstreams
shield hide
toxic toxicity toxicities
robust robustness
unblind unblinded unblinding
collaboration collaborate collaborator partnership alliance
manufacture manufacturer manufacturing
come came
go went gone goes
know knew known
lead led
own owns owned owner
rise rose risen
fall fell fallen
monotherapy alone
""".split("\n")


@cache
def _roots() -> dict[str, str]:
    """The stem of each word, with the stem of the first word in its line."""
    return {stem(word): stem(line.split()[0]) for line in _SAME if line for word in line.split()}


@cache
def _stems() -> dict[str, list[str]]:
    """The stem of the first word in a line, with the stems of all of them."""
    stems: dict[str, list[str]] = {}
    for form, first in _roots().items():
        stems.setdefault(first, []).append(form)
    return stems


def root(word: str) -> str:
    """The stem of a word, or of the first word in its line.

    >>> root("murine") == root("mice") == root("mouse")
    True
    """
    stemmed = stem(word)
    return _roots().get(stemmed, stemmed)


def forms(word: str) -> list[str]:
    """The stems of all words that mean the same.

    >>> "paediatric" in forms("children")
    True
    """
    stemmed = root(word)
    return _stems().get(stemmed, [stemmed])


def to_data() -> dict[str, object]:
    """What `root` goes by, for a search that runs in a browser; and the roots of words without meaning."""
    return {"endings": ENDINGS, "same": _roots(), "stop": sorted({root(word) for word in STOP})}
