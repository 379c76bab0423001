"""One record to statements: a pure function of the record and of what the graph already knows."""

from __future__ import annotations

from typing import NamedTuple

from bempeg_kg.registry.about import map_about
from bempeg_kg.registry.adverse_events import map_adverse_events
from bempeg_kg.registry.baseline import map_baseline
from bempeg_kg.registry.design import map_design
from bempeg_kg.registry.details import map_details
from bempeg_kg.registry.fields import wrong_place
from bempeg_kg.registry.flow import map_flow
from bempeg_kg.registry.identity import map_identity, version_of
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.outcomes import map_outcomes
from bempeg_kg.registry.record import Problem, Record, Refused, registry_number, without_addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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

    The same record gives the same bytes, whatever ran before it. Raises Refused, with the JSON path, for a
    record that is not of this shape.
    """
    try:
        record = Record(registry_number(study), joins or Joins())
        _map_parts(record, study)
        # Piece by piece: one sign beyond ASCII would otherwise widen the whole text.
        body = b"".join([piece.encode() for piece in (*record.out, *record.shared_out)])
        return Mapped(record.nct, version_of(study), body, record.problems)
    except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
        # Looked up only now: a check of every type beforehand would cost as much as the mapping.
        raise wrong_place(study, error) from error


def map_into(record: Record, study: dict[str, Any]) -> None:
    """Write all statements of a study into a record. Raises Refused, with the JSON path, as `map_record`."""
    try:
        _map_parts(record, study)
    except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
        raise wrong_place(study, error) from error


def _map_parts(record: Record, study: dict[str, Any]) -> None:
    """All parts in the order in which they need each other: groups are named after arms."""
    study = without_addresses(study)
    map_identity(record, study)
    map_about(record, study)
    map_details(record, study)
    map_design(record, study)
    map_baseline(record, study)
    map_outcomes(record, study)
    map_adverse_events(record, study)
    map_flow(record, study)


__all__ = ["Mapped", "Refused", "map_record"]
