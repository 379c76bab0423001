"""Labels of mechanism steps in plain words: relations as a reader says them, negated ones as negations."""

from __future__ import annotations

import re

#: A relation as its ontology names it -> in plain words, and negated.
_PLAIN = {
    "acts upstream of, positive effect": ("promotes", "does not promote"),
    "acts upstream of, negative effect": ("holds back", "does not hold back"),
    "causally upstream of, positive effect": ("promotes", "does not promote"),
    "indirectly positively regulates activity of": ("indirectly activates", "does not indirectly activate"),
    "indirectly negatively regulates activity of": ("indirectly inhibits", "does not indirectly inhibit"),
    "indirectly positively regulates quantity of": ("indirectly increases", "does not indirectly increase"),
    "indirectly negatively regulates quantity of": ("indirectly reduces", "does not indirectly reduce"),
    "increases by expression quantity of": ("raises the expression of", "does not raise the expression of"),
    "decreases by expression quantity of": ("lowers the expression of", "does not lower the expression of"),
    "directly positively regulates activity of": ("activates", "does not activate"),
    "directly negatively regulates activity of": ("inhibits", "does not inhibit"),
    "capable of positively regulating": ("promotes", "does not promote"),
    "capable of negatively regulating": ("holds back", "does not hold back"),
    "capable of": ("is capable of", "is not capable of"),
    "positively regulates": ("promotes", "does not promote"),
    "negatively regulates": ("holds back", "does not hold back"),
    "molecularly interacts with": ("binds", "does not bind"),
    "is agonist of": ("is an agonist of", "is not an agonist of"),
    "is antagonist of": ("is an antagonist of", "is not an antagonist of"),
    "has high plasma membrane amount": ("has high surface levels of", "does not have high surface levels of"),
    "has plasma membrane part": ("carries", "does not carry"),
    "acts on population of": ("acts on", "does not act on"),
    "has part": ("contains", "does not contain"),
    "has output": ("yields", "does not yield"),
    "part of": ("is part of", "is not part of"),
    "subclass of": ("is a kind of", "is not a kind of"),
    "in clinical trials for": ("is in clinical trials for", "is not in clinical trials for"),
    "member of": ("is a member of", "is not a member of"),
    "involved in": ("is involved in", "is not involved in"),
    "located in": ("is located in", "is not located in"),
}

#: In front of a relation that has its plain words already.
_NOT_REPLACED = r"(?<!not an )(?<!an )(?<!not a )(?<!is a )(?<!is )(?<!is not )"


def plain(text: str) -> str:
    """A text with the relations in it in plain words.

    >>> plain("bempegaldesleukin does not: is agonist of IL-2 receptor")
    'bempegaldesleukin is not an agonist of IL-2 receptor'
    >>> plain("A acts upstream of, positive effect B")
    'A promotes B'
    """
    for relation, (replacement, negated) in _PLAIN.items():
        if relation not in text:
            continue
        text = re.sub(rf"\bdoes not: {re.escape(relation)}\b", negated, text)
        text = re.sub(rf"{_NOT_REPLACED}\b{re.escape(relation)}(?!\w)", replacement, text)
    return text
