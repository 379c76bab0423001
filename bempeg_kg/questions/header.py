"""The `#+` header of a query file, which is YAML; see `bempeg_kg.questions.library` for what it says."""

from __future__ import annotations

import os
import re

from bempeg_kg.content.files import SourceFile, read_text
from bempeg_kg.errors import InputError, UnknownName
from bempeg_kg.questions.question import TYPES, Parameter, Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_FIELDS = {
    "summary",
    "description",
    "tags",
    "parameters",
    "caveat",
    "empty",
    "data",
    "function",
    "asks",
    "answer",
    "columns",
    "figure",
    "narrow",
}
#: Kinds of figure -> the fields that each needs; the last three are drawn of the graph, not of the rows.
FIGURES = {
    "bars": ("title", "label", "value"),
    "forest": ("title", "label", "value"),
    "dumbbell": ("title", "label", "value", "second"),
    "curve": ("title", "value", "second"),
    "counts": ("title", "label"),
    "dates": ("title", "label", "value"),
    "timeline": (),
    "flow": (),
    "pathway": (),
}
_FIGURE_FIELDS = {
    "kind", "title", "label", "value", "second", "lower", "upper", "level", "unit", "scale", "reference",
    "only", "series", "across", "count", "total", "sides", "units",
}  # fmt: skip
_SENTENCE_FIELDS = {"lead", "each", "most", "first", "last", "largest", "join", "longest", "cut", "apart"}
#: What a question can ask for beside the graph that is open.
_DATA = {"signals"}
_PARAMETER_FIELDS = {"type", "default", "allowed", "example", "description", "kind", "words"}


def read_question(file: SourceFile) -> Question:
    """The question of a file. Raises InputError with file and line if the header is missing or wrong."""
    text = read_text(file.path)
    header = read_header(text, file.path)
    name = os.path.splitext(file.name)[0].rpartition("/")[2]
    live = file.name.startswith("queries/live/")
    listed = header.get("parameters") or {}
    if isinstance(listed, list):
        listed = {entry.pop("name", ""): entry for entry in listed}
    parameters = [_parameter(key, fields or {}, file.path) for key, fields in listed.items()]
    tags = header.get("tags") or []
    words = {key: _one_line(header.get(key)) for key in ("summary", "description", "caveat", "empty", "data")}
    if words["data"] and words["data"] not in _DATA:
        raise InputError(str(UnknownName("value of data", words["data"], _DATA)), file=file.path)
    computed = _function(header.get("function"), file)
    return Question(
        name,
        sparql="" if computed else text,
        tags=tags,
        parameters=parameters,
        file=file.name,
        live=live,
        computed=computed,
        asks=[_one_line(cue) for cue in header.get("asks") or []],
        sentence=_sentence(header.get("answer"), file),
        shown=[_one_line(column) for column in header.get("columns") or []],
        figure=_figure(header.get("figure"), file),
        narrow=_narrow(header.get("narrow"), parameters, file),
        **words,
    )


def _sentence(declared: object, file: SourceFile) -> dict[str, Any]:
    """The template of the answer's sentence: a text for each row, or its parts by name."""
    parts = {"each": declared} if isinstance(declared, str) else declared or {}
    if not isinstance(parts, dict) or not parts.keys() <= _SENTENCE_FIELDS:
        raise InputError(
            f"the answer is {declared!r}",
            file=file.path,
            cure=f"Write a text, or the fields {', '.join(sorted(_SENTENCE_FIELDS))}.",
        )
    return {key: value if isinstance(value, int | list) else _one_line(value) for key, value in parts.items()}


def _figure(declared: object, file: SourceFile) -> dict[str, Any]:
    """The declared figure. Raises InputError for an unknown kind or field, or one that is missing."""
    if declared is None:
        return {}
    fields = declared if isinstance(declared, dict) else {"kind": declared}
    kind = str(fields.get("kind"))
    if kind not in FIGURES:
        raise InputError(str(UnknownName("kind of figure", kind, FIGURES)), file=file.path)
    if unknown := sorted(fields.keys() - _FIGURE_FIELDS):
        raise InputError(str(UnknownName("field of a figure", unknown[0], _FIGURE_FIELDS)), file=file.path)
    if missing := [name for name in FIGURES[kind] if name not in fields]:
        raise InputError(
            f"the figure has no {missing[0]}", file=file.path, cure=f"Add it, as for every {kind}."
        )
    return {
        key: value if isinstance(value, list | dict | int | float) else str(value)
        for key, value in fields.items()
    }


def _narrow(declared: object, parameters: list[Parameter], file: SourceFile) -> list[str] | None:
    """The parameters of which a large folder needs one. Raises InputError for what is no list of them."""
    if declared is None:
        return None
    known = {parameter.name for parameter in parameters}
    if not isinstance(declared, list) or not known.issuperset(declared):
        raise InputError(
            f"narrow is {declared!r}", file=file.path, cure="List parameters of the question, as [trial]."
        )
    return declared


def _function(name: object, file: SourceFile) -> str:
    """The function of a computed question, as ``module:function`` of this package; empty for a query."""
    if not file.name.startswith("queries/computed/"):
        if name is not None:
            raise InputError(
                "only a question in queries/computed/ has a function",
                file=file.path,
                cure="Move the file there.",
            )
        return ""
    if not re.fullmatch(r"bempeg_kg(\.\w+)+:\w+", str(name)):
        raise InputError(
            f"the function is {name!r}",
            file=file.path,
            cure="Name one of this package, such as bempeg_kg.evidence.answers.pooling:pool_results.",
        )
    return str(name)


def read_header(text: str, file: str, fields: set[str] = _FIELDS) -> dict[str, Any]:
    """The fields of a `#+` header. Raises InputError with the line where it is wrong."""
    import yaml

    lines = text.splitlines()
    # other lines stay as empty ones, so that the parser's line numbers are those of the file
    body = "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in lines)
    try:
        # the one in C where there is one: five times as fast
        header = yaml.load(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line, column = (mark.line + 1, mark.column + 4) if mark else (None, None)
        cure = "Put a text that holds a colon in quotes, or on its own lines after `>-`."
        raise InputError(
            f"in the #+ header: {problem}", file=file, line=line, column=column, cure=cure
        ) from None
    if not isinstance(header, dict) or not header.get("summary"):
        raise InputError(
            "no #+ header with a summary", file=file, line=1, cure="Begin with: #+ summary: the question"
        )
    unknown = sorted(header.keys() - fields)
    if unknown:
        raise InputError(str(UnknownName("header field", unknown[0], fields)), file=file)
    return header


def _parameter(name: str, fields: Mapping[str, Any], file: str) -> Parameter:
    unknown = sorted(fields.keys() - _PARAMETER_FIELDS)
    if unknown:
        raise InputError(
            str(UnknownName(f"field of parameter {name}", unknown[0], _PARAMETER_FIELDS)), file=file
        )
    kind = str(fields.get("type", "string"))
    if kind not in TYPES:
        raise InputError(f"parameter {name}: {UnknownName('type', kind, TYPES)}", file=file)
    return Parameter(
        name,
        kind,
        default=_one_line(fields.get("default", "UNDEF")),
        allowed=[_one_line(value) for value in fields.get("allowed") or []],
        example=_one_line(fields.get("example")),
        description=_one_line(fields.get("description")),
        kind=_one_line(fields.get("kind")),
        words=_words(name, fields, file),
    )


def _words(name: str, fields: Mapping[str, Any], file: str) -> dict[str, list[str]]:
    """Value -> the phrases that choose it. Raises InputError for what is none, or a value not allowed."""
    declared = fields.get("words", {})
    if not isinstance(declared, dict):
        raise _wrong_words(name, declared, file)
    allowed = [_one_line(value) for value in fields.get("allowed") or []]
    words = {}
    for value, listed in declared.items():
        if not isinstance(listed, list) or not all(re.search(r"\w", _one_line(one)) for one in listed):
            raise _wrong_words(f"{name}, value {value}", listed, file)
        if allowed and _one_line(value) not in allowed:
            raise InputError(
                f"words of parameter {name}: {UnknownName('value', _one_line(value), allowed)}",
                file=file,
                line=_line_of(file, _one_line(value)),
            )
        words[_one_line(value)] = list(map(_one_line, listed))
    return words


def _wrong_words(whose: str, declared: object, file: str) -> InputError:
    return InputError(
        f"words of parameter {whose}: {declared!r}",
        file=file,
        line=_line_of(file, "words:"),
        cure="Write phrases by value, as words: {kg:futility: [futility, lack of efficacy]}.",
    )


def _line_of(file: str, text: str) -> int | None:
    """The first line of a header that holds a text."""
    lines = read_text(file).splitlines()
    return next((at for at, line in enumerate(lines, 1) if line.startswith("#+") and text in line), None)


def _one_line(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(_one_line, value))
    return " ".join(str(value).split()) if value is not None else ""
