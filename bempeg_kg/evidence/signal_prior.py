"""A prior for a response rate from the signal pairs: what later trials showed over a control of that rate."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.signal_pairs import read_pairs
from bempeg_kg.evidence.stats.shrinkage import Prior
from bempeg_kg.evidence.stats.signal_model import fit
from bempeg_kg.graph.graph import Graph

_NODES = 41


def prior_from_pairs(kg: Graph, control: float, without_trial: str) -> Prior:
    """The beta prior with mean and variance of the true later rate over a control (fraction).

    It is the prediction of the fitted model before any early rate is known. Pairs of the early trial in
    question are left out with all pairs of its drugs. Raises UsageError where the graph has too few pairs.
    """
    import numpy as np
    from scipy.special import expit, logit, roots_hermitenorm

    everything = read_pairs(kg.with_signals())
    own = {drug for pair in everything if pair.early_trial == without_trial for drug in pair.drugs}
    pairs = [pair for pair in everything if pair.has_rates and not own & set(pair.drugs)]
    if not pairs:
        raise UsageError("this graph holds no signal pairs to take a prior from", cure="Leave --prior out.")
    fitted = fit([pair.triple() for pair in pairs])
    excess = fitted["mu"] + fitted["gamma"] * (float(logit(control)) - fitted["m"])
    centre = float(logit(control)) + fitted["alpha"] + fitted["beta"] * excess
    spread = float(np.hypot(fitted["beta"] * fitted["sigma"], fitted["tau"]))
    nodes, weights = roots_hermitenorm(_NODES)
    weights = weights / weights.sum()
    rates = expit(centre + spread * nodes)
    mean = float((weights * rates).sum())
    variance = float((weights * (rates - mean) ** 2).sum())
    weight = mean * (1 - mean) / variance - 1
    return Prior.centred(mean, weight, f"from {len(pairs)} signal pairs, worth {weight:.0f} patients")
