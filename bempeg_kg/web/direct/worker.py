"""The server's end of a direct worker: the process, the link to it, and the connections that it holds."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bempeg_kg.web.direct import messages
from bempeg_kg.web.direct.messages import Settings
from bempeg_kg.web.direct.state import State

if TYPE_CHECKING:
    from bempeg_kg.web.direct.acceptor import Acceptor
    from bempeg_kg.web.direct.client import Client
    from bempeg_kg.web.workers.children import Child


class Seat:
    """A connection in the hands of a worker: which one it was in order, and what had been read from it."""

    __slots__ = ("client", "place", "unread")

    def __init__(self, client: Client, place: int, unread: bytes) -> None:
        self.client = client
        self.place = place
        self.unread = unread


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
        self._given = 0
        self._taken: list[int] = []
        asyncio.get_running_loop().add_reader(link.fileno(), self._receive)

    def age(self) -> float:
        """Seconds that the query which runs has taken, 0 when none runs."""
        since = self.state.since
        return time.monotonic() - since if since else 0.0

    def seat(self, number: int, client: Client, data: bytes) -> bool:
        """Hand a connection over, with what was read from it. False when the worker cannot take it now."""
        client.transport.pause_reading()
        descriptor = client.transport.get_extra_info("socket").fileno()
        try:
            socket.send_fds(self.link, [messages.pack(messages.SEAT, number, data)], [descriptor])
        except OSError:
            return False
        self._given += 1
        self.seats[number] = Seat(client, self._given, data)
        return True

    def take_back(self) -> list[tuple[Client, bytes]]:
        """Take away all connections but the one whose query runs, with what of them was read and not
        answered. Only for a worker that has been at a query for long, or is gone.
        """
        taken = []
        for number in [number for number in self.seats if number != self.state.connection]:
            seat = self.seats.pop(number)
            self._taken.append(number)
            taken.append((seat.client, seat.unread if seat.place > self.state.seated else b""))
        return taken

    def _receive(self) -> None:
        while True:
            try:
                message, _ = messages.receive(self.link)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._end()
                return
            self._take(*messages.unpack(message))

    def _take(self, kind: bytes, number: int, payload: bytes) -> None:
        if kind == messages.READY:
            self.ready = True
            self.owner.ready(self)
        elif kind == messages.ASK:
            self.link.send(messages.pack(messages.GO, 0, messages.pack_numbers(self._taken)))
            self._taken.clear()
        elif (seat := self.seats.pop(number, None)) is not None:
            if kind == messages.LEFT:
                seat.client.transport.close()
            else:
                self.owner.returned(seat.client, *messages.unpack_return(payload))

    def _end(self) -> None:
        self.close()
        self.owner.lost(self)

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


def spawn(owner: Acceptor, slot: int, settings: Settings) -> DirectWorker:
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
