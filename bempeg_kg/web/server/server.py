"""Starting and stopping a server process."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from bempeg_kg.errors import EngineError, UsageError
from bempeg_kg.web.config import METRICS_FOLDER, PARENT, READY, VARIABLE, Config

HEADER_SECONDS = 10
"""How long a client may take to send the head of a request; connections that only sit there go after this."""

HEADER_BYTES = 64 << 10
"""The longest request head; a longer one is refused before anything of ours sees it."""

STOP_SECONDS = 30
"""How long running answers may take after a stop signal."""

FEWEST_FILES = 256
"""Open files without which the server does not start: the store alone takes about a hundred."""

FEWEST_MEGABYTES = 1_000
"""Address space without which the server does not start: it maps about half of it before any query."""

FILES = 65_536
"""Open files that a server asks for: a connection takes up to two of one process."""


def check_port(host: str, port: int) -> None:
    """Raise UsageError for an impossible port number, EngineError for an address that cannot be used."""
    if not 0 < port < 65_536:
        raise UsageError(f"there is no port {port}", cure="Give a --port between 1 and 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise EngineError(
                f"cannot listen on {host}, port {port}: {error.strerror}", cure="Give another --port."
            ) from None


def serve(config: Config, host: str, port: int, processes: int, opened: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT. ``opened`` is called once the port takes connections."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings

    os.environ[VARIABLE] = config.to_json()
    os.environ[PARENT] = str(os.getpid())
    if processes > 1:
        counters = os.path.join(config.run_folder, "counters")
        os.makedirs(counters, exist_ok=True)
        os.environ[METRICS_FOLDER] = counters
    server = Granian(
        "bempeg_kg.web.server.app:create_app",
        factory=True,
        address=host,
        port=port,
        backlog=1024,
        interface=Interfaces.ASGI,
        workers=processes,
        loop=Loops.uvloop if sys.platform != "win32" else Loops.asyncio,
        websockets=False,
        http=HTTPModes.http1,  # the limits of HTTP/2 are others; a proxy in front may speak it
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES, keep_alive=True
        ),
        workers_kill_timeout=STOP_SECONDS,
        log_enabled=False,
        respawn_failed_workers=True,
    )
    reader, writer = os.pipe()
    os.environ[READY] = str(writer)
    threading.Thread(target=_tell_when_ready, args=(reader, opened), daemon=True).start()
    with suppress(SystemExit):  # exit code after crashes
        server.serve()
    if not server.interrupt_signal:
        raise EngineError(
            "the server stopped: one of its processes crashed twice within seconds",
            cure="See the lines above. Start it again, with more memory if a process was killed.",
        )


def _tell_when_ready(reader: int, tell: Callable[[], None]) -> None:
    """Wait for a process of the server: in the kernel, holding nothing, since the processes are forked."""
    if os.read(reader, 1):
        tell()


def check_limits() -> None:
    """Allow as many open files as this machine does. Raises EngineError if they or the memory are too few."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FEWEST_FILES:
        raise EngineError(
            f"only {hard} files may be open here, and the server needs {FEWEST_FILES}",
            cure=f"Allow more, for example with: ulimit -n {FEWEST_FILES * 4}",
        )
    address_space, _ = resource.getrlimit(resource.RLIMIT_AS)
    if address_space != resource.RLIM_INFINITY and address_space < FEWEST_MEGABYTES << 20:
        raise EngineError(
            f"only {address_space >> 20} MB of address space here; the server needs {FEWEST_MEGABYTES:,} MB",
            cure="Allow more, for example with: ulimit -v unlimited",
        )
    _allow_files()


def _allow_files() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
