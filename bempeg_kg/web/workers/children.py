"""The server's end of the spawner: starting worker processes, and their exit codes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from bempeg_kg.web.workers import messages


class Child:
    """A worker process."""

    def __init__(self, spawner: Spawner, pid: int) -> None:
        self.pid = pid
        self._spawner = spawner
        self._code: int | None = None

    def processor_seconds(self) -> float:
        """Processor time used so far; outside Linux the clock, which counts waiting too."""
        with suppress(OSError), open(f"/proc/{self.pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
            user, system = int(fields[11]), int(fields[12])
            return (user + system) / os.sysconf("SC_CLK_TCK")
        return time.monotonic()

    def kill(self) -> None:
        """End it at once."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def poll(self) -> int | None:
        """The exit code, below 0 the number of the signal that ended it; None while it runs.

        Asking for the code of an ended process frees its process number.
        """
        if self._code is None:
            self._code = self._spawner.code(self)
        return self._code

    def wait(self, seconds: float) -> int | None:
        """The exit code, waited for at most so many seconds."""
        deadline = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        return self._code


class Spawner:
    """Starts processes. A spawner that exited is replaced when it is needed next."""

    def __init__(self, folder: str, *, verbose: bool = False) -> None:
        """``folder`` shows in the list of processes, to tell those of one server from another's."""
        self.folder = folder
        self.verbose = verbose
        self._link: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._children: set[Child] = set()

    def start(self, kind: str, settings: str, files: list[int]) -> Child:
        """Start a process of a kind of ``spawner.KINDS`` that has ``files``. Raises OSError."""
        message = messages.START + kind.encode() + b"\0" + settings.encode()
        try:
            pid = self._request(message, files)
        except OSError:
            self._end()
            pid = self._request(message, files)
        if pid < 0:
            raise OSError(-pid, os.strerror(-pid))
        child = Child(self, pid)
        self._children.add(child)
        return child

    def code(self, child: Child) -> int | None:
        """The exit code of a process, None while it runs; 0 when nobody knows."""
        try:
            code = self._request(messages.CODE + messages.NUMBER.pack(child.pid), [])
        except OSError:
            code = messages.UNKNOWN
        if code == messages.RUNNING:
            return None
        self._children.discard(child)
        return 0 if code == messages.UNKNOWN else code

    def reap(self, child: Child) -> None:
        """Ask for the exit code of a process that is about to end, until it has one."""
        if child.poll() is None:
            asyncio.get_running_loop().call_later(1, self.reap, child)

    def close(self) -> None:
        """Wait for the processes, which were killed before, and end the spawner."""
        for child in list(self._children):
            child.wait(5)
        self._end()

    def _end(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _request(self, message: bytes, files: list[int]) -> int:
        link = self._link or self._open()
        socket.send_fds(link, [message], files)
        answer = link.recv(messages.NUMBER.size)
        if not answer:
            raise BrokenPipeError
        number: int = messages.NUMBER.unpack(answer)[0]
        return number

    def _open(self) -> socket.socket:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "bempeg_kg.web.server.spawner", str(there.fileno()), self.folder]
        with there:
            self._process = subprocess.Popen(
                [*command, "--verbose"] if self.verbose else command,
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
        self._link = here
        return here
