"""RDF terms as N-Triples text, made so that no text in a record can end its term early.

The importer writes text, not objects: a registry is millions of statements, and a term that is already in its
final form costs one string. Every literal goes through `text`, every IRI is made of slugs.

>>> text('5" or <urn:x>\\n')
'"5\\\\" or <urn:x>\\\\n"'
>>> slug("Progression-Free Survival (PFS)")
'progression-free-survival-pfs'
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b

from bempeg_kg.rdf.names import STANDARDS, VOCAB

_XSD = STANDARDS["xsd"]
INTEGER = f"^^<{_XSD}integer>"
_DECIMAL = f"^^<{_XSD}decimal>"
TRUE = f'"true"^^<{_XSD}boolean>'
FALSE = f'"false"^^<{_XSD}boolean>'

# Characters that XML 1.0, and so xsd:string, cannot hold become the replacement character.
_ESCAPES = dict.fromkeys((*range(32), 65534, 65535), "�") | {
    0x09: "\\t", 0x0D: "\\r", 0x7F: "\\u007F",
}  # fmt: skip
# Marks that turn the direction of what follows on a page, a neighbouring number too, are left out.
_ESCAPES |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "")
_NEEDS_ESCAPE = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]").search

# A zero before further digits is no plain number: "0141" may have lost its point.
_NUMBER = re.compile(r"[+-]?(?:(?:[1-9]\d*|0)(?:\.\d*)?(?:[eE][+-]?\d{1,2})?|\.\d+)", re.ASCII).fullmatch
_COUNT = re.compile(r"\d+|[1-9]\d{0,2}(?:,\d{3})+", re.ASCII).fullmatch
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII).fullmatch
_DATE_TYPES = (f"^^<{_XSD}gYear>", f"^^<{_XSD}gYearMonth>", f"^^<{_XSD}date>")
_LONGEST_NUMBER = 30
#: Digits before and behind the point that engines compute with.
_DIGITS, _PLACES = 20, 18
#: Separators that a slug may swallow without two different texts becoming one.
_SEPARATORS = re.compile(r"[\s(),/:;'\"\[\]_-]+")
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*").fullmatch
_SIGNED = re.compile(r"(?:^|[\s(/])-\d|\w-(?![\s-]*\w)|\w-\s").search
# A hyphen is a sign before a number and after a word (HER2-); between words and digits it only joins.
_WORDS = re.compile(
    r"\d+(?:[.,:/-]\d+)*(?:[^\W\d_]+\d*)*|[^\W_]+|[<>]=?|[=+]"
    r"|(?<![^\W_])-(?=\.?\d)|(?<=[^\W_])-(?![^\W_])|(?<=\()-(?=\))|[\u2190-\u2193]"
).findall
_SIGNS = str.maketrans({"\u2264": "<=", "\u2265": ">=", **dict.fromkeys("\u2212\u2010\u2011\u2013", "-")})
_CACHE = 1 << 15


def text(value: str) -> str:
    """A plain literal. Raises AttributeError for anything but a string.

    >>> text("Drug \u202eA\u202c")
    '"Drug A"'
    """
    if not value.isprintable() or '"' in value or "\\" in value:
        # Long texts hold line breaks and quotes and nothing else; replacing is faster than translating.
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
        if _NEEDS_ESCAPE(value):
            value = value.translate(_ESCAPES)
    return f'"{value}"'


def integer(value: int) -> str:
    """An xsd:integer literal. Raises TypeError for a bool, a float or a string."""
    if value.__class__ is not int:
        raise TypeError("not an integer")
    return f'"{value}"{INTEGER}'


def whole(value: str | int | None) -> int | None:
    """A count as the registry writes it (`"38"` or `38`), else None.

    >>> whole("1,204"), whole("NA"), whole(7), whole(-7)
    (1204, None, 7, None)
    """
    if value is None or isinstance(value, int):
        # True is an int to Python, and no count.
        is_count = value is not None and not isinstance(value, bool) and 0 <= value < 10**15
        return value if is_count else None
    bare = value.strip()
    return int(bare.replace(",", "")) if _COUNT(bare) and len(bare) <= 15 else None


def number(printed: str) -> str | None:
    """The lexical form of an xsd:decimal for a number printed without commas, else None.

    >>> number("36.0"), number(".0076"), number("-0141"), number("<0.001"), number("2E-3")
    ('36.0', '0.0076', None, None, '0.002')
    >>> number("1E+30"), number("4e-25")
    (None, None)
    """
    if not _NUMBER(printed) or len(printed) > _LONGEST_NUMBER:
        return None
    bare = printed.removeprefix("+")
    if bare.lstrip("-").startswith("."):
        bare = bare.replace(".", "0.", 1)
    if "e" in bare or "E" in bare:
        from decimal import Decimal

        bare = format(Decimal(bare), "f")
    digits, _, places = bare.lstrip("-").partition(".")
    return bare if len(digits) <= _DIGITS and len(places) <= _PLACES else None


def decimal(lexical: str) -> str:
    """An xsd:decimal literal for what `number` gave."""
    return f'"{lexical}"{_DECIMAL}'


def date(printed: str | None) -> str | None:
    """A date literal of its own precision, None if it is no date.

    >>> date("2013-01")
    '"2013-01"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    >>> date("2013-13") is None
    True
    """
    match = _DATE(printed[:10]) if isinstance(printed, str) else None
    if match is None:
        return None
    year, month, day = match.groups()
    if (month and not 1 <= int(month) <= 12) or (day and not _in_month(int(year), int(month), int(day))):
        return None
    return f'"{match[0]}"{_DATE_TYPES[bool(month) + bool(day)]}'


def _in_month(year: int, month: int, day: int) -> bool:
    from calendar import monthrange

    return year > 0 and 1 <= day <= monthrange(year, month)[1]


def digest(*parts: str) -> str:
    """Ten hexadecimal digits that depend on every part and on nothing else."""
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=5).hexdigest()


@lru_cache(_CACHE)
def slug(label: str, longest: int = 60) -> str:
    """A readable name for an IRI. A hash is added where letters were lost, so that `>= 2` and `< 2` stay two.

    >>> slug("Response: >= 4-fold"), slug("Response: < 4-fold")
    ('response-4-fold-d969ef6e89', 'response-4-fold-79e166297c')
    """
    lower = label.lower()
    bare = _SEPARATORS.sub("-", lower).strip("-")
    if len(bare) <= longest and _PLAIN(bare) and not _SIGNED(lower):
        return bare
    short = re.sub(r"[^a-z0-9]+", "-", lower)[:longest].strip("-")
    mark = digest(" ".join(lower.split()))
    return f"{short}-{mark}" if short else mark


@lru_cache(_CACHE)
def normal(label: str) -> str:
    """A label for comparison: lower case, words, numbers and the signs that tell groups apart.

    >>> normal("  Progression-free  survival "), normal("PD-L1 \u22651%"), normal("0.5 mg - low")
    ('progression free survival', 'pd l1 >= 1', '0.5 mg low')
    >>> normal("HER2+") == normal("HER2 +"), normal("HER2-") == normal("HER2")
    (True, False)
    >>> normal("PD-L1 (-)"), normal("Dose \u2191"), normal("10\u201320 mg")
    ('pd l1 -', 'dose \u2191', '10-20 mg')
    """
    return " ".join(_WORDS(label.lower().translate(_SIGNS)))


@cache
def kg(name: str) -> str:
    """A term of the vocabulary as an IRI in angle brackets."""
    return f"<{VOCAB}{name}>"
