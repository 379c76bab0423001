"""A memory that forgets the oldest."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

SIZE = 1024
"""How many texts are remembered."""


class Recent:
    """Texts by their digests.

    >>> seen = Recent()
    >>> seen.note("ASK {}")
    >>> "ASK {}" in seen
    True
    >>> seen.forget("ASK {}")
    >>> "ASK {}" in seen
    False
    """

    def __init__(self) -> None:
        self._digests: OrderedDict[bytes, None] = OrderedDict()

    def note(self, text: str) -> None:
        """Remember a text."""
        self._digests[_digest(text)] = None
        if len(self._digests) > SIZE:
            self._digests.popitem(last=False)

    def forget(self, text: str) -> None:
        """Forget a text, if it is remembered."""
        if self._digests:
            self._digests.pop(_digest(text), None)

    def __contains__(self, text: str) -> bool:
        return bool(self._digests) and _digest(text) in self._digests


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
