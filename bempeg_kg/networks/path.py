"""A path from one entity to another: its steps, its sign, the cells in which it holds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Edge = dict[str, Any]


#: What `Path.design` can be, best rank first.
DESIGNS = ("intended", "sparing", "", "spared")


class Path:
    """A path: `nodes`, one more than `steps` (edge attributes); `cells`, the cell contexts held in turn."""

    __slots__ = ("cells", "nodes", "steps")

    def __init__(self, nodes: Iterable[str], steps: Iterable[Edge], cells: Iterable[frozenset[str]]) -> None:
        self.nodes = tuple(nodes)
        self.steps = tuple(steps)
        self.cells = tuple(cells)

    @property
    def sign(self) -> int:
        """Product of the signs of the steps: 1 or -1."""
        sign = 1
        for step in self.steps:
            sign *= step["factor"]
        return sign

    @property
    def effect(self) -> str:
        """`promotes` or `inhibits`: the effect of more of the first node on the last."""
        return "promotes" if self.sign > 0 else "inhibits"

    @property
    def claims(self) -> list[str]:
        """CURIEs of the steps of mechanism that the path rests on."""
        return [step["step"] for step in self.steps]

    @property
    def design(self) -> str:
        """The part of the path in the design of a drug, from the roles of its steps; one of `DESIGNS`.

        `spared` if any step is an action that the design weakens, else `intended` if any is an action for
        which the drug was designed, else `sparing` if any is what the design adds to weaken another action.
        """
        roles = {step.get("role") for step in self.steps}
        for role, design in (("sparedAction", "spared"), ("intendedAction", "intended")):
            if role in roles:
                return design
        return "sparing" if "sparingAction" in roles else ""

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches of the mechanism that the path passes through, in the order of its steps."""
        return tuple(dict.fromkeys(step["branch"] for step in self.steps if step.get("branch")))

    def steps_with(self, attribute: str) -> list[str]:
        """CURIEs of the steps that have an attribute: `disputed`, `animal`."""
        return [step["step"] for step in self.steps if step.get(attribute)]

    def __repr__(self) -> str:
        return f"<Path {self.effect}: {' -> '.join(self.nodes)}>"


class Paths(list[Path]):
    """Paths, ranked by design and length; `complete` unless the search was ended before all were found."""

    complete = True


def cells_of(step: Edge) -> frozenset[str]:
    """CURIEs of the cells in which a step was claimed."""
    return frozenset(str(step.get("cells", "")).split())


def holds_in(step: Edge) -> frozenset[str]:
    """CURIEs of the cells in which a step holds: those in which it was claimed, and their kinds."""
    return cells_of(step) | frozenset(str(step.get("holds_in", "")).split())
