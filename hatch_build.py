"""Bundles the front end when a wheel or source package is built.

With Node and a package registry the sources of ``bempeg_kg/web/src`` become ``bempeg_kg/web/dist``. Without
them the build says so and goes on, and the pages work with a plain text box. ``BEMPEG_REQUIRE_WEB=1`` makes a
missing bundle fail the build, which is what a release wants.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLES = ("editor.js", "explorer.js", "oxigraph.wasm")
LIMIT_SECONDS = 600


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundles before the files are collected; an editable install takes what is there."""
        source = Path(self.root) / "bempeg_kg" / "web" / "src"
        dist = source.parent / "dist"
        problem = build(source)
        missing = [name for name in BUNDLES if not (dist / name).is_file()]
        if not missing and (not problem or not required()):
            return
        told = f"the front end was not built: {problem or 'missing ' + ', '.join(missing)}"
        if required():
            raise RuntimeError(told)
        print(f"warning: {told}; the package goes without an editor and an offline explorer", file=sys.stderr)


def required() -> bool:
    """Whether a build without the front end counts as failed."""
    return os.environ.get("BEMPEG_REQUIRE_WEB", "") not in ("", "0")


def build(source: Path) -> str:
    """Run npm; empty if that went well, else why not. Nothing is done where all bundles are newer."""
    dist = source.parent / "dist"
    mistakes = source.parent.parent / "rdf" / "sparql" / "common_mistakes.json"  # bundled too
    sources = [mistakes, *(path for path in source.iterdir() if path.is_file())]
    newest = max(path.stat().st_mtime for path in sources)
    if all((dist / name).is_file() and (dist / name).stat().st_mtime >= newest for name in BUNDLES):
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    for command in ([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], [npm, "run", "build"]):
        try:
            done = subprocess.run(
                command, cwd=source, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command[1:])}: {error}"
        if done.returncode:
            return f"{' '.join(command[1:])} failed: {done.stderr.strip()[-500:]}"
    return ""
