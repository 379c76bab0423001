"""Names: the only place where a namespace or a base IRI is written.

Three families of prefixes:

* `KINDS`: one prefix a kind of entity of a programme, under the base of that programme
  (`trial:pivot-02` is `https://w3id.org/bempeg-kg/trial/pivot-02`);
* `STANDARDS`: vocabularies that the graph is written in;
* `EXTERNAL`: identifiers of the outside world, spelled as the Bioregistry prefers them.

>>> names = Names()
>>> names.expand("trial:pivot-02")
'https://w3id.org/bempeg-kg/trial/pivot-02'
>>> names.shorten("http://purl.obolibrary.org/obo/CL_0000625")
'CL:0000625'
>>> names.expand("uniprotkb:P14784")
'http://purl.uniprot.org/uniprot/P14784'
"""

from __future__ import annotations

from bempeg_kg.errors import UnknownName

#: Base IRI of the programme that ships with the package; another programme declares its own.
BASE = "https://w3id.org/bempeg-kg/"
#: Namespace of the vocabulary, the same for all programmes.
VOCAB = "https://w3id.org/bempeg-kg/ontology#"

#: Kinds of entities; each is a prefix, and a folder under the base.
KINDS = (
    "adverse-event", "arm", "assessment", "cell", "claim", "cohort", "compartment", "complex", "contrast",
    "design", "difference", "disease", "dispute", "drug", "endpoint", "equality", "event", "fact", "grade",
    "group", "intervention", "lineage", "mapping", "organisation", "pair", "pathway", "place", "process",
    "programme", "protein", "resolution", "result", "set", "source", "species", "statistic", "step",
    "trial", "trial-endpoint", "unit",
)  # fmt: skip

STANDARDS = {
    "kg": VOCAB,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "sh": "http://www.w3.org/ns/shacl#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "qudt": "http://qudt.org/schema/qudt/",
    "biolink": "https://w3id.org/biolink/vocab/",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "bioregistry": "https://bioregistry.io/registry/",
    "obo": "http://purl.obolibrary.org/obo/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
}

EXTERNAL = {
    "atc": "http://www.whocc.no/atc_ddd_index/?code=",
    "cas": "https://commonchemistry.cas.org/detail?cas_rn=",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "chembl.compound": "http://rdf.ebi.ac.uk/resource/chembl/molecule/",
    "chembl.target": "http://rdf.ebi.ac.uk/resource/chembl/target/",
    "CL": "http://purl.obolibrary.org/obo/CL_",
    "clinicaltrials": "https://clinicaltrials.gov/study/",
    "complexportal": "https://www.ebi.ac.uk/complexportal/complex/",
    "CTO": "http://purl.obolibrary.org/obo/CTO_",
    "doi": "https://doi.org/",
    "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "drugbank": "https://go.drugbank.com/drugs/",
    "drugcentral": "http://drugcentral.org/drugcard/",
    "ECO": "http://purl.obolibrary.org/obo/ECO_",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "fplx": "https://sorgerlab.github.io/famplex/",
    "GO": "http://purl.obolibrary.org/obo/GO_",
    "hgnc": "http://identifiers.org/hgnc/",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "IAO": "http://purl.obolibrary.org/obo/IAO_",
    "kegg.drug": "https://www.kegg.jp/entry/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "NCBIGene": "http://identifiers.org/ncbigene/",
    "NCBITaxon": "http://purl.obolibrary.org/obo/NCBITaxon_",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "OAE": "http://purl.obolibrary.org/obo/OAE_",
    "OBI": "http://purl.obolibrary.org/obo/OBI_",
    "PR": "http://purl.obolibrary.org/obo/PR_",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/",
    "reactome": "http://identifiers.org/reactome/",
    "RO": "http://purl.obolibrary.org/obo/RO_",
    "ror": "https://ror.org/",
    "rxnorm": "http://purl.bioontology.org/ontology/RXNORM/",
    "sec.cik": "https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=",
    "SEPIO": "http://purl.obolibrary.org/obo/SEPIO_",
    "SIO": "http://semanticscience.org/resource/SIO_",
    "STATO": "http://purl.obolibrary.org/obo/STATO_",
    "UBERON": "http://purl.obolibrary.org/obo/UBERON_",
    "umls": "https://uts.nlm.nih.gov/uts/umls/concept/",
    "unii": "https://precision.fda.gov/uniisearch/srs/unii/",
    "uniprot": "http://purl.uniprot.org/uniprot/",
    "qudt.unit": "http://qudt.org/vocab/unit/",
    "UO": "http://purl.obolibrary.org/obo/UO_",
    "wikidata": "http://www.wikidata.org/entity/",
    "wikipathways": "http://identifiers.org/wikipathways/",
}

#: Other spellings of an external prefix, in lower case.
SYNONYMS = {
    "cpx": "complexportal",
    "entrez": "NCBIGene",
    "nct": "clinicaltrials",
    "pmid": "pubmed",
    "react": "reactome",
    "uniprotkb": "uniprot",
    "up": "uniprot",
    "wd": "wikidata",
    "wp": "wikipathways",
}

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")


class Names:
    """The prefixes of one programme, and the two ways between CURIE and IRI."""

    def __init__(self, base: str = BASE) -> None:
        self.base = base
        #: prefix -> namespace, as it would stand in a PREFIX line
        self.prefixes = {**STANDARDS, **EXTERNAL, **{kind: f"{base}{kind}/" for kind in KINDS}}
        self._by_lower = {prefix.lower(): prefix for prefix in self.prefixes}
        self._by_lower.update(SYNONYMS)
        self._by_namespace = {self.prefixes[prefix]: prefix for prefix in sorted(self.prefixes, reverse=True)}
        # the longest namespace wins: CL:0000625, not obo:CL_0000625
        self._lengths = sorted({len(namespace) for namespace in self._by_namespace}, reverse=True)

    def is_iri(self, text: str) -> bool:
        """Whether `text` is written as a full IRI, with or without angle brackets."""
        return (text.startswith("<") and text.endswith(">")) or "://" in text or text.startswith("urn:")

    def expand(self, curie: str) -> str:
        """The IRI of a CURIE; a full IRI comes back as it is. The case of a prefix does not matter.

        Raises UnknownName when the prefix is not declared or there is none.
        """
        if self.is_iri(curie):
            return curie[1:-1] if curie.startswith("<") else curie
        prefix, colon, local = curie.partition(":")
        if not colon:
            raise UnknownName("prefix", curie, cure="Write a CURIE such as trial:pivot-02, or a full IRI.")
        known = prefix if prefix in self.prefixes else self._by_lower.get(prefix.lower())
        if known is None:
            raise UnknownName("prefix", prefix, self._by_lower, cure="`bempeg-kg stats` lists the kinds.")
        return self.prefixes[known] + local

    def shorten(self, iri: str) -> str:
        """The CURIE of an IRI if a declared namespace fits and the rest is plain, else the IRI itself.

        >>> Names().shorten("https://example.org/x")
        'https://example.org/x'
        """
        for length in self._lengths:
            prefix = self._by_namespace.get(iri[:length])
            if prefix is not None and iri[length:] and _PLAIN.issuperset(iri[length:]):
                return f"{prefix}:{iri[length:]}"
        return iri

    def kind_of(self, iri: str) -> str | None:
        """The kind (`trial`, `arm` ...) of an entity of this programme, else None."""
        if not iri.startswith(self.base):
            return None
        kind, slash, rest = iri[len(self.base) :].partition("/")
        return kind if slash and rest and kind in KINDS else None
