"""Early against later response rates of the signal pairs: a slope chart and a scatter, each pair one line.

Colour and mark say what became of the pair; the programme's own pairs are drawn heavier and named. In an SVG
each pair has a title that shows on hover. The table beside it has the same content.
"""

from __future__ import annotations

from statistics import median

from bempeg_kg.errors import NoAnswer
from bempeg_kg.evidence.signal_pairs import SignalPair, read_pairs
from bempeg_kg.evidence.signal_survey import FAILED
from bempeg_kg.evidence.stats.intervals import wilson
from bempeg_kg.evidence.stats.signal_likelihood import Rate
from bempeg_kg.evidence.stats.signal_model import MINIMUM, fit, predict
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.chart import BLUE, GREY, INK, ORANGE, QUIET, Chart, new_figure, styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_WIDTH, _HEIGHT = 11.0, 6.6
#: Colour, mark and words of an outcome class: failed, confirmed in part, confirmed.
_LOOKS = {
    "failed": (ORANGE, "X", "endpoint missed, stopped, harm, or response without survival"),
    "partly": (GREY, "D", "one primary endpoint met, another not"),
    "met": (BLUE, "o", "primary endpoint met"),
}
_TITLE = "What became of early response rates"


def signals(kg: Graph, shape: str = "wide") -> Chart:
    """The picture of all pairs with a response rate at both ends. Raises NoAnswer if there is none."""
    if not kg.content.has_shipped:
        raise NoAnswer("nothing to draw: the signal pairs belong to the shipped programme")
    kg = kg.with_signals()
    everything = read_pairs(kg)
    pairs = [pair for pair in everything if pair.has_rates]
    if not pairs:
        raise NoAnswer(
            "nothing to draw: no signal pair has a rate at both ends", cure="Open the graph with --signals."
        )
    own = {pair.iri for pair in everything if _is_own(kg, pair)}
    alone = [pair for pair in everything if pair.iri in own and pair.early and not pair.late]
    figure = new_figure(_WIDTH, _HEIGHT)
    with styled():
        slopes = figure.add_axes((0.06, 0.16, 0.36, 0.68))
        scatter = figure.add_axes((0.53, 0.16, 0.45, 0.68))
        _slopes(slopes, pairs, own)
        _early_only(slopes, alone)
        _scatter(scatter, pairs, own)
        _around(figure, len(pairs), alone)
    summary = (
        f"{_TITLE}. {len(pairs)} pairs of an early and a later trial; {_fell(pairs)} had a lower rate later. "
        "The pairs are no random sample of programmes."
    )
    hovers = {_gid(view, pair): _hover(pair) for pair in pairs for view in ("slope", "dot")}
    return Chart(figure, _TITLE, summary, kg.ask("signal-changes"), hovers)


def _is_own(kg: Graph, pair: SignalPair) -> bool:
    """Whether the early trial belongs to the programme of the graph."""
    return bool(
        kg.query(f"ASK {{ <{pair.early_trial}> kg:programme ?any }}")  # the pairs' trials have none
    )


def _look(pair: SignalPair) -> tuple[str, str, str]:
    if pair.outcome in FAILED:
        return _LOOKS["failed"]
    return _LOOKS["met" if pair.outcome == "endpointMet" else "partly"]


def _slopes(axes: Any, pairs: Sequence[SignalPair], own: set[str]) -> None:
    for pair in pairs:
        colour, mark, _ = _look(pair)
        mine = pair.iri in own
        (line,) = axes.plot(
            [0, 1],
            [_percent(pair.early), _percent(pair.late)],
            color=colour,
            marker=mark,
            markersize=7 if mine else 4,
            linewidth=2.4 if mine else 0.8,
            alpha=1.0 if mine else 0.55,
            zorder=3 if mine else 2,
        )
        line.set_gid(_gid("slope", pair))
        if mine:
            name = _name(pair)
            axes.annotate(
                name, (1, _percent(pair.late)), (4, 0), textcoords="offset points", va="center", fontsize=8
            )
    axes.set_xlim(-0.08, 1.5)
    axes.set_xticks([0, 1], ["early trial", "later trial"])
    _percent_axis(axes.set_ylim, axes.set_yticks)
    axes.set_ylabel("patients with a response (percent)")
    _bare(axes)


def _early_only(axes: Any, pairs: Sequence[SignalPair]) -> None:
    """The programme's own signals whose later rate was not printed: a mark on the left."""
    for pair in pairs:
        colour, mark, _ = _look(pair)
        (dot,) = axes.plot([0], [_percent(pair.early)], color=colour, marker=mark, markersize=7, zorder=3)
        dot.set_gid(_gid("slope", pair))


def _scatter(axes: Any, pairs: Sequence[SignalPair], own: set[str]) -> None:
    axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), label="no change")
    _fitted(axes, pairs)
    for pair in pairs:
        colour, mark, _ = _look(pair)
        mine = pair.iri in own
        x, y = _percent(pair.early), _percent(pair.late)
        for end, across in ((pair.early, True), (pair.late, False)):
            if end is not None and end.total and (end.n is not None or not across):
                limits = wilson(round(end.percent / 100 * end.total), end.total)
                span = [100 * limits.lower, 100 * limits.upper]
                places = (span, [y, y]) if across else ([x, x], span)
                axes.plot(*places, color=colour, linewidth=0.6, alpha=0.35, zorder=1)
        (dot,) = axes.plot(
            [x], [y], color=colour, marker=mark, markersize=9 if mine else 5, zorder=4 if mine else 3,
            markeredgecolor=INK if mine else "white", markeredgewidth=1.2 if mine else 0.5,
        )  # fmt: skip
        dot.set_gid(_gid("dot", pair))
    axes.set_xlabel("early rate (percent)")
    axes.set_ylabel("later rate (percent)")
    _percent_axis(axes.set_xlim, axes.set_xticks)
    _percent_axis(axes.set_ylim, axes.set_yticks)
    axes.legend(loc="upper left", fontsize=8, frameon=False)
    _bare(axes)


def _fitted(axes: Any, pairs: Sequence[SignalPair]) -> None:
    """The median later rate by early rate, over the median control of the pairs."""
    if len(pairs) < MINIMUM:
        return
    fitted = fit([pair.triple() for pair in pairs])
    control = median(pair.control.percent for pair in pairs if pair.control)
    logit = Rate(control / 100, control, 100.0).logit
    rates = range(4, 97, 4)
    later = [
        100 * predict(fitted, Rate(rate / 100, rate * 2.0, 200.0), logit).quantile(0.5) for rate in rates
    ]
    name = f"fitted, over a control of {control:.0f} %"
    axes.plot(list(rates), later, color=INK, linewidth=1.4, label=name)


def _around(figure: Any, count: int, alone: Sequence[SignalPair]) -> None:
    figure.text(0.02, 0.955, _TITLE, fontsize=13, weight="bold")
    line = f"{count} pairs with a response rate at both ends, known ones: no random sample."
    figure.text(0.02, 0.915, line, color=QUIET)
    for place, pair in enumerate(alone):
        line = f"{_name(pair)}: early {_percent(pair.early):g} %, no later rate was printed (left only)."
        figure.text(0.02, 0.88 - 0.03 * place, line, color=QUIET, fontsize=8.5)
    for place, (colour, mark, words) in enumerate(_LOOKS.values()):
        left = 0.03 + (0.0, 0.46, 0.74)[place]
        figure.text(
            left, 0.045, {"X": "\u2716", "D": "\u25c6", "o": "\u25cf"}[mark], color=colour, fontsize=11
        )
        figure.text(left + 0.02, 0.048, words, fontsize=8.5)


def _percent_axis(set_limits: Any, set_ticks: Any) -> None:
    set_limits(0, 102)
    set_ticks(range(0, 101, 20))


def _bare(axes: Any) -> None:
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)


def _percent(end: Any) -> float:
    return float(end.percent)


def _name(pair: SignalPair) -> str:
    return pair.iri.rpartition("/")[2].replace("-", " ")


def _gid(view: str, pair: SignalPair) -> str:
    return f"{view}-{pair.iri.rpartition('/')[2]}"


def _hover(pair: SignalPair) -> str:
    assert pair.early is not None and pair.late is not None and pair.control is not None
    return (
        f"{pair.label}: early {pair.early.shown}, later {pair.late.shown} against {pair.control.shown}; "
        f"{_look(pair)[2]}"
    )


def _fell(pairs: Sequence[SignalPair]) -> int:
    return sum((pair.change or 0) < 0 for pair in pairs)
