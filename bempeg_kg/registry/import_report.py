"""The report of an import: counts, what was refused and where, what was kept as text or not mapped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bempeg_kg.content.writing import replacing
from bempeg_kg.errors import InputError
from bempeg_kg.rdf.units import counted
from bempeg_kg.registry.documents import Piece
from bempeg_kg.registry.fields import why_left
from bempeg_kg.registry.reader import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHOWN = 20


@dataclass
class Report:
    """Counts over all records of an import."""

    #: records mapped, whether or not they stayed
    mapped: int = 0
    #: trials whose record landed
    landed: int = 0
    #: records passed over for another one of the same trial
    superseded: int = 0
    statements: int = 0
    refused: list[Fault] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    #: of those passed over, records of which the output folder holds a newer version
    newer_there: list[str] = field(default_factory=list)
    #: records of pages that have others after them, and of the whole search if they say; by page
    pages: list[tuple[str, int, int]] = field(default_factory=list)
    #: suffix -> number of files of a folder that are of no kind that is read
    other_files: Counter[str] = field(default_factory=Counter)
    #: (path, what was done) -> how often
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: path -> number of values that the importer does not read
    not_mapped: Counter[str] = field(default_factory=Counter)

    def count(self, piece: Piece) -> None:
        """Count a mapped record."""
        self.mapped += 1
        self.statements += piece.statements
        if piece.page:
            self.pages.append((piece.place, *piece.page))
        for problem in piece.problems:
            self.problems[problem.path, problem.message] += 1
        self.not_mapped.update(piece.left)

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "records": {
                "mapped": self.mapped,
                "landed": self.landed,
                "superseded": self.superseded,
                "refused": len(self.refused),
            },
            "statements": self.statements,
            "refused": [fault._asdict() for fault in self.refused],
            "notes": self.notes(),
            "conflicts": self.conflicts,
            "newer in the output": self.newer_there,
            "kept as text or left out": [
                {"path": path, "what": message, "times": times}
                for (path, message), times in sorted(self.problems.items())
            ],
            "not mapped": dict(sorted(self.not_mapped.items(), key=lambda item: (-item[1], item[0]))),
            "why not": {
                path: why_left(path) or "not known to the importer" for path in sorted(self.not_mapped)
            },
        }

    def as_text(self, *, whole: bool = True) -> str:
        """The report as text; unless `whole`, the first lines of each part and the number of others."""
        lines = [self.summary(), *self.warnings()]
        parts = [
            [f"the same dates, other content: {conflict}" for conflict in self.conflicts],
            [f"older than what is there, so left out: {one}" for one in self.newer_there],
            [f"{times} x {path}: {message}" for (path, message), times in sorted(self.problems.items())],
        ]
        for part in parts:
            lines += part if whole else part[:_SHOWN]
            if not whole and len(part) > _SHOWN:
                lines.append(f"{len(part) - _SHOWN} more like these; --report FILE lists all")
        if self.not_mapped:
            values = counted(self.not_mapped.total(), "value")
            lines.append(f"not mapped: {values} at {counted(len(self.not_mapped), 'path')}")
            reasons: Counter[str] = Counter()
            for path, times in self.not_mapped.items():
                reasons[why_left(path) or f"not known to the importer: {path}"] += times
            lines += [f"  {times:>8} {why}" for why, times in reasons.most_common(_SHOWN)]
        return "\n".join(lines)

    def warnings(self) -> list[str]:
        """What is always reported: what was refused, and what may be missing."""
        lines = [f"refused: {fault}" for fault in self.refused[:_SHOWN]]
        if len(self.refused) > _SHOWN:
            lines.append(f"refused: {len(self.refused) - _SHOWN} more; --report FILE lists all")
        return lines + self.notes()

    def notes(self) -> list[str]:
        """Pages whose next page is missing, and files of a folder that were skipped."""
        lines = []
        total = max((whole for _, _, whole in self.pages), default=0)
        if self.pages and (not total or self.mapped < total):
            held = sum(records for _, records, _ in self.pages)
            of = f"{held} of {total} records" if total else counted(held, "record")
            count = (
                "page 1 of several"
                if len(self.pages) == 1
                else f"{len(self.pages)} pages that have others after them"
            )
            lines.append(
                f"{self.pages[0][0]}: {count}: {of}; nextPageToken says that more follow."
                f" {self.mapped} records were read in all"
            )
        if self.other_files:
            listed = ", ".join(
                f"{times} {suffix or 'without a suffix'}" for suffix, times in self.other_files.most_common(8)
            )
            lines.append(f"files that are not JSON were passed over: {listed}")
        return lines

    def summary(self) -> str:
        """One line."""
        parts = [f"{counted(self.landed, 'trial')}, {counted(self.statements, 'statement')}"]
        if self.superseded:
            parts.append(f"{counted(self.superseded, 'record')} passed over for another of the same trial")
        if self.refused:
            parts.append(f"{len(self.refused)} refused")
        return ", ".join(parts)

    def write(self, path: str | None, *, quiet: bool = False) -> None:
        """Report on standard error what was refused, even if `quiet`; write everything as JSON to a file.

        `-` writes the whole report as text to standard error. Raises InputError for a file that cannot be
        written.
        """
        import json
        import sys

        lines = self.warnings() if quiet else [self.as_text(whole=path == "-")]
        if lines:
            print("\n".join(lines), file=sys.stderr)
        if path is None or path == "-":
            return
        body = json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n"
        try:
            with replacing(path) as stream:
                stream.write(body.encode())
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", file=path) from None
