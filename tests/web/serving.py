"""A real server process on loopback, and a plain HTTP client for it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SMALL = HERE / "data"
BASE = "https://example.org/small/"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Server:
    """A running `bempeg-kg serve`."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    closed: bool = field(default=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 60,
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            return Reply(
                answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()

    def get(self, query: str | None = None, /, accept: str | None = None, **more: str | list[str]) -> Reply:
        """GET /sparql with a query and protocol parameters (`_` for `-`)."""
        fields = {name.replace("_", "-"): value for name, value in more.items()}
        if query is not None:
            fields = {"query": query, **fields}
        path = "/sparql" + ("?" + urlencode(fields, doseq=True) if fields else "")
        return self.request("GET", path, headers={"Accept": accept} if accept else {})

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def workers(self) -> list[int]:
        """Query processes of this server, by their folder, which its settings name."""
        folder = self.log.read_text().partition("[run folder ")[2].partition("]")[0]
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    arguments = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if b"bempeg_kg.web.server.spawner" in arguments and folder.encode() in arguments:
                    found.append(int(entry.name))
        return found

    def stop(self, how: int = signal.SIGTERM, timeout: float = 40) -> int:
        if not self.closed:
            self.process.send_signal(how)
        self.closed = True
        return self.process.wait(timeout)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(log: Path, *options: str, data: Path | None = SMALL) -> Server:
    """Start a server and wait until it is well."""
    port = free_port()
    command = [sys.executable, "-m", "bempeg_kg", "serve", "-v", "--port", str(port), *options]
    if data is not None:
        command += ["--data", str(data)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stderr=stream, stdout=stream, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    server = Server(process, port, log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()}")
        try:
            if server.request("GET", "/healthz", timeout=5).status == 200:
                return server
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text()}")
