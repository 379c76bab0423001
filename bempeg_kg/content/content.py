"""Where the ontology, the data and the queries are. No other module knows.

In a wheel they are inside the package, in a checkout beside it. Another programme is a folder with a
`catalogue.ttl`, Turtle files, and optionally `queries/`; the ontology is the same for all programmes.
"""

from __future__ import annotations

import os
from functools import cached_property

from bempeg_kg.content.files import MAPPING_SUFFIX, SourceFile, read_bytes
from bempeg_kg.content.parse import parse_file
from bempeg_kg.errors import InputError
from bempeg_kg.rdf.names import BASE, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Bytes of files above which a content is large; some 400,000 statements.
LARGE = 20_000_000
#: Suffixes of files in a data folder that hold statements.
RDF_SUFFIXES = (".ttl", ".nt", ".nq", ".trig", ".jsonld", ".rdf")
#: Files of the ontology: the model, and what only trials, registry records or signal pairs need.
VOCABULARY = ("bempeg.ttl", "relations.ttl", "evidence.ttl", "registry.ttl", "signals.ttl")
#: Files of the shipped data whose terms every programme shares: endpoints, statistics, units, grades.
SHARED = ("adverse-events.ttl", "equalities.ttl", "methods.ttl", "registry-terms.ttl")
#: The word that names the shipped programme beside others.
SHIPPED = "shipped"
#: Folder of the shipped data that is read only where asked for: other programmes' early and late results.
SIGNALS = "signals/"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Programme:
    """One programme: a folder with data and perhaps queries, and the base IRI that it declares."""

    def __init__(self, root: str, data: str, base: str | None = None) -> None:
        self.root = root
        self.data = data
        self._base = base

    @property
    def base(self) -> str:
        """Base IRI of the programme: `void:uriSpace` in its catalogue. Raises InputError if it has none."""
        if self._base is None:
            self._base = _declared_base(os.path.join(self.data, "catalogue.ttl"))
        return self._base

    @property
    def queries(self) -> str:
        """Folder of the questions; may not exist."""
        return os.path.join(self.root, "queries")


class Content:
    """All files that make up the graph and the library of questions.

    >>> content = Content.find()
    >>> content.base
    'https://w3id.org/bempeg-kg/'
    >>> content.ontology_file("bempeg.ttl").iri
    'https://w3id.org/bempeg-kg/ontology/bempeg.ttl'
    """

    def __init__(
        self, programmes: Sequence[Programme], *, asserted_types: bool = False, signals: bool = False
    ) -> None:
        self.programmes = list(programmes)
        #: whether the superclass types that are otherwise derived at load are left out
        self.asserted_types = asserted_types
        #: whether the pairs of early and late results of other programmes are read
        self.signals = signals
        self._shipped = _shipped_root()
        if signals and not self.has_shipped:
            raise InputError(
                "the signal pairs belong to the shipped programme, which is not loaded",
                cure="Leave --data out, or name the shipped folder beside the other.",
            )

    @classmethod
    def find(
        cls,
        data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None,
        *,
        asserted_types: bool = False,
        signals: bool = False,
    ) -> Content:
        """The shipped content, or that of another programme's folder, or of several together.

        With `asserted_types` nodes have only the classes that the files state, not those above them. Raises
        InputError for a folder that is missing, is a file, or has no catalogue, and for `signals` without the
        shipped programme.
        """
        if data is None:
            root = _shipped_root()
            programmes = [Programme(root, os.path.join(root, "data"), BASE)]
        else:
            folders = [data] if isinstance(data, str | os.PathLike) else data
            programmes = [_programme(os.fspath(folder)) for folder in folders]
        return cls(programmes, asserted_types=asserted_types, signals=signals)

    def with_signals(self) -> Content:
        """The same content with the signal pairs. Raises InputError without the shipped programme."""
        return Content(self.programmes, asserted_types=self.asserted_types, signals=True)

    @property
    def base(self) -> str:
        """Base IRI of the (first) programme."""
        return self.programmes[0].base

    @property
    def names(self) -> Names:
        """The prefixes that go with the base."""
        return Names(self.base)

    def ontology_file(self, name: str) -> SourceFile:
        """A file of the ontology folder, such as `shapes.ttl`; it may not exist."""
        return SourceFile(os.path.join(self._shipped, "ontology", name), f"ontology/{name}", BASE)

    def vocabulary(self) -> list[SourceFile]:
        """The files of the ontology itself, without the term slices: classes and properties of the model."""
        return [self.ontology_file(name) for name in VOCABULARY]

    def derivations(self) -> list[SourceFile]:
        """Queries `ontology/derive/*.rq`; the rows of each are statements of the graph `derived/<stem>`."""
        return [
            self.ontology_file(f"derive/{name}")
            for _, name in _walk(os.path.join(self._shipped, "ontology", "derive"), (".rq",))
            if not (self.asserted_types and name == "types.rq")
        ]

    def files(self) -> list[SourceFile]:
        """Files whose statements are the graph, sorted by name: ontology, term slices, data.

        Shapes are not among them: they speak about the graph. Neither are mapping tables.
        """
        ontology = self.vocabulary()
        terms = os.path.join(self._shipped, "ontology", "terms")
        ontology += [
            SourceFile(path, f"ontology/terms/{name}", BASE) for path, name in _walk(terms, (".ttl",))
        ]
        return ontology + self._shared_files() + self._data_files(RDF_SUFFIXES)

    def mappings(self) -> list[SourceFile]:
        """SSSOM tables of the data folders."""
        return self._data_files((MAPPING_SUFFIX,))

    def lanes(self) -> list[SourceFile]:
        """Tables of places for the mechanism picture, `*.lanes.toml`."""
        return self._data_files((".lanes.toml",))

    def queries(self) -> list[SourceFile]:
        """Questions: `queries/*.rq`, `queries/live/*.rq` and `queries/computed/*.md`, sorted by name.

        A programme's own question takes the place of a shipped one of the same name. Only the package has
        computed ones, since a question of a data folder runs no code.
        """
        files: dict[str, SourceFile] = {}
        for root, base in self._query_roots():
            for path, name in _walk(root, (".rq", ".md")):
                if name.endswith(".md") and (base != BASE or not name.startswith("computed/")):
                    continue
                if not name.startswith("rules/"):
                    files[name] = SourceFile(path, f"queries/{name}", base)
        return [files[name] for name in sorted(files)]

    def rules(self) -> list[SourceFile]:
        """Checks: `queries/rules/*.rq`, each a query that must return no rows."""
        files: dict[str, SourceFile] = {}
        for root, base in self._query_roots():
            for path, name in _walk(os.path.join(root, "rules"), (".rq",)):
                files[name] = SourceFile(path, f"queries/rules/{name}", base)
        return [files[name] for name in sorted(files)]

    def graph_files(self) -> list[SourceFile]:
        """Everything that the statements depend on; the store of a snapshot is keyed by their content."""
        return [*self.files(), *self.mappings(), *self.derivations()]

    def all_files(self) -> list[SourceFile]:
        """Everything that an answer can depend on: the statements and the questions."""
        return [*self.graph_files(), *self.queries()]

    @cached_property
    def is_large(self) -> bool:
        """Whether the files are those of a registry, of which not all can be held in memory."""
        return sum(os.path.getsize(file.path) for file in self.files() if os.path.exists(file.path)) > LARGE

    def hash(self) -> str:
        """SHA-256 over names and bytes of all files, in hexadecimal."""
        return hash_of(self.all_files())

    @property
    def has_shipped(self) -> bool:
        """Whether the shipped programme is among those loaded."""
        return any(programme.root == self._shipped for programme in self.programmes)

    def _shared_files(self) -> list[SourceFile]:
        """The shared method terms, for programmes that are loaded without the shipped one."""
        if self.has_shipped:
            return []
        folder = os.path.join(self._shipped, "data")
        return [SourceFile(os.path.join(folder, name), f"data/{name}", BASE) for name in SHARED]

    def _data_files(self, suffixes: tuple[str, ...]) -> list[SourceFile]:
        return [
            SourceFile(path, f"data/{name}", programme.base)
            for programme in self.programmes
            for path, name in _walk(programme.data, suffixes)
            if not (programme.data == programme.root and name.startswith("queries/"))
            and (self.signals or programme.root != self._shipped or not name.startswith(SIGNALS))
        ]

    def _query_roots(self) -> list[tuple[str, str]]:
        roots = [(os.path.join(self._shipped, "queries"), BASE)]
        return roots + [(one.queries, one.base) for one in self.programmes if one.root != self._shipped]


def hash_of(files: Iterable[SourceFile]) -> str:
    """SHA-256 over names and bytes of files, in hexadecimal; one that is missing counts as absent."""
    import hashlib

    digest = hashlib.sha256()
    for file in files:
        if os.path.exists(file.path):
            body = read_bytes(file.path)
            digest.update(f"{file.iri} {len(body)}\n".encode() + body)
    return digest.hexdigest()


def _shipped_root() -> str:
    inside = os.path.join(_PACKAGE, "_content")
    return inside if os.path.isdir(inside) else os.path.dirname(_PACKAGE)


def _programme(folder: str) -> Programme:
    if folder == SHIPPED and not os.path.exists(folder):
        folder = _shipped_root()
    root = os.path.abspath(folder)
    if not os.path.exists(root):
        raise InputError("no such folder", file=folder, cure="Give the folder of a programme.")
    if not os.path.isdir(root):
        raise InputError(
            "this is a file, not a folder",
            file=folder,
            cure="Give the folder that holds its catalogue.ttl. `bempeg-kg query TEXT FILE` adds a file.",
        )
    inner = os.path.join(root, "data")
    data = inner if os.path.isdir(inner) else root
    if not os.path.isfile(os.path.join(data, "catalogue.ttl")):
        raise InputError(
            "this folder has no catalogue.ttl, so it is not a programme",
            file=folder,
            cure='A catalogue declares the base: <> void:uriSpace "https://example.org/my-programme/" .',
        )
    if os.path.realpath(root) == os.path.realpath(_shipped_root()):
        return Programme(_shipped_root(), os.path.join(_shipped_root(), "data"), BASE)
    return Programme(root, data)


def _declared_base(catalogue: str) -> str:
    for quad in parse_file(catalogue, "file:///catalogue.ttl"):
        if quad.predicate.value == "http://rdfs.org/ns/void#uriSpace":
            base = str(quad.object.value)  # type: ignore[union-attr]
            if base.startswith("http") and base.endswith(("/", "#")):
                return base
            raise InputError(
                f"the base '{base}' does not end in / or #", file=catalogue, cure="Add a slash at the end."
            )
    raise InputError(
        "the catalogue declares no base",
        file=catalogue,
        cure='Add a line such as <> <http://rdfs.org/ns/void#uriSpace> "https://example.org/my-programme/" .',
    )


def _walk(folder: str, suffixes: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(path, relative name with slashes) of files under a folder, sorted; hidden ones are left out."""
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in ordered:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry.path, suffixes, f"{prefix}{entry.name}/")
        elif entry.name.endswith(suffixes):
            yield entry.path, prefix + entry.name
