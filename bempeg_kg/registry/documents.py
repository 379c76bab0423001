"""One document, a piece of JSON, to mapped records: what a worker does, in whatever process it runs."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from typing import NamedTuple

import orjson

from bempeg_kg.registry.fields import unmapped
from bempeg_kg.registry.foreign import foreign_record, foreign_text
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.mapping import map_record
from bempeg_kg.registry.reader import BOM, Document, Fault
from bempeg_kg.registry.record import Problem, Refused
from bempeg_kg.registry.turtle import Turtle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


_CURE = "Download it again as JSON: https://clinicaltrials.gov/api/v2/studies/NCT..."
#: by words of the parser
_CURES = (
    ("valid UTF-8", "Save it as UTF-8."),
    ("end of data", "It is cut short: download it again."),
    (
        "after document",
        "Give several records as a list in [ ], or one record a line without commas.",
    ),
    ("trailing comma", "Take the last comma away."),
    ("depth limit", "No record of the registry is nested so deep: download it again."),
)


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
    #: of the first record of a page that has others after it: records of the page, of the whole search
    page: tuple[int, int] | None = None


def map_document(
    document: Document, joins: Joins, *, count_left: bool = False, turtle: Turtle | None = None
) -> Iterator[Piece | Fault]:  # fmt: skip
    """The records of a document, mapped; a Fault for each that is refused.

    `turtle`: pack the statements by it, which takes a fifth of the room of N-Quads.
    """
    parsed = _parsed(document)
    if isinstance(parsed, Fault):
        yield parsed
        return
    repeated = _repeated(document, parsed)
    try:
        page = _page(parsed)
        for path, study in studies(parsed):
            piece = _map_one(document.place, path, study, joins, count_left)
            if repeated and isinstance(piece, Piece):
                piece, repeated = piece._replace(problems=[*repeated, *piece.problems]), []
            if turtle and isinstance(piece, Piece):
                piece = piece._replace(body=turtle.packed(piece.body))
            if page and isinstance(piece, Piece):
                piece, page = piece._replace(page=page), None
            yield piece
    except Refused as refused:
        yield Fault(document.place, refused.path, _with_cure(refused))


def studies_of(document: Document) -> Iterator[tuple[str, dict[str, Any]] | Fault]:
    """(place, record) of each record of a document that is of this registry; a Fault for any other."""
    parsed = _parsed(document)
    if isinstance(parsed, Fault):
        yield parsed
        return
    try:
        for path, study in studies(parsed):
            try:
                _check(study)
                yield document.place, study
            except Refused as refused:
                yield _fault(document.place, path, refused)
    except Refused as refused:
        yield Fault(document.place, refused.path, _with_cure(refused))


def _parsed(document: Document) -> Any:
    """The JSON of a document, or a Fault."""
    try:
        return orjson.loads(document.body)
    except orjson.JSONDecodeError as error:
        other = foreign_text(document.body[:4096])
        if other:
            return Fault(document.place, "", f"this is {other[0]}, not JSON of the API v2. {other[1]}")
        reason = str(error).partition(":")[0]
        cure = next((cure for words, cure in _CURES if words in reason), _CURE)
        where = f"{reason}, line {error.lineno} column {error.colno}"
        return Fault(document.place, "", f"this is not JSON: {where}. {cure}")


def _repeated(document: Document, parsed: Any) -> list[Problem]:
    """The keys that stand more than once in one object of a document, of which the parser keeps the last.

    They are looked for only if the text has more colons than what was read of it, which costs little to
    count: a colon stands behind each key, with or without white space before it.
    """
    place, body = document
    with contextlib.suppress(TypeError):  # nested deeper than what can be written
        if body.count(b":") <= orjson.dumps(parsed).count(b":"):
            return []
    repeated: dict[str, None] = {}

    def note(pairs: list[tuple[str, Any]]) -> None:
        """Remember the keys of an object that it has twice."""
        keys = Counter(key for key, _ in pairs)
        repeated.update(dict.fromkeys(key for key, times in keys.items() if times > 1))

    with contextlib.suppress(RecursionError):
        json.loads(body.removeprefix(BOM), object_pairs_hook=note)
    return [Problem(key, f"stands twice in one object of {place}: the last was read") for key in repeated]


def _check(study: Any) -> None:
    """Raise Refused for what is no study record of the API v2."""
    if not isinstance(study, dict):
        raise Refused("a study record is an object", "$")
    other = foreign_record(study)
    if other:
        raise Refused(*other)


def _fault(place: str, path: str, refused: Refused) -> Fault:
    inside = path + refused.path.removeprefix("$") if refused.path else path
    return Fault(place, inside, _with_cure(refused))


def studies(parsed: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(JSON path, record) of each record of a piece of JSON. Raises Refused for any other shape."""
    if isinstance(parsed, dict):
        if "studies" in parsed and "protocolSection" not in parsed:
            yield from _listed(parsed["studies"], "$.studies")
        else:
            yield "$", parsed
    elif isinstance(parsed, list):
        for path, study in _listed(parsed, "$"):
            # A list of pages is what a program keeps that follows nextPageToken.
            if isinstance(study, dict) and "studies" in study and "protocolSection" not in study:
                yield from _listed(study["studies"], f"{path}.studies")
            else:
                yield path, study
    else:
        raise Refused("a study record is an object", "$")


def _page(parsed: Any) -> tuple[int, int] | None:
    """Records of a page that has others after it, and of the whole search (0 if it does not say)."""
    if isinstance(parsed, list) and parsed:
        parsed = parsed[-1]
    if (
        not isinstance(parsed, dict)
        or not parsed.get("nextPageToken")
        or not isinstance(parsed.get("studies"), list)
    ):
        return None
    total = parsed.get("totalCount")
    return len(parsed["studies"]), total if isinstance(total, int) else 0


def _listed(records: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(records, list):
        raise Refused("a list of study records was expected", path)
    for i, study in enumerate(records):
        yield f"{path}[{i}]", study


def _map_one(place: str, path: str, study: Any, joins: Joins, count_left: bool) -> Piece | Fault:
    try:
        _check(study)
        mapped = map_record(study, joins)
    except Refused as refused:
        return _fault(place, path, refused)
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
