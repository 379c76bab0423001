"""Cached answers: the content of a running server never changes, so they stay valid."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    """What can be kept: something with a body, which is most of its size."""

    body: bytes


T = TypeVar("T", bound=Kept)


@dataclass(slots=True)
class Stored:
    """A cached answer, and its gzip form once somebody asked for it."""

    media_type: str
    body: bytes
    packed: bytes = b""


class Cache(Generic[T]):
    """Whole answers by their key, the least recently used going first."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self._entries: OrderedDict[bytes, T] = OrderedDict()

    def get(self, key: bytes) -> T | None:
        """The answer under a key, marked as most recently used; None if there is none."""
        answer = self._entries.get(key)
        if answer is not None:
            self._entries.move_to_end(key)
        return answer

    def put(self, key: bytes, stored: T) -> None:
        """Keep an answer unless it is a large part of the budget. Twice its body, for the gzip form and the
        query.
        """
        cost = self._cost(key, stored)
        if cost * 8 > self.budget or key in self._entries:
            return
        self._entries[key] = stored
        self.size += cost
        while self.size > self.budget:
            old_key, old = self._entries.popitem(last=False)
            self.size -= self._cost(old_key, old)

    @staticmethod
    def _cost(key: bytes, stored: T) -> int:
        return 2 * len(stored.body) + len(key) + 512
