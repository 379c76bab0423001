"""Labels of mechanism steps in plain words: relations as a reader says them, negated ones as negations."""

from __future__ import annotations

import re

#: A relation as its ontology names it -> in plain words, and negated.
_PLAIN = {
    "acts upstream of, positive effect": ("promotes", "does not promote"),
    "acts upstream of, negative effect": ("holds back", "does not hold back"),
    "indirectly positively regulates activity of": ("indirectly activates", "does not indirectly activate"),
    "indirectly negatively regulates activity of": ("indirectly inhibits", "does not indirectly inhibit"),
    "directly positively regulates activity of": ("activates", "does not activate"),
    "directly negatively regulates activity of": ("inhibits", "does not inhibit"),
    "molecularly interacts with": ("binds", "does not bind"),
    "is agonist of": ("is an agonist of", "is not an agonist of"),
    "is antagonist of": ("is an antagonist of", "is not an antagonist of"),
    "has plasma membrane part": ("carries", "does not carry"),
    "has part": ("contains", "does not contain"),
}


def plain(text: str) -> str:
    """A text with the relations in it in plain words.

    >>> plain("bempegaldesleukin does not: is agonist of IL-2 receptor")
    'bempegaldesleukin is not an agonist of IL-2 receptor'
    >>> plain("A acts upstream of, positive effect B")
    'A promotes B'
    """
    for relation, (replacement, negated) in _PLAIN.items():
        text = re.sub(rf"\bdoes not: {re.escape(relation)}\b", negated, text)
        text = re.sub(rf"(?<!not an )(?<!an )\b{re.escape(relation)}(?!\w)", replacement, text)
    return text
