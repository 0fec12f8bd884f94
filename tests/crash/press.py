"""The demo newspaper, under whatever name it is asked, as a server that can withdraw pages: ``python -m tests.crash.press FOLDER ARTICLES``.

Answers 404 for the targets that stand in ``FOLDER/withdrawn``, and writes each target that is asked for to ``FOLDER/asked``.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.newspaper.edition import Edition
from tests.newspaper.journal import Journal
from tests.newspaper.server import Server
from tests.newspaper.site import Site
from tests.newspaper.truth import truth
from tests.newspaper.wire import Answer, Request, answer, refusal

ROOT = Path(__file__).parents[2]


class _Press(Server):
    def __init__(self, site: Site, folder: Path) -> None:
        super().__init__(site, Journal(None))
        self._sites = {site.edition.base: site}
        self._withdrawn, self._asked = folder / "withdrawn", folder / "asked"

    def respond(self, request: Request) -> Answer:
        with self._asked.open("a") as log:
            log.write(request.target + "\n")
        gone = self._withdrawn.read_text().split() if self._withdrawn.exists() else []
        if request.target in gone:
            return refusal(404, self.site.edition.when)
        base = f"http://{request.header('host')}"
        if base not in self._sites:
            self._sites[base] = Site(Edition(base=base, count=self.site.edition.count))
        return answer(request, self._sites[base].find(request.target), self.site.edition.when)


class Press:
    """A newspaper in a process of its own."""

    def __init__(self, folder: Path, articles: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        words = [sys.executable, "-m", "tests.crash.press", str(folder), str(articles)]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the newspaper did not start"
        told: dict[str, Any] = json.loads(line)
        self.url: str = told["url"]
        """Its front page, with the final slash."""
        self.articles: dict[str, str] = told["articles"]
        """Text of each article that a crawl may have, by its address."""

    def withdraw(self, urls: set[str]) -> None:
        """Answer 404 for these from now on, and forget what was asked for so far."""
        (self._folder / "withdrawn").write_text("\n".join(url.removeprefix(self.url[:-1]) for url in urls))
        (self._folder / "asked").write_text("")

    def asked(self) -> list[str]:
        """Addresses that were asked for since pages were withdrawn, in order."""
        return [self.url[:-1] + target for target in (self._folder / "asked").read_text().split()]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=20)


async def _serve(folder: Path, articles: int) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        edition = Edition(base=base, count=articles)
        server = _Press(Site(edition), folder)
        await server.start(listener)
        known = {row["url"]: row["text"] for row in truth(edition) if row["reach"] != "private"}
        print(json.dumps({"url": base + "/", "articles": known}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
