"""The command line of the newspaper: its options, and one JSON line on stdout when it listens."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

from .edition import DEFAULT_DATE, Edition
from .journal import Journal
from .model import moment
from .paper import NAME
from .server import Server
from .site import Site
from .truth import truth


def _count(text: str) -> int:
    """A number of articles: one or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="serve.py", description=f"Serve {NAME}, an invented newspaper, on loopback.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one (default: 0)")
    parser.add_argument(
        "--base", metavar="URL", help="scheme and authority that pages name (default: where it listens)"
    )
    parser.add_argument("--log", type=Path, metavar="DIR", help="write the exact bytes of each exchange to DIR")
    parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="serve https with these PEM files")
    parser.add_argument("--articles", type=_count, metavar="N", help="only the N newest articles (default: all)")
    parser.add_argument(
        "--edition", choices=("clean", "meaningless", "both"), default="clean", help="template (default: clean)"
    )
    parser.add_argument(
        "--date",
        type=moment,
        default=moment(DEFAULT_DATE),
        metavar="ISO",
        help=f"the edition's now (default: {DEFAULT_DATE})",
    )
    parser.add_argument(
        "--dump-truth", type=Path, metavar="FILE", help="write what is true of each page to FILE, as JSON lines"
    )
    parser.add_argument("--no-serve", action="store_true", help="end after --dump-truth")
    return parser


async def _run(site: Site, journal: Journal, listener: socket.socket, context: ssl.SSLContext | None) -> None:
    """Serve until SIGINT or SIGTERM."""
    server = Server(site, journal)
    await server.start(listener, context)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    host, port = listener.getsockname()[:2]
    print(json.dumps({"url": site.edition.base + "/", "host": host, "port": port}), flush=True)
    await stopped.wait()
    await server.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the newspaper; returns the exit code."""
    options = _parser().parse_args(arguments)
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.create_server((options.host, options.port), family=family, backlog=512) as listener:
        host = f"[{options.host}]" if ":" in options.host else options.host
        base = options.base or f"{'https' if context else 'http'}://{host}:{listener.getsockname()[1]}"
        edition = Edition(base=base.rstrip("/"), when=options.date, mode=options.edition, count=options.articles)
        if options.dump_truth:
            rows = (json.dumps(row, ensure_ascii=False) + "\n" for row in truth(edition))
            options.dump_truth.write_text("".join(rows), encoding="utf-8")
        if not options.no_serve:
            asyncio.run(_run(Site(edition), Journal(options.log), listener, context))
    return 0
