"""Outside identifiers in any usual spelling: a CURIE, a bare accession, or the address of a page.

>>> [str(one) for one in read_identifier("https://identifiers.org/uniprot:P14784")]
['uniprot:P14784']
>>> [str(one) for one in read_identifier("PMID 30988166")]
['pubmed:30988166']
>>> [str(one) for one in read_identifier("http://purl.obolibrary.org/obo/CL_0000625")]
['CL:0000625']
>>> page(Identifier("uniprot", "P14784"))
'https://www.uniprot.org/uniprotkb/P14784'
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.rdf.names import EXTERNAL, SYNONYMS

_UNIPROT = r"(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})"
_OBO = "http://purl.obolibrary.org/obo/{prefix}_{local}"

#: prefix -> (what the part behind the colon looks like, the page for people; {} stands for that part)
FORMS: dict[str, tuple[str, str]] = {
    "atc": (r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?", "https://atcddd.fhi.no/atc_ddd_index/?code={}"),
    "cas": (r"\d{1,7}-\d\d-\d", "https://commonchemistry.cas.org/detail?cas_rn={}"),
    "CHEBI": (r"\d+", _OBO),
    "chembl.compound": (r"CHEMBL\d+", "https://www.ebi.ac.uk/chembl/explore/compound/{}"),
    "chembl.target": (r"CHEMBL\d+", "https://www.ebi.ac.uk/chembl/explore/target/{}"),
    "CL": (r"\d{7}", _OBO),
    "clinicaltrials": (r"NCT\d{8}", "https://clinicaltrials.gov/study/{}"),
    "complexportal": (r"CPX-\d+", "https://www.ebi.ac.uk/complexportal/complex/{}"),
    "CTO": (r"\d{7}", _OBO),
    "doi": (r"10\.\d{2,9}/\S+", "https://doi.org/{}"),
    "DOID": (r"\d+", _OBO),
    "drugbank": (r"DB\d{5}", "https://go.drugbank.com/drugs/{}"),
    "drugcentral": (r"\d+", "https://drugcentral.org/drugcard/{}"),
    "ECO": (r"\d{7}", _OBO),
    "EFO": (r"\d{7}", "http://www.ebi.ac.uk/efo/EFO_{}"),
    "euclinicaltrials": (
        r"\d{4}-\d{6}-\d\d",
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query={}",
    ),
    "fplx": (r"[A-Za-z0-9][A-Za-z0-9_]+", "https://sorgerlab.github.io/famplex/{}"),
    "GO": (r"\d{7}", _OBO),
    "hgnc": (r"\d{1,5}", "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:{}"),
    "HP": (r"\d{7}", _OBO),
    "IAO": (r"\d{7}", _OBO),
    "kegg.drug": (r"D\d{5}", "https://www.kegg.jp/entry/{}"),
    "mesh": (r"[CDQ]\d+", "https://meshb.nlm.nih.gov/record/ui?ui={}"),
    "MONDO": (r"\d{7}", _OBO),
    "NCBIGene": (r"\d+", "https://www.ncbi.nlm.nih.gov/gene/{}"),
    "NCIT": (r"C\d+", _OBO),
    "OAE": (r"\d{7}", _OBO),
    "OBI": (r"\d{7}", _OBO),
    "pmc": (r"PMC\d+", "https://pmc.ncbi.nlm.nih.gov/articles/{}"),
    "PR": (rf"(?:\d{{9}}|{_UNIPROT}(?:-\d+)?)", _OBO),
    "pubmed": (r"\d{1,9}", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "qudt.unit": (r"[A-Za-z0-9_-]+", "http://qudt.org/vocab/unit/{}"),
    "reactome": (r"R-[A-Z]{3}-\d+", "https://reactome.org/content/detail/{}"),
    "RO": (r"\d{7}", _OBO),
    "ror": (r"0[a-z0-9]{6}\d\d", "https://ror.org/{}"),
    "rxnorm": (r"\d{1,7}", "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm={}"),
    "sec.cik": (r"\d{1,10}", "https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={}"),
    "SEPIO": (r"\d{7}", _OBO),
    "SIO": (r"\d{6}", "http://semanticscience.org/resource/SIO_{}"),
    "STATO": (r"\d{7}", _OBO),
    "NCBITaxon": (r"\d+", _OBO),
    "UBERON": (r"\d{7}", _OBO),
    "umls": (r"C\d{7}", "https://uts.nlm.nih.gov/uts/umls/concept/{}"),
    "unii": (r"[A-Z0-9]{10}", "https://precision.fda.gov/uniisearch/srs/unii/{}"),
    "uniprot": (_UNIPROT, "https://www.uniprot.org/uniprotkb/{}"),
    "UO": (r"\d{7}", _OBO),
    "wikidata": (r"[QP]\d+", "https://www.wikidata.org/wiki/{}"),
    "wikipathways": (r"WP\d+", "https://www.wikipathways.org/pathways/{}"),
}

#: Spellings of a prefix beside those of `bempeg_kg.rdf.names`, in lower case.
_SPELLINGS = {
    "cas": "casrn",
    "chembl.compound": "chembl",
    "clinicaltrials": "ctgov clinicaltrials.gov",
    "DOID": "do",
    "drugcentral": "drug_central",
    "euclinicaltrials": "eudract euctr",
    "fplx": "famplex",
    "HP": "hpo",
    "kegg.drug": "kegg",
    "mesh": "msh",
    "NCBIGene": "gene geneid ncbi.gene",
    "NCIT": "nci ncithesaurus",
    "pmc": "pmcid",
    "PR": "pro",
    "pubmed": "medline",
    "qudt.unit": "qudt",
    "rxnorm": "rxcui",
    "sec.cik": "cik",
    "umls": "cui umls_cui",
    "uniprot": "swissprot",
}

_PREFIXES = {
    **{prefix.lower(): prefix for prefix in FORMS},
    **SYNONYMS,
    **{spelling: prefix for prefix, spellings in _SPELLINGS.items() for spelling in spellings.split()},
}

#: Addresses of pages and records, without scheme and www.; the group is the identifier.
_PAGES: list[tuple[str, str]] = [
    (r"(?:purl\.uniprot\.org/uniprot|(?:rest\.)?uniprot\.org/uniprot(?:kb)?)/([^/?#.]+)", "uniprot"),
    (r"(?:dx\.)?doi\.org/(10\..+)", "doi"),
    (r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d+)", "pubmed"),
    (r"(?:ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov)/articles/(PMC\d+)", "pmc"),
    (r"europepmc\.org/(?:abstract|article)/MED/(\d+)", "pubmed"),
    (r"europepmc\.org/article/PMC/(PMC\d+)", "pmc"),
    (r"(?:classic\.)?clinicaltrials\.gov/.*?(NCT\d{8})", "clinicaltrials"),
    (r"clinicaltrialsregister\.eu/.*?(\d{4}-\d{6}-\d\d)", "euclinicaltrials"),
    (r"(?:id\.nlm\.nih\.gov/mesh/|meshb\.nlm\.nih\.gov/record/ui\?ui=)([CDQ]\d+)", "mesh"),
    (r"wikidata\.org/(?:wiki|entity)/([QP]\d+)", "wikidata"),
    (r"reactome\.org/.*?(R-[A-Z]{3}-\d+)", "reactome"),
    (r"wikipathways\.org/(?:index\.php/Pathway:|instance/|pathways/)(WP\d+)", "wikipathways"),
    (r"(?:go\.)?drugbank\.(?:com|ca)/drugs/(DB\d{5})", "drugbank"),
    (r"drugcentral\.org/drugcard/(\d+)", "drugcentral"),
    (r"(?:rdf\.ebi\.ac\.uk/resource/chembl/molecule/|ebi\.ac\.uk/chembl/\S*?compound\S*?/)(CHEMBL\d+)",
     "chembl.compound"),
    (r"(?:rdf\.ebi\.ac\.uk/resource/chembl/target/|ebi\.ac\.uk/chembl/\S*?target\S*?/)(CHEMBL\d+)",
     "chembl.target"),
    (r"ebi\.ac\.uk/chebi/\S*?CHEBI(?::|%3A)(\d+)", "CHEBI"),
    (r"ebi\.ac\.uk/efo/EFO_(\d{7})", "EFO"),
    (r"ebi\.ac\.uk/complexportal/complex/(CPX-\d+)", "complexportal"),
    (r"ncbi\.nlm\.nih\.gov/gene/(\d+)", "NCBIGene"),
    (r"genenames\.org/\S*?HGNC(?::|%3A)(\d+)", "hgnc"),
    (r"kegg\.jp/(?:entry/|dbget-bin/www_bget\?dr:)(D\d{5})", "kegg.drug"),
    (r"(?:ncit\.nci\.nih\.gov|evsexplore\.semantics\.cancer\.gov)/\S*?(C\d+)$", "NCIT"),
    (r"commonchemistry\.cas\.org/detail\?cas_rn=([\d-]+)", "cas"),
    (r"precision\.fda\.gov/uniisearch/srs/unii/([A-Z0-9]{10})", "unii"),
    (r"(?:whocc\.no|atcddd\.fhi\.no)/atc_ddd_index/\?code=([A-Z0-9]+)", "atc"),
    (r"purl\.bioontology\.org/ontology/RXNORM/(\d+)", "rxnorm"),
    (r"mor\.nlm\.nih\.gov/RxNav/\S*?searchTerm=(\d+)", "rxnorm"),
    (r"uts\.nlm\.nih\.gov/uts/umls/concept/(C\d{7})", "umls"),
    (r"sec\.gov/cgi-bin/browse-edgar\?\S*?CIK=(\d+)", "sec.cik"),
    (r"ror\.org/(0[a-z0-9]{8})", "ror"),
    (r"sorgerlab\.github\.io/famplex/(\w+)", "fplx"),
    (r"qudt\.org/vocab/unit/([\w-]+)", "qudt.unit"),
    (r"semanticscience\.org/resource/SIO_(\d{6})", "SIO"),
]  # fmt: skip

#: Accessions that say by themselves what they are.
_BARE: list[tuple[str, str]] = [
    (r"NCT\d{8}", "clinicaltrials"),
    (r"10\.\d{2,9}/\S+", "doi"),
    (r"PMC\d+", "pmc"),
    (r"\d{4}-\d{6}-\d\d", "euclinicaltrials"),
    (r"R-[A-Z]{3}-\d+", "reactome"),
    (r"CPX-\d+", "complexportal"),
    (r"DB\d{5}", "drugbank"),
    (r"WP\d+", "wikipathways"),
]

#: Resolvers that take a CURIE, or a prefix and an identifier, behind the host.
_RESOLVERS = r"(?i)(?:identifiers\.org|n2t\.net|bioregistry\.io|info\.identifiers\.org)/(?:registry/)?(.+)"
_OBO_PURL = r"(?i)purl\.obolibrary\.org/obo/([A-Za-z]+)_(\w+)"
_OBO_INSIDE = r"(?i)purl\.obolibrary\.org(?:/|%(?:25)?2F)obo(?:/|%(?:25)?2F)([A-Za-z]+)_(\w+)"


class Identifier(NamedTuple):
    """An outside identifier: its prefix as declared, and what follows the colon."""

    prefix: str
    local: str

    def __str__(self) -> str:
        return f"{self.prefix}:{self.local}"

    @property
    def key(self) -> str:
        """For comparison: the case of DOIs and of most accessions says nothing."""
        return str(self) if self.prefix in ("fplx", "qudt.unit") else str(self).lower()


def read_identifier(text: str) -> list[Identifier]:
    """What a text can mean as an outside identifier: usually one, none if nothing fits, several if open.

    Raises UnknownName for a CURIE whose prefix is not known, UsageError for one whose prefix is known and
    whose other part cannot be right.
    """
    plain = text.strip().strip("<>").strip()
    if not plain:
        return []
    if re.match(r"(?:https?:)?//|www\.|(?:identifiers|bioregistry|n2t)\.", plain, re.IGNORECASE):
        return _from_address(plain)
    identifiers = _from_bare(plain) or _from_curie(plain)
    prefix, colon, _ = plain.partition(":")
    if identifiers or not colon or " " in plain:
        return identifiers
    known = _PREFIXES.get(prefix.lower())
    if known is None:
        cure = "Write it as the Bioregistry does, as in CL:0000625."
        raise UnknownName("prefix", prefix, _PREFIXES, cure=cure)
    raise UsageError(
        f"'{plain}' is not an identifier of {known}",
        cure=f"What follows the colon should match {FORMS[known][0]}.",
    )


def page(identifier: Identifier) -> str:
    """The address of the page for people. Raises UnknownName for a prefix that is not known."""
    if identifier.prefix not in FORMS:
        raise UnknownName("prefix", identifier.prefix, FORMS)
    form = FORMS[identifier.prefix][1]
    return form.format(identifier.local, prefix=identifier.prefix, local=identifier.local)


def page_of_iri(iri: str) -> str:
    """The page for people of an IRI as it stands in the graph; the IRI itself if no better one is known."""
    for prefix, namespace in EXTERNAL.items():
        if iri.startswith(namespace) and prefix in FORMS:
            return page(Identifier(prefix, iri[len(namespace) :]))
    return iri


def _identifier(prefix: str, local: str) -> list[Identifier]:
    """The identifier, if what follows the prefix looks right; a repeated prefix counts once."""
    known = _PREFIXES.get(prefix.strip().lower())
    if known is None:
        return []
    local = re.sub(rf"^{re.escape(prefix.strip())}[:_ ]", "", local.strip(), flags=re.IGNORECASE)
    local = re.sub(rf"^{re.escape(known)}[:_ ]", "", local, flags=re.IGNORECASE)
    if known == "pmc" and local.isdigit():
        local = f"PMC{local}"
    if known == "doi":
        local = local.rstrip(".,;)")
    for candidate in (local, local.upper()):
        if re.fullmatch(FORMS[known][0], candidate):
            return [Identifier(known, candidate)]
    if known == "uniprot" and (versioned := re.fullmatch(rf"({_UNIPROT})(?:-\d+|\.\d+)", local.upper())):
        return [Identifier(known, versioned[1])]
    if known == "chembl.compound" and prefix.lower() == "chembl" and local.isdigit():
        return _chembl(f"CHEMBL{local}")
    return []


def _chembl(accession: str) -> list[Identifier]:
    """ChEMBL numbers compounds and targets in one series, so a bare number leaves open which is meant."""
    return [Identifier("chembl.compound", accession), Identifier("chembl.target", accession)]


def _from_bare(plain: str) -> list[Identifier]:
    if re.fullmatch(r"CHEMBL\d+", plain, re.IGNORECASE):
        return _chembl(plain.upper())
    for form, prefix in _BARE:
        if re.fullmatch(form, plain, re.IGNORECASE):
            return _identifier(prefix, plain)
    return []


def _from_curie(plain: str) -> list[Identifier]:
    if plain.lower().startswith("obo:"):
        plain = plain[4:]
    for mark in (":", "_", "/", " "):
        prefix, separator, local = plain.partition(mark)
        identifiers = _identifier(prefix, local.lstrip(" :")) if separator else []
        if identifiers:
            return _chembl(identifiers[0].local) if prefix.lower() == "chembl" else identifiers
    glued = re.fullmatch(r"(PMID|HGNC|GENEID)(\d+)", plain, re.IGNORECASE)
    return _identifier(glued[1], glued[2]) if glued else []


def _from_address(plain: str) -> list[Identifier]:
    from urllib.parse import unquote

    bare = re.sub(r"^(?:https?:)?(?://)?(?:www\.)?", "", plain, flags=re.IGNORECASE)
    if match := re.match(_OBO_PURL, bare):
        return _identifier(match[1], match[2])
    if match := re.match(_RESOLVERS, bare):
        rest = unquote(match[1]).strip("/")
        prefix, slash, local = rest.partition("/")
        if slash and ":" not in prefix:
            return _identifier(prefix, local)
        return _from_curie(rest)
    for form, prefix in _PAGES:
        if match := re.match(form, bare, re.IGNORECASE):
            return _identifier(prefix, unquote(match[1]).rstrip("/"))
    inside = re.search(_OBO_INSIDE, bare)
    return _identifier(inside[1], inside[2]) if inside else []
