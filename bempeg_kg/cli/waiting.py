"""Waiting for an engine in a way that Ctrl-C can end."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Made = TypeVar("Made")


def interruptible(work: Callable[[], Made]) -> Made:
    """The result of work done in a thread, so that Ctrl-C ends the wait even while an engine computes."""
    # not `threading`, which takes longer to import than most questions to answer
    from _thread import allocate_lock, start_new_thread

    results: list[Made] = []
    failed: list[BaseException] = []
    running = allocate_lock()

    def run() -> None:
        """Do the work, and keep its answer or its error for the thread that waits."""
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  handed to the thread that waits, and raised there
            failed.append(error)
        finally:
            running.release()

    running.acquire()
    start_new_thread(run, ())
    running.acquire()
    if failed:
        raise failed[0]
    return results[0]
