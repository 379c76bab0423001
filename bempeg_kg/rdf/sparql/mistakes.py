"""The commonest mistakes in SPARQL, found in a query that a parser has refused: where, and what to do.

A parser names the place where it gave up, which is often the end of the query. The mistakes that a pattern
can tell stand in ``common_mistakes.json``, which the offline explorer reads too; the few that need counting
are here, and in ``web/src/mistakes.js`` for the explorer.
"""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple

from bempeg_kg.rdf.sparql.lexer import tokens
from bempeg_kg.rdf.sparql.text import declared, shadow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST = 5000
"""Characters of a query that is looked into: a longer one was not typed, and a server has more to do."""

_VARIABLE = r"[?$]\w+"


class Mistake(NamedTuple):
    """What is wrong, the offset in the query where it is, and what to do about it."""

    message: str
    offset: int
    cure: str = ""


def find_mistake(sparql: str, prefixes: Mapping[str, str] | None, message: str = "") -> Mistake | None:
    """The first known mistake of a refused query; without ``prefixes`` those in it are not looked at.

    >>> find_mistake("SELECT ?x { ?x a kg:Trial FILTER(?x > ) }", None)[:2]
    ('expected a value after >', 36)
    """
    if len(sparql) > LONGEST:
        return None
    bare = shadow(sparql)
    looks: tuple[Callable[[], Mistake | None], ...] = (
        lambda: _listed("characters", bare),
        lambda: _verb(bare),
        lambda: _listed("grammar", bare),
        lambda: _bracket(bare),
        lambda: _word(bare),
        lambda: unknown_prefix(sparql, prefixes) if prefixes is not None else None,
        lambda: _listed("patterns", re.sub(_table()["without"], _blanked, bare, flags=re.IGNORECASE)),
        lambda: _ungrouped(bare) if "unbound" in message else None,
    )
    return next((mistake for look in looks if (mistake := look()) is not None), None)


def unknown_prefix(sparql: str, prefixes: Mapping[str, str]) -> Mistake | None:
    """The first prefix that is neither declared in the query nor in ``prefixes``."""
    own = declared(sparql)
    for token in tokens(sparql):
        if token.kind != "name":
            continue
        prefix = token.text.partition(":")[0]
        if prefix not in own and prefix not in prefixes:
            near = nearest(prefix, [*own, *prefixes])
            meant = f"Did you mean {near}:? " if near else ""
            cure = (
                f"{meant}Or declare it: PREFIX {prefix}: <...>"
                if near
                else f"Declare it: PREFIX {prefix}: <...>"
            )
            return Mistake(f"the prefix {prefix}: is not declared", token.start, cure)
    return None


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word of which this is a typing error; empty if there is none.

    >>> nearest("OPTONAL", ["OFFSET", "OPTIONAL"]), nearest("nope", ["propel"])
    ('OPTIONAL', '')
    """
    wanted = word.lower()
    allowed = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    best = min(((_slips(wanted, one.lower()), one) for one in known), default=(allowed + 1, ""))
    return best[1] if best[0] <= allowed else ""


def _slips(one: str, other: str) -> int:
    """How many letters have to be typed anew, left out, put in, or swapped with their neighbour."""
    if abs(len(one) - len(other)) > 2:
        return 3
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@functools.cache
def _table() -> dict[str, Any]:
    """The shared table with its fragments filled in and its patterns compiled."""
    import json
    from importlib.resources import files

    table: dict[str, Any] = json.loads(
        (files("bempeg_kg.rdf.sparql") / "common_mistakes.json").read_text("utf-8")
    )
    for part in ("characters", "grammar", "patterns"):
        for entry in table[part]:
            text = entry["pattern"]
            for name, fragment in table["fragments"].items():
                text = text.replace(name, f"(?:{fragment})")
            entry["pattern"] = re.compile(text, re.IGNORECASE | re.ASCII)
    return table


def _listed(part: str, bare: str) -> Mistake | None:
    for entry in _table()[part]:
        match = entry["pattern"].search(bare)
        if match:
            message, cure = (entry[key].replace("{here}", match[1]) for key in ("said", "cure"))
            return Mistake(message, match.start(1), cure)
    return None


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _verb(bare: str) -> Mistake | None:
    """A query that begins with none of the four keywords, most often a typing error."""
    match = re.search(
        r"[^\W\d_]+", re.sub(r"(?i)\b(?:prefix\s+[\w.-]*\s*:|base)\s*", _blanked, bare, flags=re.ASCII)
    )
    verbs = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    if match is None or match[0].upper() in verbs:
        return None
    near = nearest(match[0], verbs)
    message = "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"
    return Mistake(message, match.start(), f"Did you mean {near}?" if near else "")


def _bracket(bare: str) -> Mistake | None:
    """A brace, parenthesis or bracket without its partner, which a parser notices too late."""
    names = {
        "{": "brace",
        "}": "brace",
        "(": "parenthesis",
        ")": "parenthesis",
        "[": "bracket",
        "]": "bracket",
    }
    opening = {"}": "{", ")": "(", "]": "["}
    opened: list[int] = []
    for offset, char in enumerate(bare):
        if char in "{([":
            opened.append(offset)
        elif char in "})]":
            if opened and bare[opened[-1]] == opening[char]:
                opened.pop()
            elif any(bare[one] == opening[char] for one in opened):
                break
            else:
                return Mistake(
                    f"this {names[char]} closes nothing", offset, "Leave it out, or open it before."
                )
    if not opened:
        return None
    closing = {left: right for right, left in opening.items()}[bare[opened[-1]]]
    return Mistake(f"this {names[closing]} is never closed", opened[-1], f"Write its {closing}.")


def _word(bare: str) -> Mistake | None:
    """A word that is neither of SPARQL nor has a prefix."""
    table = _table()
    words = table["words"].split()
    known = {word.upper() for word in words}
    for match in re.finditer(r"(?a)(?<![\w?$:@^%\\.-])[A-Za-z]\w*(?![\w.-]*:|\w)", bare):
        word = match[0]
        if word.upper() not in known:
            near = nearest(word, [one for one in words if len(one) > 2])
            cure = table["instead"].get(word.upper()) or (
                f"Did you mean {near}?" if near else table["otherwise"]
            )
            return Mistake(f"{word} is not a SPARQL keyword", match.start(), cure)
    return None


def _ungrouped(bare: str) -> Mistake | None:
    """A variable of a SELECT that is neither grouped nor inside of an aggregate."""
    called = rf"(?i)\b(?:{'|'.join(_table()['aggregates'].split())})\s*\("
    for select in re.finditer(r"(?i)(?<![\w?$:.-])select\b([^{}]*)\{", bare):
        shown, has_aggregate = select[1], False
        while call := re.search(called, shown):
            has_aggregate = True
            end = _closing(shown, call.end() - 1)
            shown = shown[: call.start()] + " " * (end - call.start()) + shown[end:]
        tail = bare[_closing(bare, select.end() - 1) :].partition("}")[0]
        group = re.search(
            r"(?i)\bgroup\s+by\b(.*?)(?=\b(?:having|order|limit|offset|values)\b|$)", tail, re.DOTALL
        )
        if not has_aggregate and not group:
            continue
        grouped = set(re.findall(_VARIABLE, group[1])) if group else set()
        grouped |= set(re.findall(rf"(?i)\bas\s+({_VARIABLE})", shown))
        for match in re.finditer(_VARIABLE, shown):
            if match[0] not in grouped:
                name = match[0]
                cure = f"Add {name} to GROUP BY, or show it aggregated, as in (SAMPLE({name}) AS ?one)."
                message = f"{name} is neither grouped nor aggregated"
                return Mistake(message, select.start(1) + match.start(), cure)
    return None


def _closing(text: str, start: int) -> int:
    """The offset behind the bracket that closes the one at ``start``; the end if there is none."""
    depth = 0
    for offset in range(start, len(text)):
        depth += (text[offset] in "({") - (text[offset] in ")}")
        if depth == 0:
            return offset + 1
    return len(text)
