"""A page of sections, and its three forms: terminal text, Markdown, HTML."""

from __future__ import annotations

from dataclasses import dataclass, field

from bempeg_kg.evidence.reports.curve import Curve
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.text_table import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}table{border-collapse:collapse;font-size:.875rem;margin:.5rem 0}"
    "th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "th{background:#f3f3f3}.origin{color:#555;font-size:.875rem}.wide{overflow-x:auto}svg{max-width:100%}"
    "@media(prefers-color-scheme:dark){body{background:#16181a;color:#e6e6e6}th{background:#26292c}"
    "th,td{border-color:#444}.origin{color:#aaa}a{color:#8ab4f8}}"
)


@dataclass(slots=True)
class Block:
    """A table or curve with its caption, and where it comes from: the question asked, or the method."""

    caption: str
    origin: str
    table: Table | None = None
    curve: Curve | None = None


@dataclass(slots=True)
class Section:
    """A heading, sentences, blocks."""

    title: str
    sentences: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A titled page."""

    title: str
    opening: list[str]
    sections: list[Section]
    #: whether the opening answers, so that a terminal can do without the tables
    answers: bool = False

    def __repr__(self) -> str:
        return f"<Page {self.title}, {len(self.sections)} sections>"

    def to_text(self, width: int | None = None, *, full: bool = True) -> str:
        """For a terminal; lines wrapped to `width` characters. Not `full`: a line in place of each table,
        where the opening answers."""
        full = full or not self.answers

        def wrapped(texts: Sequence[str]) -> list[str]:
            """Texts as lines of at most the width."""
            return [line for text in texts for line in (wrap(text, width) if width else [text])]

        lines = [self.title, "=" * len(self.title), "", *wrapped(self.opening), ""]
        for number, section in enumerate(self.sections, 1):
            head = f"{number}. {section.title}"
            lines += [head, "-" * len(head), *wrapped(section.sentences), ""]
            for block in section.blocks:
                if not full:
                    lines += wrapped([f"- {block.caption}: {_size(block)} [{block.origin}]"])
                    continue
                lines += [*wrapped([f"{block.caption} [{block.origin}]"]), ""]
                if block.table is not None:
                    lines.append(_text_of(block.table, width))
                if block.curve is not None:
                    lines += [block.curve.to_text(), ""]
            if not full:
                lines.append("")
        return "\n".join(lines).rstrip() + "\n"

    def to_markdown(self) -> str:
        """Markdown; curves as tables of bars."""
        lines = [f"# {self.title}", "", *self.opening, ""]
        for number, section in enumerate(self.sections, 1):
            lines += [f"## {number}. {section.title}", "", *section.sentences, ""]
            for block in section.blocks:
                lines += [f"**{block.caption}** ({block.origin})", ""]
                if block.table is not None:
                    lines.append(
                        block.table.to_markdown() if block.table.rows else f"*{_none(block.table)}*\n"
                    )
                if block.curve is not None:
                    lines += ["```text", block.curve.to_text(), "```", ""]
        return "\n".join(lines).rstrip() + "\n"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        body = self.to_html()
        return body[body.index("<h1>") :].removesuffix("\n").removesuffix("</html>").removesuffix("</body>")

    def to_html(self) -> str:
        """One HTML file without script and without requests."""
        from html import escape

        body = [f"<h1>{escape(self.title)}</h1>", *(f"<p>{escape(text)}</p>" for text in self.opening)]
        for number, section in enumerate(self.sections, 1):
            body.append(f'<section aria-labelledby="s{number}">')
            body.append(f'<h2 id="s{number}">{number}. {escape(section.title)}</h2>')
            body += [f"<p>{escape(text)}</p>" for text in section.sentences]
            for block in section.blocks:
                body.append(f"<h3>{escape(block.caption)}</h3>")
                if block.curve is not None:
                    body.append(block.curve.to_svg())
                if block.table is not None:
                    table = (
                        block.table.to_html() if block.table.rows else f"<p>{escape(_none(block.table))}</p>"
                    )
                    body.append(f'<div class="wide">{table}</div>')
                body.append(f'<p class="origin">{escape(block.origin)}</p>')
            body.append("</section>")
        head = f'<meta charset="utf-8"><title>{escape(self.title)}</title>'
        head += f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style>'
        joined = "\n".join(body)
        return (
            f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n<main>\n{joined}\n</main>\n'
            "</body></html>\n"
        )


def _size(block: Block) -> str:
    rows = len(block.table.rows) if block.table is not None else 0
    return "a curve" if block.table is None else f"{rows} row{'' if rows == 1 else 's'}"


def _text_of(table: Table, width: int | None) -> str:
    return table.to_text(width) if table.rows else f"({_none(table)})\n"


def _none(table: Table) -> str:
    return f"no rows: {table.reason or 'nothing in the graph matches'}"


def chosen(table: Table, columns: Sequence[str]) -> Table:
    """Those columns of a table, in this order; columns that are empty throughout are left out."""
    places = [table.columns.index(name) for name in columns]
    filled = [place for place in places if any(row[place] is not None for row in table.rows)] or places
    narrowed = Table(
        [table.columns[place] for place in filled],
        [tuple(row[place] for place in filled) for row in table.rows],
        names=table.names,
        reason=table.reason,
    )
    return narrowed


def where(table: Table, column: str, *values: str) -> Table:
    """The rows of a table whose column holds one of some values."""
    cells = [str(value) for value in table.column(column)]
    rows = [row for row, value in zip(table.rows, cells, strict=True) if value in values]
    return Table(table.columns, rows, names=table.names, reason=table.reason)
