"""An error at a place in a query: its line and column, the line itself, and a pointer below it."""

from __future__ import annotations

from bempeg_kg.errors import QueryError


def error_at(message: str, sparql: str, offset: int, hint: str = "") -> QueryError:
    """The QueryError for an offset in a query, with the line, a pointer, and what to do."""
    before = sparql[:offset]
    start = before.rfind("\n") + 1
    shown = sparql[start:].partition("\n")[0]
    text = sparql[offset:].partition("\n")[0].strip() or (
        "" if sparql[offset:].strip() else "the end of the query"
    )
    pointer = f"{shown}\n{' ' * (offset - start)}^" if shown and len(shown) < 400 else ""
    return QueryError(
        f"{message}: {text[:60]}" if text else message,
        line=before.count("\n") + 1,
        column=offset - start + 1,
        text=text,
        cure="\n".join(part for part in (pointer, hint) if part),
        hint=hint,
    )
