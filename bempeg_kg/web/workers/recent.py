"""A memory that forgets the oldest."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

SIZE = 1024
"""How many texts are remembered."""


class Recent:
    """Texts by their digests, each with a time.

    >>> seen = Recent()
    >>> seen.note("ASK {}", 7.0)
    >>> "ASK {}" in seen, seen.take("ASK {}"), seen.take("ASK {}")
    (True, 7.0, 0.0)
    """

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, float] = OrderedDict()

    def note(self, text: str, when: float = 0.0) -> None:
        """Remember a text."""
        self._times[_digest(text)] = when
        if len(self._times) > SIZE:
            self._times.popitem(last=False)

    def take(self, text: str) -> float:
        """Forget a text; its time, 0 when it was not there."""
        return self._times.pop(_digest(text), 0.0) if self._times else 0.0

    def __contains__(self, text: str) -> bool:
        return bool(self._times) and _digest(text) in self._times


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
