"""Stores that the tests start for themselves, on this machine's loopback address, and stop again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bempeg_kg.engines.http import Http
from bempeg_kg.errors import EngineError

VIRTUOSO = ("virtuoso-t", "/usr/bin/virtuoso-t")
#: The password of a store that lives as long as the test run and listens on the loopback address only.
VIRTUOSO_ENVIRONMENT = {"BEMPEG_ENDPOINT_USER": "dba", "BEMPEG_ENDPOINT_PASSWORD": "dba"}


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], folder: Path, address: str, seconds: float) -> Iterator[None]:
    """A server process, from the first answer at `address` to the end of the block."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait(process, address, seconds, log)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, seconds: float, log: Path) -> None:
    http = Http(address, timeout=2, attempts=1, environment={})
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            http.send("GET", address)
        except EngineError as error:
            if "cannot be reached" not in str(error):
                return
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """The query endpoint of a fresh Oxigraph server (PyPI package `oxigraph`)."""
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip("the Oxigraph server is not installed (PyPI package oxigraph)")
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    command = [program, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    with running([*command, "--union-default-graph"], folder, f"{root}/", 20):
        yield f"{root}/query"


_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
"""


@contextlib.contextmanager
def virtuoso(folder: Path, rows: int = 10_000) -> Iterator[str]:
    """The query endpoint of a fresh OpenLink Virtuoso (Debian package virtuoso-opensource-7-bin)."""
    program = shutil.which(VIRTUOSO[0]) or (VIRTUOSO[1] if Path(VIRTUOSO[1]).exists() else None)
    if program is None:
        pytest.skip("Virtuoso is not installed (Debian package virtuoso-opensource-7-bin)")
    http, sql = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, http=http, sql=sql, rows=rows))
    command = [program, "+foreground", "+configfile", str(ini)]
    with running(command, folder, f"http://127.0.0.1:{http}/sparql", 90):
        yield f"http://127.0.0.1:{http}/sparql"
