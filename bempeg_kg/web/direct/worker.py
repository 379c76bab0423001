"""The server's end of a direct worker: the process, the link to it, and the connections that it holds."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bempeg_kg.web.direct import messages
from bempeg_kg.web.direct.messages import DirectSettings
from bempeg_kg.web.direct.state import State
from bempeg_kg.web.workers.limits import TICK

if TYPE_CHECKING:
    from bempeg_kg.web.direct.acceptor import Acceptor
    from bempeg_kg.web.direct.client import Client
    from bempeg_kg.web.workers.children import Child

GIVE_UP = 0.03
"""Seconds of processor time that one request may take of a direct worker."""

STUCK = 0.01
"""Seconds after which a worker that is at a request gets no more connections."""

HELD_UP = 0.3
"""Seconds that it may take however little processor time there is."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A connection in the hands of a worker, and what had been read from it before."""

    client: Client
    unread: bytes


class DirectWorker:
    """One process that answers plain queries on the connections it is given."""

    def __init__(self, owner: Acceptor, slot: int, process: Child, link: socket.socket, state: State) -> None:
        self.owner = owner
        self.slot = slot
        self.process = process
        self.link = link
        self.state = state
        self.ready = False
        self.seats: dict[int, Seat] = {}
        self._met = (0.0, 0.0)  # the request that was met last, and what the process had spent by then
        asyncio.get_running_loop().add_reader(link.fileno(), self._receive)

    def age(self, now: float) -> float:
        """Seconds since which it is at one request, 0 when it is at none."""
        since = self.state.since
        return now - since if since else 0.0

    def is_held_up(self, now: float) -> bool:
        """Whether what it is at takes too long. To be asked at every tick: what it has spent of the processor
        counts from the first time, since on a busy machine the clock goes on without it.
        """
        since = self.state.since
        if not since:
            return False
        if since != self._met[0]:
            self._met = since, self._spent()
        age = now - since
        return age > HELD_UP or (age > GIVE_UP and self._spent() - self._met[1] > GIVE_UP - TICK)

    def _spent(self) -> float:
        """Seconds of processor time of the process."""
        if sys.platform == "linux":
            with suppress(OSError):
                return time.clock_gettime((~self.process.pid << 3) | 2)  # clock_getcpuclockid(3)
        return 0.0

    def seat(self, number: int, client: Client, data: bytes) -> bool:
        """Hand a connection over, with what was read from it. False when the worker cannot take it now."""
        descriptor = client.transport.get_extra_info("socket").fileno()
        try:
            socket.send_fds(self.link, [messages.pack(messages.SEAT, number, data)], [descriptor])
        except OSError:
            return False
        client.transport.pause_reading()
        self.seats[number] = Seat(client, data)
        return True

    def _receive(self) -> None:
        while True:
            try:
                message, _ = messages.receive(self.link)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self.close()
                self.owner.lost(self)
                return
            self._take(*messages.unpack(message))

    def _take(self, kind: bytes, number: int, payload: bytes) -> None:
        if kind == messages.READY:
            self.ready = True
            self.owner.ready(self)
        elif (seat := self.seats.pop(number, None)) is not None:
            if kind == messages.LEFT:
                seat.client.close()
            else:
                self.owner.returned(seat.client, *messages.unpack_return(payload))

    def dismiss(self) -> None:
        """Say that nothing more will come: the process ends when it has finished what it is at."""
        with suppress(OSError):  # it is gone already
            self.link.shutdown(socket.SHUT_WR)
        if not self.ready:
            self.process.kill()

    def close(self) -> None:
        """Close the link, upon which the process ends."""
        if self.link.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self.link.fileno())
            self.link.close()


def spawn(owner: Acceptor, slot: int, settings: DirectSettings) -> DirectWorker:
    """Start a direct worker. Raises OSError."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    here.setblocking(False)
    try:
        with there:
            memory, state = State.create()
            try:
                process = owner.spawner.start("direct", settings.to_json(), [there.fileno(), memory])
            finally:
                os.close(memory)
    except OSError:
        here.close()
        raise
    return DirectWorker(owner, slot, process, here, state)
