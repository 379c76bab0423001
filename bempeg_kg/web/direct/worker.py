"""The server's end of a direct worker: the process, the link to it, and the connections that it holds."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bempeg_kg.web.direct import messages
from bempeg_kg.web.direct.messages import DirectSettings
from bempeg_kg.web.direct.state import State

if TYPE_CHECKING:
    from bempeg_kg.web.direct.acceptor import Acceptor
    from bempeg_kg.web.direct.client import Client
    from bempeg_kg.web.workers.children import Child

STUCK = 0.01
"""Seconds after which a worker that is at a request gets no more connections."""


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
        asyncio.get_running_loop().add_reader(link.fileno(), self._receive)

    def age(self, now: float) -> float:
        """Seconds since which it is at one request, 0 when it is at none."""
        since = self.state.since
        return now - since if since else 0.0

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
