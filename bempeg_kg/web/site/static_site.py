"""The pages as files that any web server can hand out, in whatever folder: all links are relative."""

from __future__ import annotations

import html
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus

from bempeg_kg.content.content import Content
from bempeg_kg.errors import BempegError, EngineError, InputError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.snapshot import open_snapshot
from bempeg_kg.web.pages import Page, Pages, assets, dereference, pictures, reports
from bempeg_kg.web.site import search_index
from bempeg_kg.web.site.shared import OMITTED, Shared

if TYPE_CHECKING:
    from concurrent.futures import Executor

_TAGGED = "/questions?tag="
MARK = ".bempeg-kg-site"
"""A file that says that a folder was written by this command, so that it may be written again."""

_LINK = re.compile(r'\b(href|src|srcset|action|data-index)="(/[^"]*)"')
_SUFFIXES = (".ttl", ".jsonld", ".nt", ".json", ".csv", ".tsv", ".css", ".js", ".html", ".svg")
_DATA = ("ttl", "jsonld")


LARGE = 500
"""Pages from which on those of entities are written by a second process."""


def write_site(kg: Graph, folder: str) -> int:
    """Write all pages; the number of files. Raises InputError for a folder that holds something else."""
    _make_room(folder)
    _write(folder, MARK, b"")  # first, so that a folder left half written may be written again
    is_on_disk = bool(getattr(kg.engine, "folder", ""))  # so that another process can open it
    kg = kg.in_memory()
    pages = Shared(kg).pages()
    known = {path for path, _ in _addresses(kg, pages)}
    if len(known) < LARGE or not is_on_disk:
        return _write_entities(kg, pages, folder, known) + _write_rest(kg, pages, folder, known)
    content = pages.templates.globals["content"]
    with _second_process() as second:
        entities = second.submit(_write_elsewhere, kg.content, folder, str(content))
        count = _write_rest(kg, pages, folder, known)
        return count + entities.result()


@contextmanager
def _second_process() -> Iterator[Executor]:
    """A process beside this one. Raises EngineError if it is killed."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(1) as pool:
        try:
            yield pool
        except BrokenProcessPool:
            raise EngineError(
                "a process was killed, probably because memory ran out", cure="Close other programs."
            ) from None


def _write_elsewhere(content: Content, folder: str, content_hash: str) -> int:
    """Be the second process: open the snapshot anew, and write what entities have."""
    kg = Graph(content, *open_snapshot(content)).in_memory()
    pages = Shared(kg).pages(content=content_hash)
    return _write_entities(kg, pages, folder, {path for path, _ in _addresses(kg, pages)})


def _write_entities(kg: Graph, pages: Pages, folder: str, known: set[str]) -> int:
    """The pages of entities, and what the graph states about each as data."""
    written = 0
    for iri in _entities(kg, pages):
        path = pages.terms.href(iri)
        page = pages.entity(iri)
        if page is not None:
            _write(folder, file_of(path), relative(page.html, path, known).encode())
            written += 1
        triples = kg.describe(iri)
        for suffix in _DATA:
            body = dereference.written(kg, triples, dereference.SUFFIXES[suffix]) or b""
            _write(folder, f"{path}.{suffix}".lstrip("/"), body)
            written += 1
    return written


def _write_pages(rendered: Iterator[tuple[str, Page | None]], folder: str, known: set[str]) -> int:
    written = 0
    for path, page in rendered:
        if page is not None:
            _write(folder, file_of(path), relative(page.html, path, known).encode())
            written += 1
    return written


def _write_rest(kg: Graph, pages: Pages, folder: str, known: set[str]) -> int:
    """Lists, questions, pictures and reports, and the files that pages load."""
    diseases = search_index.named(kg, pages)
    searched = search_index.searched(kg, pages, diseases)
    written = _write_pages(chain(_computed(kg, pages), _lists(kg, pages), searched), folder, known)
    for path, body in _answers(kg, pages):
        _write(folder, path.lstrip("/"), body)
        written += 1
    for path, body in _pictures(kg, pages, known):
        _write(folder, path, body)
        written += 1
    script = search_index.script(kg, pages, diseases, partial(_from, "/search"))
    _write(folder, pages.search_script.lstrip("/"), script.encode())
    for name in ("style.css", "find.js", "page.js"):
        _write(folder, assets.address(name).lstrip("/"), assets.read(name) or b"")
    for name in (*assets.FONTS, "OFL-fonts.txt"):  # the style sheet names them as they are called
        _write(folder, f"assets/{name}", assets.read(name) or b"")
    missing = pages.problem(404, "No page has this address. Names and questions are in the search.")
    for kind in sorted({"", *(path.strip("/").partition("/")[0] for path in known if path.count("/") > 1)}):
        path = f"/{kind}/404.html" if kind else "/404.html"  # hosts show the one nearest above an address
        _write(folder, path.lstrip("/"), relative(missing.html, path, known).encode())
    return written


def _pictures(kg: Graph, pages: Pages, known: set[str]) -> Iterator[tuple[str, bytes]]:
    """Pictures as files: a chart in two widths, a graph also to explore."""
    for name, view in pictures.VIEWS.items():
        with suppress(BempegError):  # another programme may have nothing to draw
            drawn = [name, *([name + pictures.NARROW] if view.narrow or not view.graph else [])]
            for one in drawn:
                body = pages.draw(one, "").svg.decode()
                yield f"picture/{one}.svg", relative(body, f"/picture/{one}.svg", known).encode()
            if view.graph:
                yield f"picture/{name}-graph.html", pictures.interactive(kg, name).encode()


def _make_room(folder: str) -> None:
    if os.path.isdir(folder) and os.listdir(folder):
        if not os.path.exists(os.path.join(folder, MARK)):
            raise InputError(
                "this folder holds something else", file=folder, cure="Name a new or empty folder."
            )
        shutil.rmtree(folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be created: {error.strerror}", file=folder) from None


def _addresses(kg: Graph, pages: Pages) -> Iterator[tuple[str, object]]:
    """Every path that has a file, with what is needed to render it."""
    for path in ("/", "/questions", "/compare", "/about", "/ontology", "/search"):
        yield path, None
    for tag in sorted({tag for question in kg.questions for tag in question.tags}):
        yield _TAGGED + quote(tag), tag
    for question in kg.questions:
        if not question.live:
            yield f"/question/{question.name}", question
    for name in pictures.VIEWS:
        yield f"/picture/{name}", name
    if kg.content.has_shipped:
        for name in reports.SHOWN:
            yield f"/report/{name}", name
    for kind in sorted({kg.names.kind_of(iri) or "" for iri in pages.terms.entities} - {"", *OMITTED}):
        yield f"/{kind}", kind
    for iri in _entities(kg, pages):
        yield pages.terms.href(iri), iri


def _entities(kg: Graph, pages: Pages) -> Iterator[str]:
    """The entities that have a page."""
    for iri in sorted(pages.terms.entities):
        if kg.names.kind_of(iri) not in (None, *OMITTED):
            yield iri


def _lists(kg: Graph, pages: Pages) -> Iterator[tuple[str, Page | None]]:
    """Home, lists of questions and of kinds, and the other pages that name many things."""
    fixed: dict[str, Callable[[], Page]] = {
        "/": pages.home,
        "/questions": pages.questions,
        "/compare": lambda: pages.compare("", ""),
        "/about": pages.about,
        "/ontology": pages.vocabulary,
    }
    for path, what in _addresses(kg, pages):
        if path in fixed:
            yield path, fixed[path]()
        elif path.startswith(_TAGGED):
            yield path, pages.questions(tag=str(what))
        elif path.count("/") == 1:
            yield path, pages.listing(path.lstrip("/"))


def _computed(kg: Graph, pages: Pages) -> Iterator[tuple[str, Page | None]]:
    """Questions, pictures and reports."""
    makers: dict[str, Callable[[str], Page | None]] = {
        "question": lambda name: pages.question(name, {}),
        "picture": pages.picture,
        "report": pages.report,
    }
    for path, what in _addresses(kg, pages):
        kind, _, name = path.strip("/").partition("/")
        if kind in makers and what is not None:
            yield path, makers[kind](name)


def _from(here: str, path: str) -> str:
    """The way from one page to another."""
    return _between(posixpath.dirname(file_of(here)), file_of(path))


def _answers(kg: Graph, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The answers of the questions as files."""
    for question in kg.questions:
        if question.live:
            continue
        with suppress(BempegError):  # another programme may lack what a question asks about
            table = pages.answer(question, {})
            for suffix, text in (
                (".json", table.to_json()),
                (".csv", table.to_csv()),
                (".tsv", table.to_tsv()),
            ):
                yield f"/question/{question.name}{suffix}", text.encode()


def file_of(path: str) -> str:
    """The file of a page's path.

    A plain web server finds ``trial/pivot-02/index.html`` at the address of the trial.

    >>> file_of("/"), file_of("/trial/pivot-02"), file_of("/questions?tag=phase%202"), file_of("/a/b.svg")
    ('index.html', 'trial/pivot-02/index.html', 'questions/phase-2.html', 'a/b.svg')
    """
    if path == "/":
        return "index.html"
    if "?" in path:  # a tag of questions, or a question with a value
        path, _, given = path.partition("?")
        return f"{path.lstrip('/')}/" + re.sub(r"\W+", "-", unquote_plus(given.partition("=")[2])) + ".html"
    if path.endswith(_SUFFIXES):
        return path.lstrip("/")
    return path.lstrip("/") + "/index.html"


def relative(text: str, path: str, known: set[str]) -> str:
    """A page with its links made relative; links to what has no file lose their address.

    >>> relative('<a href="/trial/pivot-02#top">x</a>', "/source/a", {"/trial/pivot-02"})
    '<a href="../../trial/pivot-02/index.html#top">x</a>'
    """
    here = posixpath.dirname(file_of(path)) or "."

    def turn(match: re.Match[str]) -> str:
        """A link of a page turned to the file that it leads to; dropped where there is none."""
        whole = html.unescape(match[2])
        target, _, fragment = whole.partition("#")
        target = target if target in known else target.partition("?")[0]
        if target in known:
            target = "/" + file_of(target)
        elif not target.endswith(_SUFFIXES):
            return ""
        address = _between(here, target.lstrip("/")) + (f"#{fragment}" if fragment else "")
        return f'{match[1]}="{html.escape(address)}"'

    return _LINK.sub(turn, text)


def _between(here: str, target: str) -> str:
    """The way from a folder to a file, without what the two have in common.

    >>> _between(".", "a/b.svg"), _between("trial/x", "trial/y/index.html"), _between("a", "b/c.html")
    ('a/b.svg', '../y/index.html', '../b/c.html')
    """
    folders, parts = [] if here == "." else here.split("/"), target.split("/")
    common = 0
    while common < min(len(folders), len(parts) - 1) and folders[common] == parts[common]:
        common += 1
    return "/".join([*[".."] * (len(folders) - common), *parts[common:]])


def _write(folder: str, name: str, body: bytes) -> None:
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise InputError(
            f"the page {name!r} has no place inside the folder", file=folder, cure="Rename the entity."
        )
    path = os.path.join(folder, *parts)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with open(path, "wb") as stream:
        stream.write(body)
