"""One record to statements: a pure function of the record and of what the graph already knows."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeVar

import orjson

from bempeg_kg.registry.about import map_about
from bempeg_kg.registry.adverse_events import map_adverse_events
from bempeg_kg.registry.baseline import map_baseline
from bempeg_kg.registry.design import map_design
from bempeg_kg.registry.details import map_details
from bempeg_kg.registry.flow import map_flow
from bempeg_kg.registry.identity import map_identity, version_of
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.known_codes import map_codes
from bempeg_kg.registry.outcomes import map_outcomes
from bempeg_kg.registry.record import (
    NUMBER,
    Problem,
    Record,
    Refused,
    registry_number,
    written_number,
)
from bempeg_kg.registry.repair import repaired

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


#: The domain has a letter and ends in letters: `1.5 mg@2.5h` is no address. A match begins where a word does,
#: as a search from every letter of a long word takes the square of its length.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?=[\d.-]*[^\W\d_][\w-]*\.)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}\b")
#: What mapping raises where a value is of another type than the field: see `fields`.
_WRONG = (AttributeError, TypeError, KeyError, IndexError, ValueError, RecursionError)
#: What `build` of `repairing` makes.
Built = TypeVar("Built")


class Mapped(NamedTuple):
    """What a record became."""

    #: registry number, which is the identity of the record whatever its file is called
    nct: str
    #: date of the last update and date of the copy: what orders two records of one trial
    version: tuple[str, str]
    #: the statements as N-Quads, in one graph
    body: bytes
    problems: list[Problem]

    @property
    def statements(self) -> int:
        """Number of statements."""
        return self.body.count(b"\n")


def map_record(study: dict[str, Any], joins: Joins | None = None) -> Mapped:
    """The N-Quads of one study record of the ClinicalTrials.gov API v2.

    The same record gives the same bytes, whatever ran before it. A value of a wrong type is read or left out,
    and told in `problems`; the rest of the record is mapped. Raises Refused for what is no study record.
    """
    known = joins or Joins()

    def build(one: dict[str, Any], problems: list[Problem]) -> Mapped:
        """Map a study into N-Quads; `problems` are those of its repair."""
        record = Record(registry_number(one), known)
        record.problems += problems
        if (written := written_number(one)) != record.nct:
            record.problem(NUMBER, f"{written!r} was read as {record.nct}")
        map_parts(record, one)
        # Piece by piece: one sign beyond ASCII would otherwise widen the whole text.
        body = b"".join([piece.encode() for piece in (*record.out, *record.shared_out)])
        return Mapped(record.nct, version_of(one), body, record.problems)

    return repairing(study, build)


def repairing(study: dict[str, Any], build: Callable[[dict[str, Any], list[Problem]], Built]) -> Built:
    """What `build` makes of a study; if it cannot, of the study repaired, with what was done to it.

    Raises Refused as `map_record`.
    """
    try:
        return build(study, [])
    except _WRONG:
        # Looked up only now: a check of every type beforehand would cost as much as the mapping.
        made, problems = repaired(study)
    try:
        return build(made, problems)
    except _WRONG as error:
        raise Refused(f"cannot be mapped: {type(error).__name__}: {error}", "$") from error


def map_parts(record: Record, study: dict[str, Any]) -> None:
    """All parts in the order in which they need each other: groups are named after arms."""
    study = {name: _section_without_addresses(section) for name, section in study.items()}
    map_identity(record, study)
    map_about(record, study)
    map_details(record, study)
    map_design(record, study)
    map_baseline(record, study)
    map_outcomes(record, study)
    map_adverse_events(record, study)
    map_flow(record, study)
    map_codes(record, study)


def _section_without_addresses(section: Any) -> Any:
    """The same module by module, since copying those that have no address takes a seventh of the mapping."""
    if not isinstance(section, dict):
        return without_addresses(section)
    return {
        name: without_addresses(module) if _may_have_address(module) else module
        for name, module in section.items()
    }


def _may_have_address(module: Any) -> bool:
    """Whether there is a sign @ in a module of a record; most have none, and need not be copied."""
    try:
        return b"@" in orjson.dumps(module)
    except TypeError:  # a number or text that JSON cannot hold, which is told later
        return True


def without_addresses(value: Any) -> Any:
    """The same JSON value with the mail addresses in its texts left out.

    >>> without_addresses({"whyStopped": "Write to jane.doe@clinic.org", "keywords": ["IL-2"]})
    {'whyStopped': 'Write to (address left out)', 'keywords': ['IL-2']}
    >>> without_addresses("DrugA@2.5mg")
    'DrugA@2.5mg'
    """
    if isinstance(value, str):
        return _MAIL.sub("(address left out)", value) if "@" in value else value
    if isinstance(value, dict):
        return {key: without_addresses(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_addresses(one) for one in value]
    return value


__all__ = ["Mapped", "Refused", "map_record"]
