"""The server's end of the spawner: starting worker processes, and what became of them."""

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

    def spent(self) -> float:
        """Seconds of processor time that it has had; by the clock where the system does not tell of another
        process.
        """
        if sys.platform == "linux":
            with suppress(OSError):
                return time.clock_gettime(
                    (~self.pid << 3) | 2
                )  # what clock_getcpuclockid(3) makes of a process
        return time.monotonic()

    def kill(self) -> None:
        """End it at once."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def poll(self) -> int | None:
        """Its exit code, below 0 the number of the signal that ended it; None while it runs. Asking for it
        lets the process go.
        """
        if self._code is None:
            self._code = self._spawner.code(self)
        return self._code

    def wait(self, seconds: float) -> int | None:
        """Its exit code, waited for."""
        deadline = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        return self._code


class Spawner:
    """Starts processes. One that ends is replaced when it is needed next."""

    def __init__(self, folder: str) -> None:
        """``folder`` shows in the list of processes, to tell those of one server from another's."""
        self.folder = folder
        self._link: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._children: set[Child] = set()

    def start(self, kind: str, settings: str, files: list[int]) -> Child:
        """Start a process of a kind of ``messages.KINDS`` that has ``files``. Raises OSError."""
        message = messages.START + kind.encode() + b"\0" + settings.encode()
        try:
            pid = self._asked(message, files)
        except OSError:
            self._end()
            pid = self._asked(message, files)
        if pid < 0:
            raise OSError(-pid, os.strerror(-pid))
        child = Child(self, pid)
        self._children.add(child)
        return child

    def code(self, child: Child) -> int | None:
        """The exit code of a process, None while it runs; 0 when nobody knows."""
        try:
            code = self._asked(messages.CODE + messages.NUMBER.pack(child.pid), [])
        except OSError:
            code = messages.UNKNOWN
        if code == messages.RUNNING:
            return None
        self._children.discard(child)
        return 0 if code == messages.UNKNOWN else code

    def let_go(self, child: Child) -> None:
        """A process is about to end: see to it that its number becomes free."""
        if child.poll() is None:
            asyncio.get_running_loop().call_later(1, self.let_go, child)

    def close(self) -> None:
        """Wait for the processes, which were told to end, and end the messages."""
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

    def _asked(self, message: bytes, files: list[int]) -> int:
        link = self._link or self._open()
        socket.send_fds(link, [message], files)
        answer = link.recv(messages.NUMBER.size)
        if not answer:
            raise BrokenPipeError
        number: int = messages.NUMBER.unpack(answer)[0]
        return number

    def _open(self) -> socket.socket:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bempeg_kg.web.server.spawner", str(there.fileno()), self.folder],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
        self._link = here
        return here
