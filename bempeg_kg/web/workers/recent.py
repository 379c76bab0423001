"""A memory that forgets the oldest."""

from __future__ import annotations

from collections import OrderedDict


class Recent(OrderedDict[str, float]):
    """Texts, each with a time; beyond ``size`` the oldest goes.

    >>> seen = Recent(2)
    >>> for text in ("a", "b", "c"):
    ...     seen[text] = 0
    >>> list(seen)
    ['b', 'c']
    """

    def __init__(self, size: int = 1024) -> None:
        super().__init__()
        self.size = size

    def __setitem__(self, text: str, when: float) -> None:
        super().__setitem__(text, when)
        if len(self) > self.size:
            self.popitem(last=False)
