"""The pages as files that any web server can hand out, in whatever folder: all links are relative."""

from __future__ import annotations

import html
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import quote, unquote

from bempeg_kg.errors import BempegError, InputError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.pages import Page, Pages, assets, dereference, names, pictures, reports
from bempeg_kg.web.site.shared import OMITTED, Shared

_TAGGED = "/questions?tag="
MARK = ".bempeg-kg-site"
"""A file that says that a folder was written by this command, so that it may be written again."""

_LINK = re.compile(r'\b(href|src|srcset|action)="(/[^"]*)"')
_SUFFIXES = (".ttl", ".jsonld", ".nt", ".json", ".csv", ".tsv", ".css", ".js", ".html", ".svg")
_DATA = ("ttl", "jsonld")


def write_site(kg: Graph, folder: str) -> int:
    """Write all pages; the number of files. Raises InputError for a folder that holds something else."""
    _make_room(folder)
    _write(folder, MARK, b"")  # first, so that a folder left half written may be written again
    shared = Shared(kg)
    pages = Pages(kg, answer=shared.answer, draw=shared.draw, static=True)
    written = 0
    known = {path for path, _ in _addresses(kg, pages)}
    for path, page in _rendered(kg, pages):
        _write(folder, file_of(path), relative(page.html, path, known).encode())
        written += 1
    for path, body in _data(kg, pages):
        _write(folder, path.lstrip("/"), body)
        written += 1
    for name, view in pictures.VIEWS.items():
        with suppress(BempegError):  # another programme may have nothing to draw
            path = f"/picture/{name}.svg"
            body = shared.draw(name, "").svg
            _write(folder, path.lstrip("/"), relative(body.decode(), path, known).encode())
            written += 1
            if view.narrow or not view.graph:
                path = f"/picture/{name}{pictures.NARROW}.svg"
                body = shared.draw(name + pictures.NARROW, "").svg
                _write(folder, path.lstrip("/"), relative(body.decode(), path, known).encode())
                written += 1
            if view.graph:
                _write(folder, f"picture/{name}-graph.html", pictures.interactive(kg, name).encode())
                written += 1
    for name in ("style.css", "find.js", "page.js"):
        _write(folder, assets.address(name).lstrip("/"), assets.read(name) or b"")
    for name in (*assets.FONTS, "OFL-fonts.txt"):  # the style sheet names them as they are called
        _write(folder, f"assets/{name}", assets.read(name) or b"")
    missing = pages.problem(404, "No page has this address. Names and questions are in the search.")
    for kind in sorted({"", *(path.strip("/").partition("/")[0] for path in known if path.count("/") > 1)}):
        path = f"/{kind}/404.html" if kind else "/404.html"  # hosts show the one nearest above an address
        _write(folder, path.lstrip("/"), relative(missing.html, path, known).encode())
    return written


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
    for iri in sorted(pages.terms.entities):
        if kg.names.kind_of(iri) not in (None, *OMITTED):
            yield pages.terms.href(iri), iri


def _rendered(kg: Graph, pages: Pages) -> Iterator[tuple[str, Page]]:
    fixed: dict[str, Callable[[], Page]] = {
        "/": pages.home,
        "/questions": pages.questions,
        "/compare": lambda: pages.compare("", ""),
        "/about": pages.about,
        "/ontology": pages.vocabulary,
        "/search": lambda: _names(kg, pages),
    }
    for path, what in _addresses(kg, pages):
        page: Page | None
        if path in fixed:
            page = fixed[path]()
        elif path.startswith(_TAGGED):
            page = pages.questions(tag=str(what))
        elif path.startswith("/question/"):
            page = pages.question(path.rpartition("/")[2], {})
        elif path.startswith("/picture/"):
            page = pages.picture(path.rpartition("/")[2])
        elif path.startswith("/report/"):
            page = pages.report(path.rpartition("/")[2])
        elif path.count("/") == 1:
            page = pages.listing(path.lstrip("/"))
        else:
            page = pages.entity(str(what))
        if page is not None:
            yield path, page


def _names(kg: Graph, pages: Pages) -> Page:
    """The page that the search box leads to: all names, which a script narrows to the words typed."""
    template = pages.templates.get_template("names.html")
    kinds = names.entities(kg, pages.terms, OMITTED)
    return Page(template.render(questions=names.questions(kg), kinds=kinds, script=assets.address("find.js")))


def _data(kg: Graph, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """Entities as Turtle, N-Triples and JSON-LD, and the answers of the questions."""
    for iri in sorted(pages.terms.entities):
        if kg.names.kind_of(iri) in (None, *OMITTED):
            continue
        triples = kg.describe(iri)
        for suffix in _DATA:
            body = dereference.written(kg, triples, dereference.SUFFIXES[suffix]) or b""
            yield f"{pages.terms.href(iri)}.{suffix}", body
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
    if path.startswith(_TAGGED):
        return "questions/" + re.sub(r"\W+", "-", unquote(path.removeprefix(_TAGGED))) + ".html"
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
