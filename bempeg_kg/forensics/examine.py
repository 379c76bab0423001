"""All rules over a graph, or over what a file adds to it."""

from __future__ import annotations

from bempeg_kg.forensics.verdicts import in_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bempeg_kg.engines import Engine
    from bempeg_kg.forensics.records import Dossier
    from bempeg_kg.forensics.verdicts import Verdict


def examine(dossier: Dossier) -> list[Verdict]:
    """Every verdict on the subjects that a dossier asks for, gravest first."""
    from bempeg_kg.forensics.comparisons import examine_ratios
    from bempeg_kg.forensics.rules import examine_figures
    from bempeg_kg.forensics.whole import examine_together

    return in_order([*examine_figures(dossier), *examine_ratios(dossier), *examine_together(dossier)])


def examine_graph(engine: Engine) -> list[Verdict]:
    """Every verdict on a whole graph."""
    from bempeg_kg.forensics.reading import read_dossier

    return examine(read_dossier(engine))
