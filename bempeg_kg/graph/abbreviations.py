"""Short forms of the field written out, and misspelt words read as the nearest known one."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

#: Pattern (whole words, any case) -> what it stands for.
_SHORT = {
    r"1l": "first line",
    r"2l": "second line",
    r"bicr": "blinded independent central review",
    r"ph(?:ase)?[ -]?(?:iii|3)[ab]?": "phase 3",
    r"ph(?:ase)?[ -]?(?:ii|2)[ab]?": "phase 2",
    r"ph(?:ase)?[ -]?(?:i|1)[ab]?": "phase 1",
    r"vs?": "versus",
    r"pts?": "patients",
    r"subjects": "patients",
    r"(?:tr|te|ir)?aes? (?:of )?(?:gr(?:ade)?|g) ?(?=\d)": "adverse events grade ",
    r"traes?": "treatment-related adverse events",
    r"teaes?": "adverse events",
    r"iraes?": "immune-mediated adverse events",
    r"saes?": "serious adverse events",
    r"aes?": "adverse events",
    r"gr?(?=[345]\b)": "grade ",
    r"gr": "grade",
    r"dlts?": "dose-limiting toxicity",
    r"rp2d": "recommended phase 2 dose",
    r"mtd": "maximum tolerated dose",
    r"btd": "breakthrough therapy designation",
    r"moa": "mechanism of action",
    r"mos(?! ?\d)": "median overall survival",
    r"mpfs": "median progression-free survival",
    r"m?dor": "duration of response",
    r"bor": "best overall response",
    r"stat(?:istically|s)? sig(?:nificant|nificance)?": "statistically significant",
    r"q([2346])w": r"every \1 weeks",
    r"mono": "monotherapy",
    r"combos": "combinations",
    r"chemo": "chemotherapy",
    r"rad onc|rt": "radiation",
    r"ici|cpi": "checkpoint inhibitor",
    r"ctgov|ct\.gov": "ClinicalTrials.gov",
    r"pk": "pharmacokinetics",
    r"pd(?!-| ?l?1)": "pharmacodynamics",
    r"hrqo?l|qol|patient[ -]reported outcomes?": "quality of life",
    r"itt": "intention to treat",
    r"can[\'\u2019]t": "cannot",
    r"ipi": "ipilimumab",
    r"rela": "relatlimab",
    r"mel": "melanoma",
    r"txs?|tx": "treatment",
    r"mech": "mechanism",
    r"ma": "meta-analysis",
    r"sof": "certainty of evidence",
    r"rob": "risk of bias",
    r"rcts?": "randomised trials",
    r"n(?:o|r)\.": "number",
    r"approx\.?": "about",
    r"la(?:y|id)(?:ing)? off": "layoffs",
    r"(?:6|six)[- ]?mw[dt]": "6 minute walk",
}
_PATTERN = "(?i)" + "|".join(
    rf"(?P<s{place}>(?<![\w-])(?:{short})(?!\w))" for place, short in enumerate(_SHORT)
)
_FULL = list(_SHORT.values())
MONTHS = "january february march april may june july august september october november december".split()
_DAY = r"\d{1,2}"
_MONTH = "|".join(["sept", *(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS)])
_DATE = (
    rf"(?i)\b(?:(?P<before>{_DAY})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{_MONTH})"
    rf"\.? (?:(?P<after>{_DAY})(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d\d)\b"
)
#: Numbers in words, before minutes: so records write the walk of six minutes.
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_TIMED = re.compile(rf"(?i)\b({'|'.join(_NUMBERS)})(?=[ -]minutes?\b)")
#: Signs that read as words.
_SIGNS = (
    ("%", " percent "),
    (">=", " at least "),
    ("\N{GREATER-THAN OR EQUAL TO}", " at least "),
    ("<=", " at most "),
)
#: Letters that a word has to have before it is read as another, and before it is read as one with a letter
#: more, or with two letters swapped, of those that questions are worded in.
_LEAST, _LEAST_PLAIN = 6, 4


def written_out(text: str) -> str:
    """A sentence with its short forms written out.

    >>> written_out("mPFS of 1L pts, Phase III")
    'median progression-free survival of first line patients, phase 3'
    """
    for sign, word in _SIGNS:
        text = text.replace(sign, word)

    def full(match: re.Match[str]) -> str:
        """What the abbreviation stands for, with its number."""
        place = int(str(match.lastgroup)[1:]) if match.lastgroup else 0
        return re.sub(r"\\1", "".join(re.findall(r"\d", match[0])), _FULL[place])

    text = _TIMED.sub(lambda match: str(_NUMBERS.index(match[0].lower()) + 1), text)
    return re.sub(_PATTERN, full, _with_dates(text))


def _with_dates(text: str) -> str:
    """A text with its written dates as ISO dates, and months written out before a year.

    >>> _with_dates("14 April 2022, March 14th, 2022, Sept 2022")
    '2022-04-14, 2022-03-14, september 2022'
    """

    def date(match: re.Match[str]) -> str:
        """The date in ISO form, or month and year where no day is given."""
        name = match["month"].lower()
        number = next(at for at, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))
        day = match["before"] or match["after"]
        return (
            f"{match['year']}-{number:02}-{int(day):02}" if day else f"{MONTHS[number - 1]} {match['year']}"
        )

    return re.sub(_DATE, date, text)


def nearest(word: str, known: Collection[str]) -> str:
    """The only known word one letter away (another, one more, one fewer, two swapped); empty without one.

    The first letter has to agree, and names of up to five letters stay what they are.

    >>> nearest("hypotenson", {"hypotension", "hypertension"})
    'hypotension'
    """
    if len(word) < _LEAST or any(char.isdigit() for char in word):
        return ""
    alike = [one for one in known if one[:1] == word[:1] and abs(len(one) - len(word)) <= 1]
    near = [one for one in alike if len(one) >= _LEAST and _is_near(word, one)]
    return near[0] if len(near) == 1 else ""


def nearest_plain(word: str, known: Collection[str]) -> str:
    """The only known word with one letter more, or two letters swapped; empty without one.

    For words of four or five letters: with another letter in place, too many are near.

    >>> nearest_plain("hazrd", {"hazard", "hazy"}), nearest_plain("wich", {"which", "wish"})
    ('hazard', 'which')
    """
    if not (_LEAST_PLAIN <= len(word) < _LEAST and word.isalpha()):
        return ""
    alike = [one for one in known if one[:1] == word[:1] and abs(len(one) - len(word)) <= 1]
    # "loss" is no "loses", which has an ending more
    alike = [one for one in alike if len(one) >= len(word) and not one.endswith("s")]
    near = [one for one in alike if _is_moved(word, one)]
    return near[0] if len(near) == 1 else ""


def _is_moved(first: str, second: str) -> bool:
    """Whether one letter put in, or two swapped, makes the second word of the first."""
    return (len(first) != len(second) or sorted(first) == sorted(second)) and _is_near(first, second)


def _is_near(first: str, second: str) -> bool:
    """Whether one edit makes one word of the other."""
    start = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), -1)
    if start < 0:
        return len(first) != len(second)
    one, other = first[start:], second[start:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or (
        one[:2] == other[1::-1] and one[2:] == other[2:]
    )  # fmt: skip
