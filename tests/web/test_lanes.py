"""Which worker gets a query, what waits, and what is moved aside; with processes that are not there."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from bempeg_kg.web.limits import Limits, PoolError
from bempeg_kg.web.workers import frames, worker
from bempeg_kg.web.workers.children import Child, Spawner
from bempeg_kg.web.workers.pool import Pool
from bempeg_kg.web.workers.worker import Worker


class Transport:
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
    """A process that is killed without a trace, or ended with a code of its own."""

    pid = 1 << 30  # beyond what any system counts to: nobody's priority is touched

    def __init__(self, code: int = -9) -> None:
        self.code = code
        self.killed = False
        self.used = 0.0

    def processor_seconds(self) -> float:
        return self.used

    def kill(self) -> None:
        self.killed = True

    def poll(self) -> int:
        return self.code

    def wait(self, seconds: float) -> int:
        return self.code


class NoSpawner:
    """Starts nothing, and counts how often it was to."""

    def __init__(self) -> None:
        self.asked = 0

    def start(self, *_: object) -> Child:
        self.asked += 1
        raise OSError

    def reap(self, process: Process) -> None:
        pass


def made(pool: Pool) -> Worker:
    one = Worker(cast("Child", Process()), pool)
    one.transport = cast("asyncio.Transport", Transport())
    return one


def pool_of(count: int, **limits: float) -> tuple[Pool, list[Worker]]:
    """A pool with workers of normal priority."""
    chosen = Limits(workers=count, **limits)  # type: ignore[arg-type]
    pool = Pool(frames.Settings("nowhere"), chosen, cast("Spawner", NoSpawner()))
    workers = [made(pool) for _ in range(count)]
    for one in workers:
        started(pool, one)
    return pool, workers


def started(pool: Pool, one: Worker) -> None:
    pool._starting.add(one)
    pool.ready(one)


def make_slow(pool: Pool, one: Worker) -> None:
    pool._tick()  # reads the processor's time for the first time
    one.since -= 2 * pool.limits.slow_after
    cast("Process", one.process).used = 2 * pool.limits.slow_after
    pool._tick()


def asked(pool: Pool, *queries: str) -> list[asyncio.Task[bytes | None]]:
    async def body(query: str) -> bytes | None:
        return (await pool.run(frames.Request(query))).body

    return [asyncio.ensure_future(body(query)) for query in queries]


def answer(one: Worker, body: bytes) -> None:
    payload = b"text/csv".ljust(frames.TYPE_WIDTH) + body
    one.data_received(frames.HEADER.pack(frames.WHOLE, len(payload)) + payload)


def ended(one: Worker, code: int) -> None:
    cast("Process", one.process).code = code
    one.connection_lost(None)


def test_each_worker_has_one_query_and_the_next_waits_its_turn() -> None:
    async def run() -> None:
        pool, (first, second) = pool_of(2)
        tasks = asked(pool, "a", "b", "c", "d")
        await asyncio.sleep(0)
        assert (pool.busy, pool.waiting) == (2, 2)
        answer(second, b"b")
        answer(second, b"c")
        answer(first, b"a")
        answer(second, b"d")
        assert await asyncio.gather(*tasks) == [b"a", b"b", b"c", b"d"]
        assert (pool.busy, pool.waiting) == (0, 0)

    asyncio.run(run())


def test_a_full_queue_and_a_long_wait_are_refused() -> None:
    async def run() -> None:
        pool, _ = pool_of(1, queue=1, wait=-1)
        _, waiting, refused = asked(pool, "a", "b", "c")
        await asyncio.sleep(0)
        pool._tick()
        for task in (waiting, refused):
            with pytest.raises(PoolError) as caught:
                await task
            assert caught.value.kind == "busy"
        assert pool.counts.refused == 2

    asyncio.run(run())


def test_a_slow_query_moves_aside_and_its_place_is_filled() -> None:
    async def run() -> None:
        pool, (one,) = pool_of(1)
        (task,) = asked(pool, "a")
        await asyncio.sleep(0)
        one.since -= 2 * pool.limits.slow_after
        pool._tick()
        assert not one.idle_class  # the clock goes on while others have the processor
        make_slow(pool, one)
        assert one.idle_class
        await asyncio.sleep(0)
        assert cast("NoSpawner", pool.spawner).asked == 1
        fresh = made(pool)
        started(pool, fresh)
        (other,) = asked(pool, "b")
        await asyncio.sleep(0)
        answer(fresh, b"b")
        answer(one, b"a")
        assert await asyncio.gather(task, other) == [b"a", b"b"]
        assert cast("Process", one.process).killed  # it cannot come back: nobody may raise its priority
        assert not cast("Process", fresh.process).killed

    asyncio.run(run())


def test_slow_queries_beyond_the_lane_are_stopped() -> None:
    async def run() -> None:
        pool, (one,) = pool_of(1, slow=0)
        (task,) = asked(pool, "a")
        await asyncio.sleep(0)
        make_slow(pool, one)
        with pytest.raises(PoolError, match="too many long queries"):
            await task
        assert cast("Process", one.process).killed

    asyncio.run(run())


@pytest.mark.parametrize(("code", "kind"), [(-14, "time"), (-6, "memory"), (-11, "memory"), (3, "crash")])
def test_the_reason_of_a_worker_exit_is_reported(code: int, kind: str) -> None:
    async def run() -> None:
        pool, (one,) = pool_of(1)
        (task,) = asked(pool, "a")
        await asyncio.sleep(0)
        ended(one, code)
        with pytest.raises(PoolError) as caught:
            await task
        assert caught.value.kind == kind
        assert pool.counts.stopped == {kind: 1}

    asyncio.run(run())


def test_a_worker_waits_for_a_slow_reader_and_then_continues() -> None:
    async def run() -> None:
        pool, (one,) = pool_of(1)
        running = asyncio.ensure_future(pool.run(frames.Request("a")))
        await asyncio.sleep(0)
        long = bytes(2 * worker.HEADROOM)
        begin = frames.HEADER.pack(frames.BEGIN, 8) + b"text/csv"
        one.data_received(begin + frames.HEADER.pack(frames.DATA, len(long)) + long)
        assert cast("Transport", one.transport).is_held
        found = await running
        assert found.chunks is not None
        chunks = aiter(found.chunks)
        assert await anext(chunks) == long
        assert not cast("Transport", one.transport).is_held
        one.data_received(frames.HEADER.pack(frames.END, 0))
        with pytest.raises(StopAsyncIteration):
            await anext(chunks)

    asyncio.run(run())


def test_a_client_that_leaves_ends_its_query_and_no_other() -> None:
    async def run() -> None:
        pool, (one, other) = pool_of(2)
        first, second = asked(pool, "a", "b")
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        assert cast("Process", one.process).killed
        assert not one.is_free
        ended(one, -9)
        answer(other, b"b")
        assert await second == b"b"

    asyncio.run(run())


def test_a_worker_that_cannot_be_started_is_tried_again_and_not_forever() -> None:
    async def run() -> None:
        pool, (one,) = pool_of(1)
        for _ in range(5):
            pool.lost(one)
            broken = made(pool)
            pool._starting.add(broken)
            pool.lost(broken)
        asked_before = cast("NoSpawner", pool.spawner).asked
        await asyncio.sleep(0.05)
        assert pool._failures == 5
        assert cast("NoSpawner", pool.spawner).asked - asked_before <= 2

    asyncio.run(run())


def test_a_worker_that_nobody_asks_ends_and_the_next_query_starts_another() -> None:
    async def run() -> None:
        pool, (only,) = pool_of(1, idle_after=0.02)
        task = asked(pool, "a")[0]
        await asyncio.sleep(0.01)
        answer(only, b"a")
        assert await task == b"a"
        await asyncio.sleep(0.015)
        assert only.is_free, "it was asked since it became ready"
        await asyncio.sleep(0.02)
        assert not only.is_free
        ended(only, -9)
        spawner = cast("NoSpawner", pool.spawner)
        await asyncio.sleep(0.01)
        assert (pool.workers, spawner.asked) == (0, 0)
        waiting = asked(pool, "b")[0]
        await asyncio.sleep(0)
        assert (pool.waiting, pool.workers) == (1, 1)
        waiting.cancel()

    asyncio.run(run())
