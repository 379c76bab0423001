"""Questions that take minutes over a whole registry are not run: they ask for what narrows them."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.graph.asked import Asked
from bempeg_kg.questions.question import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: The parameter, of every question, that runs it over everything all the same.
WHOLE = "all"
_ONE_TRIAL = "SELECT ?t { ?t a kg:Trial } LIMIT 1"


def is_whole(parameters: Mapping[str, object]) -> bool:
    """Whether everything is asked for by name."""
    return str(parameters.get(WHOLE, "")).lower() in ("true", "1", "yes")


def is_too_wide(kg: Asked, question: Question, given: Collection[str]) -> bool:
    """Whether a question needs narrowing in a folder as large as this, and nothing narrows it."""
    return question.narrow is not None and kg.content.is_large and set(question.narrow).isdisjoint(given)


def refuse_whole(kg: Asked, question: Question, given: Collection[str]) -> None:
    """Raise UsageError where a question needs narrowing in a folder as large as this, and nothing narrows it.

    The header of a question names what narrows it: `narrow: [trial, term]`.
    """
    if question.narrow is None or not is_too_wide(kg, question, given):
        return
    command = (
        f"plot {question.name.removeprefix('picture-')}" if question.internal else f"ask {question.name}"
    )
    cures = [f"Give {' or '.join(question.parameter(name).option for name in question.narrow)}."]
    if "trial" in question.narrow:
        cures.append(f"For example `bempeg-kg {command} --trial {_one_trial(kg)}`.")
    if not question.internal:
        cures.append(f"`bempeg-kg {command} --{WHOLE}` runs it over everything, which can take minutes.")
    raise UsageError(
        f"{command.partition(' ')[2]} over all trials of a folder as large as this takes too long",
        cure=" ".join(cures if question.narrow else cures[1:]),
    )


def _one_trial(kg: Asked) -> str:
    """The slug of some trial of the graph."""
    trials = kg.select(_ONE_TRIAL)
    return kg.names.shorten(str(trials[0]["t"])).partition(":")[2] if trials.rows else "TRIAL"
