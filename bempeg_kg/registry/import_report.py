"""What became of an import: counts, what was refused and where, what was kept as text or not mapped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bempeg_kg.content.writing import replacing
from bempeg_kg.errors import InputError
from bempeg_kg.registry.documents import Piece
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
    #: (path, what was done) -> how often
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: path -> number of values that the importer does not read
    not_mapped: Counter[str] = field(default_factory=Counter)

    def count(self, piece: Piece) -> None:
        """Count a mapped record."""
        self.mapped += 1
        self.statements += piece.statements
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
            "conflicts": self.conflicts,
            "newer in the output": self.newer_there,
            "kept as text or left out": [
                {"path": path, "what": what, "times": times}
                for (path, what), times in sorted(self.problems.items())
            ],
            "not mapped": dict(sorted(self.not_mapped.items(), key=lambda item: (-item[1], item[0]))),
        }

    def as_text(self, *, whole: bool = True) -> str:
        """The report in words, or its first part: what landed, what was refused, what contradicts itself."""
        lines = [self.summary()]
        lines += [f"refused: {fault}" for fault in self.refused[:_SHOWN]]
        lines += [f"the same dates, other content: {one}" for one in self.conflicts[:_SHOWN]]
        lines += [f"older than what is there, so left out: {one}" for one in self.newer_there[:_SHOWN]]
        lines += [
            f"{times} x {path}: {what}" for (path, what), times in sorted(self.problems.items())[:_SHOWN]
        ]
        if self.not_mapped:
            lines.append(f"not mapped: {self.not_mapped.total()} values at {len(self.not_mapped)} paths")
            lines += [f"  {times:>8} {path}" for path, times in self.not_mapped.most_common(_SHOWN)]
        return "\n".join(lines)

    def summary(self) -> str:
        """One line."""
        parts = [f"{self.landed} trials, {self.statements} statements"]
        if self.superseded:
            parts.append(f"{self.superseded} records passed over for another of the same trial")
        if self.refused:
            parts.append(f"{len(self.refused)} refused")
        return ", ".join(parts)

    def write(self, path: str | None, *, quiet: bool = False) -> None:
        """Tell on standard error what was refused; write the whole report as JSON to a file, if one is named.

        `-` tells the whole report, in words, on standard error. Raises InputError for a file that cannot be
        written.
        """
        import json
        import sys

        if not quiet:
            print(self.as_text(whole=path == "-"), file=sys.stderr)
        if path is None or path == "-":
            return
        body = json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n"
        try:
            with replacing(path) as stream:
                stream.write(body.encode())
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", file=path) from None
