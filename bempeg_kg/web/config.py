"""What can be set on a server, in one value that travels to its processes as text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from bempeg_kg.web.limits import Limits

VARIABLE = "BEMPEG_KG_SERVE"
"""The environment variable by which the settings reach the processes of the ASGI server."""

PARENT = "BEMPEG_KG_SERVE_PARENT"
"""Holds the number of the process that started them, so that they end with it."""

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder for counters of several processes; set before prometheus-client is imported."""

READY = "BEMPEG_KG_SERVE_READY"
"""Holds the number of the file into which a process writes once it takes connections."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a server.

    ``run_folder`` holds the server's own snapshot (``store``) and the counters of its processes; it is made
    at the start and removed at the end, so that nothing which happens to a cache can touch a running server.
    """

    run_folder: str
    data: tuple[str, ...] = ()
    public_url: str = ""
    limits: Limits = field(default_factory=Limits)
    cache: int = 32 << 20
    log: bool = True
    log_queries: bool = False
    verbose: bool = False

    def to_json(self) -> str:
        """The settings as one line of text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Config:
        """The settings that :meth:`to_json` wrote."""
        settings = json.loads(text)
        settings["limits"] = Limits(**settings["limits"])
        settings["data"] = tuple(settings["data"])
        return cls(**settings)
