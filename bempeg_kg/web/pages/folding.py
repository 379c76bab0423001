"""Where a sentence is folded on a phone: its first parts stand open, the rest behind a word to press."""

from __future__ import annotations

import re

LETTERS = 47
"""Letters on a line of an answer at 390 px."""
TITLE_LETTERS = 34
"""Letters on a line of a title at 390 px."""
LINES = 8
"""Lines of an answer below a title of one line in the top 300 px of a page; each more takes one away."""
_ENDS = (r"(?<=[;.]) (?=\S)", r"(?<=,) (?=\S)")
"""Where a sentence may be folded: behind a clause, else behind a comma."""


def folded(sentence: str, title: str = "") -> tuple[str, str]:
    """A sentence in two parts, the second empty where all has room in the top of a phone's screen.

    >>> folded("One of two.")
    ('One of two.', '')
    >>> head, rest = folded("; ".join(f"trial {n} had a response of {n} %" for n in range(30)))
    >>> head.endswith("%;"), rest.startswith("trial"), len(head) < 330
    (True, True, True)
    """
    lines = LINES - len(title) // TITLE_LETTERS
    if len(sentence) <= lines * LETTERS - 12:
        return sentence, ""
    room = (lines - 1) * LETTERS  # the word to press has its own line
    for end in _ENDS:
        places = [match.start() for match in re.finditer(end, sentence) if match.start() <= room]
        if places and places[-1] >= room / 4:
            return sentence[: places[-1]], sentence[places[-1] + 1 :]
    return sentence, ""
