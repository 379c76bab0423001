"""Which worker gets a query, and what becomes of those behind a long one; with wires that lead nowhere."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from typing import cast

import pytest

from bempeg_kg.web import frames, wire
from bempeg_kg.web.limits import Limits
from bempeg_kg.web.pool import Pool
from bempeg_kg.web.wire import Worker


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.is_held = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def pause_reading(self) -> None:
        self.is_held = True

    def resume_reading(self) -> None:
        self.is_held = False

    def close(self) -> None:
        pass


class Process:
    """A process that is killed without a trace."""

    pid = 0

    def kill(self) -> None:
        pass

    def poll(self) -> int:
        return -9

    def wait(self, timeout: float | None = None) -> int:
        return -9


def lanes(count: int) -> tuple[Pool, list[Worker]]:
    pool = Pool(frames.Settings("nowhere"), Limits())
    workers = []
    for _ in range(count):
        worker = Worker(cast("subprocess.Popen[bytes]", Process()), pool)
        worker.transport = cast("asyncio.Transport", Wire())
        pool.ready(worker)
        workers.append(worker)
    return pool, workers


def asked(pool: Pool, count: int) -> list[asyncio.Task[bytes | None]]:
    async def body(number: int) -> bytes | None:
        return (await pool.run(frames.Request(f"ASK {{}} # {number}"))).body

    return [asyncio.ensure_future(body(number)) for number in range(count)]


def answer(worker: Worker, body: bytes) -> None:
    payload = b"text/csv".ljust(frames.TYPE_WIDTH) + body
    worker.data_received(frames.HEADER.pack(frames.WHOLE, len(payload)) + payload)


def failure(worker: Worker) -> None:
    worker.data_received(frames.HEADER.pack(frames.FAIL, 10) + b"stopping\nx")


def test_short_queries_stay_with_the_worker_that_is_awake() -> None:
    async def run() -> None:
        pool, (first, second) = lanes(2)
        tasks = asked(pool, 3)
        await asyncio.sleep(0)
        assert [len(first.pending), len(second.pending)] == [3, 0]
        for number in range(3):
            answer(first, b"%d" % number)
        assert await asyncio.gather(*tasks) == [b"0", b"1", b"2"]

    asyncio.run(run())


def test_a_worker_at_long_queries_gets_none_in_advance() -> None:
    async def run() -> None:
        pool, (first, second) = lanes(2)
        first.pace = second.pace = 2 * wire.STUCK
        tasks = asked(pool, 3)
        await asyncio.sleep(0)
        assert [len(first.pending), len(second.pending), pool.waiting] == [1, 1, 1]
        answer(second, b"b")
        answer(second, b"c")
        answer(first, b"a")
        assert await asyncio.gather(*tasks) == [b"a", b"b", b"c"]

    asyncio.run(run())


def test_queries_behind_a_long_one_change_wires_and_late_answers_are_nobodys() -> None:
    async def run() -> None:
        pool, (first, second) = lanes(2)
        tasks = asked(pool, 3)
        await asyncio.sleep(0)
        first.since -= 2 * wire.STUCK
        pool._tick()
        dropped = frames.HEADER.pack(frames.DROP, 1) + bytes([2])
        assert cast("Wire", first.transport).sent.endswith(dropped)
        assert len(second.pending) == 2
        second.since -= 2 * wire.STUCK
        pool._tick()  # the second is held up too: its second query waits for whoever is free first
        answer(first, b"a")
        first.pace = 0
        pool.finished(first)  # and that is the wire it came from, where its old place comes to an end first
        assert len(first.pending) == 3
        failure(first)
        failure(first)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not tasks[2].done()
        answer(first, b"c")
        answer(second, b"b")
        failure(second)
        assert await asyncio.gather(*tasks) == [b"a", b"b", b"c"]
        assert not first.pending and not second.pending

    asyncio.run(run())


def test_a_wire_is_not_held_up_for_a_reader_whose_answer_is_all_there() -> None:
    async def run() -> None:
        pool, (worker,) = lanes(1)
        first, second = asked(pool, 2)
        await asyncio.sleep(0)
        long = bytes(2 * wire.HEADROOM)
        worker.data_received(
            frames.HEADER.pack(frames.BEGIN, 8)
            + b"text/csv"
            + frames.HEADER.pack(frames.DATA, len(long))
            + long
            + frames.HEADER.pack(frames.END, 0)
        )
        assert not cast("Wire", worker.transport).is_held
        answer(worker, b"b")
        assert await second == b"b"
        assert await first is None

    asyncio.run(run())


def test_a_client_that_leaves_takes_nobody_with_it() -> None:
    async def run() -> None:
        pool, (worker, other) = lanes(2)
        first, second = asked(pool, 2)
        await asyncio.sleep(0)
        assert len(worker.pending) == 2
        first.cancel()
        await asyncio.sleep(0)
        answer(worker, b"late")  # was under way when its client left
        assert not worker.has_room(time.monotonic())
        pool.closing = True  # nobody is to be started here
        worker.connection_lost(None)
        answer(other, b"b")
        assert await second == b"b"

    asyncio.run(run())


def test_two_vacancies_are_filled_by_two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        pool = Pool(frames.Settings("nowhere"), Limits(workers=2))
        started = []

        def start(*_: object, **__: object) -> Process:
            started.append(Process())
            return started[-1]

        monkeypatch.setattr(subprocess, "Popen", start)
        pool._fill()
        pool._fill()
        await asyncio.sleep(0.05)
        assert len(started) == 2
        pool.closing = True

    asyncio.run(run())


def test_a_dropped_request_is_answered_in_its_turn_and_others_are_kept() -> None:
    def put(kind: bytes, payload: bytes) -> None:
        here.sendall(frames.HEADER.pack(kind, len(payload)) + payload)

    def next_query() -> str:
        return (inbox.next() or frames.Request("")).query

    here, there = socket.socketpair()
    with here, there:
        inbox = frames.Inbox(there)
        for text in (
            "ASK {} # runs for the server, not begun here",
            "ASK {} # behind",
            "ASK {} # behind, too",
        ):
            put(frames.QUERY, frames.Request(text).wire)
        put(frames.DROP, bytes([2]))
        put(frames.QUERY, frames.Request("ASK {} # afterwards").wire)
        assert next_query() == "ASK {} # runs for the server, not begun here"
        here.setblocking(False)
        with pytest.raises(BlockingIOError):
            here.recv(1)
        assert next_query() == "ASK {} # afterwards"
        assert here.recv(4096).count(frames.FAIL) == 2
        put(frames.DROP, bytes([5]))  # all of them have been begun
        here.shutdown(socket.SHUT_WR)
        assert inbox.next() is None
