"""One document, a piece of JSON, to mapped records: what a worker does, in whatever process it runs."""

from __future__ import annotations

from typing import NamedTuple

import orjson

from bempeg_kg.registry.fields import unmapped
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.mapping import map_record
from bempeg_kg.registry.reader import Document, Fault
from bempeg_kg.registry.record import Problem, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_LEGACY = ("FullStudiesResponse", "StudyFieldsResponse", "FullStudies", "Study")


class Piece(NamedTuple):
    """A mapped record with what the landing place needs to choose between two of one trial."""

    place: str
    nct: str
    version: tuple[str, str]
    #: the statements, or nothing if they stand in a spool already
    body: bytes
    statements: int
    problems: list[Problem]
    #: path -> number of values that the importer does not read; empty unless asked for
    left: dict[str, int]
    #: where a worker put the statements: file, offset, length
    spooled: tuple[str, int, int] | None = None


def map_document(document: Document, joins: Joins, *, count_left: bool = False) -> Iterator[Piece | Fault]:
    """The records of a document, mapped; a Fault for each that is refused."""
    try:
        made = orjson.loads(document.body)
    except orjson.JSONDecodeError as error:
        said = str(error).partition(":")[0]
        yield Fault(document.place, "", f"this is not JSON: {said}, line {error.lineno} column {error.colno}")
        return
    try:
        for path, study in studies(made):
            yield _map_one(document.place, path, study, joins, count_left)
    except Refused as refused:
        yield Fault(document.place, refused.path, _with_cure(refused))


def studies(made: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(JSON path, record) of each record of a piece of JSON. Raises Refused for any other shape."""
    if isinstance(made, dict):
        for name in _LEGACY:
            if name in made:
                raise Refused(
                    "this is the legacy shape of the registry, which was retired in 2024",
                    f"$.{name}",
                    "Fetch the record again from the API v2: https://clinicaltrials.gov/api/v2/studies/NCT...",
                )
        if "studies" in made and "protocolSection" not in made:
            yield from _listed(made["studies"], "$.studies")
        else:
            yield "$", made
    elif isinstance(made, list):
        yield from _listed(made, "$")
    else:
        raise Refused("a study record is an object", "$")


def _listed(made: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(made, list):
        raise Refused("a list of study records was expected", path)
    for i, study in enumerate(made):
        yield f"{path}[{i}]", study


def _map_one(place: str, path: str, study: Any, joins: Joins, count_left: bool) -> Piece | Fault:
    try:
        if not isinstance(study, dict):
            raise Refused("a study record is an object", "$")
        mapped = map_record(study, joins)
    except Refused as refused:
        inside = path + refused.path.removeprefix("$") if refused.path else path
        return Fault(place, inside, _with_cure(refused))
    return Piece(
        place,
        mapped.nct,
        mapped.version,
        mapped.body,
        mapped.statements,
        mapped.problems,
        unmapped(study) if count_left else {},
    )


def _with_cure(refused: Refused) -> str:
    return f"{refused.message}. {refused.cure}" if refused.cure else refused.message
