"""What a check found: findings with an identifier, a place and a cure, as a table for people or as JSON.

>>> from bempeg_kg.rdf.names import Names
>>> found = Finding("subset-larger-than-set", "rule", "violation", "https://w3id.org/bempeg-kg/set/a",
...     "A subset is larger than the set it is part of", cure="Correct one of the sizes.")
>>> report = Report([found], Names())
>>> report.exit_code, report.findings[0].id
(1, 'subset-larger-than-set/set:a')
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.units import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: From worst to mildest. Violations fail a check; information is what is known to be wrong in a source.
SEVERITIES = ("violation", "warning", "information")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that a check found at one node."""

    #: name of the shape, rule or other check
    check: str
    #: "shape", "rule", or the name of what else was asked
    kind: str
    severity: str
    #: IRI of the node, or `_:` and the label of a blank node
    node: str
    message: str
    #: further details, such as the wrong value: name -> text
    details: dict[str, str] = field(default_factory=dict)
    cure: str = ""
    file: str = ""
    line: int | None = None
    id: str = ""

    @property
    def where(self) -> str:
        """File and line, as far as they are known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def problem(self) -> str:
        """The message with its details."""
        return self.message + self.listed_details

    @property
    def listed_details(self) -> str:
        """The details in brackets, behind a space; empty if there are none."""
        listed = ", ".join(f"{name.replace('_', ' ')} {text}" for name, text in self.details.items())
        return f" ({listed})" if listed else ""


@dataclass(frozen=True, slots=True)
class Check:
    """One shape or rule: what it is called, what is wrong where it finds something, and the cure."""

    name: str
    kind: str
    severity: str
    message: str
    cure: str
    tags: tuple[str, ...] = ()
    sparql: str = ""

    def finding(self, node: str, details: dict[str, str]) -> Finding:
        """What this check says about a node."""
        return Finding(self.name, self.kind, self.severity, node, self.message, details, self.cure)


class Report:
    """Findings, worst first, each with an identifier that stays the same from run to run."""

    def __init__(
        self, findings: Iterable[Finding], names: Names, *, statements: int = 0, checks: int = 0
    ) -> None:
        self.names = names
        #: how many statements were looked at, and by how many checks
        self.statements = statements
        self.checks = checks
        self.findings = _identified(findings, names)

    def __len__(self) -> int:
        return len(self.findings)

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {name}" for name, number in self.counts.items())
        return f"<Report of {self.checks} checks over {self.statements} statements: {counts}>"

    @property
    def counts(self) -> dict[str, int]:
        """Number of findings by severity, including zeros."""
        return {name: sum(finding.severity == name for finding in self.findings) for name in SEVERITIES}

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return self.counts["violation"] == 0

    @property
    def exit_code(self) -> int:
        """0 if the graph conforms, else 1."""
        return 0 if self.conforms else 1

    @property
    def summary(self) -> str:
        """One line: how many of each severity, in how much."""
        listed = ", ".join(
            counted(number, "note" if name == "information" else name) for name, number in self.counts.items()
        )
        return f"{listed}; {self.statements:,} statements, {counted(self.checks, 'check')}"

    def to_table(self) -> Table:
        """One row a finding."""
        rows = [
            (
                finding.severity,
                finding.check,
                self._short(finding.node),
                finding.where,
                finding.problem,
                finding.id,
            )
            for finding in self.findings
        ]
        columns = ["severity", "check", "node", "where", "problem", "id"]
        return Table.of(columns, rows, names=self.names)

    def to_text(self, *, notes: bool = False) -> str:
        """For people: a group of lines for each check that found something, then the counts.

        A group opens with `file:line: check: message`, names up to three nodes, and ends with what to do.
        What is known to be wrong in a source (`information`) is only counted unless `notes` is true.
        """
        shown = [finding for finding in self.findings if notes or finding.severity != "information"]
        groups: dict[str, list[Finding]] = {}
        for finding in shown:
            groups.setdefault(finding.check, []).append(finding)
        lines = [line for group in groups.values() for line in self._group_lines(group)]
        hidden = len(self.findings) - len(shown)
        how = "; --notes lists the notes" if hidden else ""
        return "\n".join([*lines, f"{self.summary}{how}\n"])

    def _group_lines(self, group: list[Finding]) -> list[str]:
        first = group[0]
        where = f"{first.where}: " if first.where else ""
        number = f" ({len(group):,} times)" if len(group) > 1 else ""
        lines = [f"{where}{first.check}: {first.severity}: {first.message}{number}"]
        for finding in group[:_EXAMPLES]:
            place = f"{finding.where}: " if finding is not first and finding.where else ""
            lines.append(f"    {place}{self._short(finding.node)}{finding.listed_details}")
        if len(group) > _EXAMPLES:
            lines.append(f"    and {len(group) - _EXAMPLES:,} more; --format tsv lists them all")
        if first.cure and first.severity != "information":
            lines.append(f"    {' '.join(first.cure.split())}")
        return [*lines, ""]

    def to_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "conforms": self.conforms,
            "statements": self.statements,
            "checks": self.checks,
            "counts": self.counts,
            "findings": [
                {
                    "id": finding.id,
                    "severity": finding.severity,
                    "check": finding.check,
                    "kind": finding.kind,
                    "node": self._short(finding.node),
                    "iri": finding.node,
                    "file": finding.file,
                    "line": finding.line,
                    "message": finding.message,
                    "details": finding.details,
                    "cure": finding.cure,
                }
                for finding in self.findings
            ],
        }

    def to_json(self) -> str:
        """JSON text of `to_dict`."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def _repr_html_(self) -> str:
        from html import escape

        return f"{self.to_table().to_html()}<p>{escape(self.summary)}</p>"

    def _short(self, node: str) -> str:
        return self.names.shorten(node)


def _identified(findings: Iterable[Finding], names: Names) -> list[Finding]:
    """Sorted, without duplicates, numbered where one check finds several problems of one node."""
    rank = {name: place for place, name in enumerate(SEVERITIES)}
    by_key = {
        (rank[finding.severity], finding.check, finding.node, tuple(finding.details.items())): finding
        for finding in findings
    }
    identified: list[Finding] = []
    seen: dict[str, int] = {}
    for _, finding in sorted(by_key.items(), key=lambda item: item[0]):
        plain = f"{finding.check}/{names.shorten(finding.node)}"
        seen[plain] = seen.get(plain, 0) + 1
        identified.append(replace(finding, id=plain if seen[plain] == 1 else f"{plain}/{seen[plain]}"))
    return identified
