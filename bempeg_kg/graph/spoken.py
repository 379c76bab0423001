"""Common names of diseases, adverse events, cells and subunits whose labels differ."""

from __future__ import annotations

import re

#: Words of diseases and endpoints that mean the same in trade English.
SAME = (
    ("carcinoma", "cancer"),
    ("renal cell carcinoma", "kidney cancer"),
    ("renal cell carcinoma", "renal cancer"),
    ("renal cell carcinoma", "renal"),
    ("renal cell carcinoma", "kidney"),
    ("melanoma", "skin cancer"),
    ("urinary bladder", "bladder"),
    ("objective response rate", "response rate"),
    ("objective response rate", "response"),
    ("interleukin-2", "interleukin 2"),
    ("increase of tumour T-cell clonality", "T cell clonality"),
    ("increase of tumour T-cell clonality", "clonality"),
    ("change of target lesions from baseline", "depth of response"),
    ("change of target lesions from baseline", "target lesions shrink"),
    ("change of target lesions from baseline", "shrinkage of target lesions"),
    ("COVID-19", "covid"),
    ("COVID-19", "coronavirus"),
)
#: Lay words for adverse events, and the term in labels.
LAY = {
    "faint": "syncope",
    "fainted": "syncope",
    "fainting": "syncope",
    "low blood pressure": "hypotension",
    "stroke": "ischaemic cerebrovascular event",
    "pyrexia": "fever",
    "itching": "pruritus",
    "itch": "pruritus",
    "tiredness": "fatigue",
    "tired": "fatigue",
    "itchy": "pruritus",
    "shivering": "chills",
    "joint pain": "arthralgia",
    "high blood sugar": "hyperglycaemia",
    "feeling sick": "nausea",
    "high temperature": "fever",
    "influenza-like illness": "flu-like symptoms",
    "vascular leak syndrome": "capillary leak syndrome",
}
#: Words before "carcinoma" or "cancer" that name no organ.
_NO_ORGAN = frozenset(
    "non small cell clear squamous triple negative positive muscle invasive hr her2 metastatic urinary "
    "unresectable or advanced".split()
)
#: A dose behind the name of a drug.
_DOSE = re.compile(r"(?i)(?<=[ ,])\d[\d.,]{0,15} ?(?:(?:mg|mcg|\u00b5g|ug|g|ml|iu|u)\b|%)")
#: What of a drug's name is read for other names in it.
_LONGEST_NAME = 500
#: Words in brackets behind a drug that say how, when or to whom it is given, or of what make it is.
_NO_NAME = frozenset(
    "oral orally tablet tablets capsule capsules solution suspension injection injectable infusion "
    "intravenous intravenously iv subcutaneous subcutaneously sc intramuscular im intravitreal "
    "intranasal nasal inhaled inhalation topical transdermal sublingual powder cream gel spray patch "
    "drops formulation film coated extended immediate modified sustained release human humanized "
    "humanised recombinant murine bovine matching matched placebo comparator control active "
    "experimental standard of care blinded blind open label low medium mid high dose doses dosage fixed "
    "single multiple repeat daily weekly biweekly monthly once twice three times a an every per day "
    "days week weeks month months cycle morning evening night the in and or with without for by to as "
    "if needed mg mcg ug g ml iu kg m2 group arm part cohort period phase adult adults children "
    "pediatric paediatric generic brand drug study treatment regimen combination monotherapy alone "
    "loading maintenance induction booster vaccine first second third".split()
)
#: The everyday word for an organ beside the one in labels.
_ORGANS = {
    "renal": "kidney",
    "gastric": "stomach",
    "colorectal": "bowel",
    "lung": "pulmonary",
    # most of it is of the bladder, and trials of the one are read as trials of the other
    "urothelial": "bladder",
}


def tokens(text: str) -> list[str]:
    """Words and numbers of a text in lower case; a hyphen or slash parts words.

    >>> tokens("PD-L1 was 27.7%?")
    ['pd', 'l1', 'was', '27.7']
    >>> tokens("why didn't it work")
    ['why', 'did', 'not', 'it', 'work']
    """
    plain = re.sub(r"n[\u2019']t\b", " not", text.lower()).replace("'s ", " ")
    return re.findall(r"\d+(?:\.\d+)+|\d{4}-\d\d-\d\d|[^\W_]+", plain)


def organs(name: str) -> list[str]:
    """Common names of the cancers of an organ: lung, lung cancer, lung carcinoma."""
    before = re.split(r" carcinoma| cancer", name.lower())
    organ = " ".join(word for word in tokens(before[0]) if word not in _NO_ORGAN)
    if len(before) < 2 or not organ:
        return []
    both = [organ, _ORGANS.get(organ, "")]
    return [text for one in both if one for text in (one, f"{one} cancer", f"{one} carcinoma")]


def as_spoken(name: str) -> list[str]:
    """Other forms of the name of a T cell, of the subunit of a receptor, or of an adverse event.

    >>> as_spoken("interleukin-2 receptor subunit beta")[:2]
    ['interleukin-2 receptor beta chain', 'interleukin-2 receptor beta subunit']
    """
    if name.endswith("-positive, alpha-beta T cell"):
        marker = name.split("-", maxsplit=1)[0]
        others = {"CD4": ("helper T cell", "CD4 helper T cell"), "CD8": ("killer T cell", "cytotoxic T cell")}
        return [f"{marker} T cell", f"{marker} positive T cell", *others.get(marker, ())]
    if name.endswith(" increase"):
        value = name.removesuffix(" increase")
        return [
            f"{value} elevation",
            f"elevated {value}",
            f"raised {value}",
            f"increased {value}",
            f"high {value}",
        ]
    if name.endswith("sh"):
        return [f"{name}es"]
    if name.endswith(" syndrome"):
        return [name.removesuffix(" syndrome")]
    match = re.fullmatch(r"(.*receptor) subunit (\w+)", name)
    forms = []
    for whole in (match[1], match[1].replace("interleukin-2", "IL-2")) if match else ():
        parts = [f"{match[2]} {word}" for word in ("chain", "subunit")] if match else []
        forms += [f"{whole} {part}" for part in parts]
        forms += [f"{part} of {the}{whole}" for part in parts for the in ("", "the ")]
    return forms


def drug_names(name: str) -> list[str]:
    """The name of a drug without its dose, and the other names that a record has in brackets.

    >>> drug_names("atacicept 25 mg"), drug_names("riociguat (adempas, bay63-2521)")
    (['atacicept'], ['adempas', 'bay63-2521'])
    >>> drug_names("interleukin 12 gene therapy (oral, once daily)")
    []
    """
    name = name[:_LONGEST_NAME]
    inner = re.findall(r"\(([^()]+)\)", name)
    listed = [one.strip() for text in inner for one in re.split(r"[,;/]", text)]
    listed = [one for one in listed if not all(word in _NO_NAME or word[0].isdigit() for word in tokens(one))]
    dose = _DOSE.search(name)
    bare = [re.sub(r" *\([^()]*$", "", name[: dose.start()]).rstrip(" ,")] if dose else []
    return [one for one in (*bare, *listed) if re.fullmatch(r"(?=.*[a-z]).{4,}", one)]


def families(name: str) -> list[str]:
    """The family of a gene symbol, where its last letter distinguishes members."""
    symbol = re.fullmatch(r"([A-Z]{3,}\d|[a-z]{5,}) ?[A-Z]", name)
    return [symbol[1]] if symbol else []
