"""`serve`, `site`, `explorer`, `mcp`: the graph for people with a browser, and for language models."""

from __future__ import annotations

from bempeg_kg.cli.common import Parser, add_command, open_graph
from bempeg_kg.cli.output import note, write_bytes
from bempeg_kg.errors import UsageError
from bempeg_kg.web.config import Config
from bempeg_kg.web.limits import Limits
from bempeg_kg.web.mcp.server import run
from bempeg_kg.web.opened import run_folder
from bempeg_kg.web.pages import assets
from bempeg_kg.web.server.server import check_limits, check_port, serve
from bempeg_kg.web.site.explorer import write_explorer
from bempeg_kg.web.site.static_site import write_site

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    _register_serve(subparsers)
    site = add_command(
        subparsers,
        "site",
        _site,
        help="write the pages as static files that work from any web server",
        example="bempeg-kg site public",
    )
    site.add_argument(
        "folder", metavar="FOLDER", help="a new or empty folder, or one written by this command"
    )
    explorer = add_command(
        subparsers,
        "explorer",
        _explorer,
        help="write one HTML file that answers every question and any query in the browser, offline",
        example="bempeg-kg explorer -o bempeg.html",
    )
    explorer.add_argument("file", metavar="FILE.html", nargs="?", help="where to write it; -o does the same")
    add_command(
        subparsers,
        "mcp",
        _mcp,
        help="serve the graph to a language model over standard input and output",
        example="bempeg-kg mcp",
    )


def _register_serve(subparsers: argparse._SubParsersAction[Parser]) -> None:
    parser = add_command(
        subparsers,
        "serve",
        _serve,
        help="serve pages and a SPARQL endpoint, on this machine alone unless --host says otherwise",
        example="bempeg-kg serve --port 8000",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument(
        "--processes", type=int, default=1, help="server processes in front of the workers (1)"
    )
    parser.add_argument("--public-url", default="", metavar="URL", help="where others reach this server")
    parser.add_argument("--no-log", action="store_true", help="do not log requests on standard error")
    parser.add_argument(
        "--log-queries", action="store_true", help="log queries whole, with what was searched for"
    )
    _add_limits(parser)


def _add_limits(parser: Parser) -> None:
    limits = parser.add_argument_group("limits of outside queries")
    limits.add_argument(
        "--time-limit", type=float, default=10.0, metavar="S", help="seconds a query may run (10)"
    )
    limits.add_argument(
        "--memory-limit", type=int, default=1024, metavar="MB", help="memory of a query (1024)"
    )
    limits.add_argument("--answer-limit", type=int, default=256, metavar="MB", help="size of an answer (256)")
    limits.add_argument("--body-limit", type=int, default=1024, metavar="KB", help="size of a request (1024)")
    limits.add_argument(
        "--workers", type=int, default=0, metavar="N", help="queries at once (one per processor)"
    )
    limits.add_argument("--queue", type=int, default=128, metavar="N", help="queries that may wait (128)")
    limits.add_argument("--wait", type=float, default=5.0, metavar="S", help="seconds a query may wait (5)")
    limits.add_argument(
        "--slow-after",
        type=float,
        default=0.25,
        metavar="S",
        help="seconds before a query moves to the low-priority lane (0.25)",
    )
    limits.add_argument("--slow", type=int, default=8, metavar="N", help="long queries at once (8)")
    limits.add_argument(
        "--cache", type=int, default=32, metavar="MB", help="memory of the answer cache; 0: none (32)"
    )


def _serve(args: argparse.Namespace) -> int:
    import sys
    from functools import partial

    if args.endpoint:
        raise UsageError("serve reads files, not an endpoint", cure="Leave --endpoint out.")
    for name in ("time_limit", "answer_limit", "body_limit", "wait", "processes", "slow_after"):
        if getattr(args, name) <= 0:
            raise UsageError(f"--{name.replace('_', '-')} must be above 0")
    check_port(args.host, args.port)
    check_limits()
    with run_folder(args.data or ()) as folder:
        config = Config(
            run_folder=folder,
            data=tuple(args.data or ()),
            public_url=args.public_url,
            limits=_limits(args),
            cache=args.cache << 20,
            log=not args.no_log,
            log_queries=args.log_queries,
            verbose=bool(args.verbose),
        )
        if not args.quiet and not assets.address("editor.js"):
            print(
                "The query editor was not built with this installation; its page has a plain text box.",
                file=sys.stderr,
            )
        if args.verbose:
            print(f"[run folder {folder}]", file=sys.stderr)
        serve(config, args.host, args.port, args.processes, partial(_tell_opened, args))
    return 0


def _limits(args: argparse.Namespace) -> Limits:
    return Limits(
        seconds=args.time_limit,
        memory=args.memory_limit << 20,
        size=args.answer_limit << 20,
        body=args.body_limit << 10,
        workers=args.workers,
        queue=args.queue,
        wait=args.wait,
        slow_after=args.slow_after,
        slow=args.slow,
    )


def _tell_opened(args: argparse.Namespace) -> None:
    import sys

    if not args.quiet:
        shown = f"[{args.host}]" if ":" in args.host else args.host
        print(f"Serving http://{shown}:{args.port}/ (pages) and /sparql. Ctrl-C stops.", file=sys.stderr)


def _site(args: argparse.Namespace) -> int:
    count = write_site(open_graph(args), args.folder)
    note(f"{count} files in {args.folder}; start at index.html", quiet=args.quiet)
    return 0


def _explorer(args: argparse.Namespace) -> int:
    args.output = args.output or args.file
    if not args.output:
        raise UsageError("where to?", cure="bempeg-kg explorer -o FILE.html")
    if args.output != "-" and not args.output.lower().endswith(".html"):
        raise UsageError(
            f"{args.output}: the explorer is a web page, so its name must end in .html",
            cure="bempeg-kg explorer -o FILE.html",
        )
    body = write_explorer(open_graph(args))
    write_bytes(args, body)
    note(f"{args.output}: {len(body) / 1e6:.1f} MB, opens from disk", quiet=args.quiet)
    return 0


def _mcp(args: argparse.Namespace) -> int:
    run(args.data)
    return 0
