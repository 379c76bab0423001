"""A connection from outside, and the passage from it to the HTTP server behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from bempeg_kg.web.direct import plain

if TYPE_CHECKING:
    from bempeg_kg.web.direct.acceptor import Acceptor

SILENCE = 10.0
"""Seconds that a connection may sit there before its next request is here."""

LINGER = 10.0
"""Seconds that a connection which is closed may take to read what is still to be sent."""

STALLED = 30.0
"""Seconds after which a client that reads nothing of what waits for it is let go."""

BUSY = b"the server takes no more requests now\n"
REFUSED = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(BUSY), BUSY)
)


class Client(asyncio.Protocol):
    """A connection from outside: read here until it is known who answers it."""

    def __init__(self, acceptor: Acceptor) -> None:
        self.acceptor = acceptor
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self.passage: Passage | None = None
        self.gone = False
        self.is_slow = False
        self._early = b""
        self._silence: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.acceptor.clients.add(self)
        self._listen()

    def _listen(self) -> None:
        self._silence = asyncio.get_running_loop().call_later(SILENCE, self._is_silent)

    def _is_silent(self) -> None:
        """What has come by now is another's to complain about."""
        if self._early:
            self.pass_on(self._early)
        else:
            self.close()

    def _is_heard(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def data_received(self, data: bytes) -> None:
        if self.passage is not None:
            self.passage.transport.write(data)
            return
        self._early += data
        if not plain.missing(self._early):
            self._is_heard()
            data, self._early = self._early, b""
            self.acceptor.arrived(self, data)

    def eof_received(self) -> bool:
        """It sends no more. What it asked it may still read, unless it asked nothing."""
        if self.passage is None:
            return False
        if self.passage.transport.can_write_eof():
            self.passage.transport.write_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self._is_heard()
        self._reads()
        self.acceptor.clients.discard(self)
        if self.passage is not None:
            self.passage.close()

    def pause_writing(self) -> None:
        self.is_slow = True
        self._watch(self.transport.get_write_buffer_size() + 1)
        if self.passage is not None:
            self.passage.hold()

    def resume_writing(self) -> None:
        self.is_slow = False
        self._reads()
        if self.passage is not None:
            self.passage.go_on()

    def _watch(self, waiting: int) -> None:
        """Let it go if as much waits as at the last look: nobody reads for it, so nobody else would."""
        now = self.transport.get_write_buffer_size()
        if now >= waiting:
            self.transport.abort()
        else:
            self._stalled = asyncio.get_running_loop().call_later(STALLED, self._watch, now)

    def _reads(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def close(self) -> None:
        """Send what is still to be sent, for a while, and end the connection."""
        self.transport.close()
        if not self.gone:
            asyncio.get_running_loop().call_later(LINGER, self.transport.abort)

    def resume(self, data: bytes) -> None:
        """No direct worker has it any more: its next request, of which ``data`` has come, is new."""
        if self.gone or self.transport.is_closing():
            return
        if self.acceptor.closing:
            self.refuse() if data else self.close()
        elif data and not plain.missing(data):
            self.acceptor.arrived(self, data)
        else:
            self._early = data
            self._listen()
            self.transport.resume_reading()

    def refuse(self) -> None:
        """Nobody can answer."""
        self.transport.write(REFUSED)
        self.close()

    def pass_on(self, data: bytes) -> None:
        """From now on the HTTP server behind answers this connection, beginning with ``data``."""
        if self.gone or self.transport.is_closing():
            return
        self.transport.pause_reading()  # until somebody is there to read for
        self._early = b""
        self.passage = Passage(self, data)
        task = asyncio.get_running_loop().create_task(self.passage.connect(self.acceptor.behind))
        _KEEP.add(task)
        task.add_done_callback(_KEEP.discard)


class Passage(asyncio.Protocol):
    """The other half of a connection that is passed on: the one to the HTTP server behind."""

    def __init__(self, client: Client, first: bytes) -> None:
        self.client = client
        self.first = first
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)

    async def connect(self, path: str) -> None:
        """Connect, or tell the client that nobody is there."""
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: self, path)
        except OSError:
            self.client.refuse()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if self.client.gone:
            self.transport.close()
            return
        self.client.transport.resume_reading()
        self.transport.write(self.first)
        if self.client.is_slow:  # reading begins behind this call, whatever it says of it
            asyncio.get_running_loop().call_soon(self._hold_still)

    def data_received(self, data: bytes) -> None:
        self.client.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.client.close()

    def pause_writing(self) -> None:
        self.client.transport.pause_reading()

    def resume_writing(self) -> None:
        self.client.transport.resume_reading()

    def hold(self) -> None:
        """Read no further while the client does not."""
        if self.transport is not None:
            self.transport.pause_reading()

    def _hold_still(self) -> None:
        if self.client.is_slow:
            self.hold()

    def go_on(self) -> None:
        """The client reads again."""
        if self.transport is not None:
            self.transport.resume_reading()

    def close(self) -> None:
        """The client is gone."""
        if self.transport is not None:
            self.transport.close()


_KEEP: set[asyncio.Task[None]] = set()
