"""No open doors while a crawl is at work, and no secret in anything that it leaves behind."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.faults.conftest import FAULT
from tests.faults.fault import head, say, whole
from tests.faults.run import INSIDE, ROOT, pressmark
from tests.faults.server import OddServer
from tests.faults.test_machine import Paper

LISTEN = "0A"
"""State of a listening socket in /proc/net/tcp (include/net/tcp_states.h)."""
SECRETS = ("sesame-url", "sesame-proxy", "sesame-cookie", "sesame-basic")


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def listening(pids: list[int]) -> list[str]:
    """Sockets of these processes that listen, as ``ss -ltnp`` finds them: by the inode that /proc/net and /proc/PID/fd share."""
    ours = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if target.startswith("socket:["):
                ours.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN and fields[9] in ours:
                found.append(fields[1])
    return found


def test_the_look_itself_finds_a_listening_socket(faulty: OddServer) -> None:
    port = faulty.listen()
    assert any(each.endswith(f":{port:04X}") for each in listening([os.getpid()]))


def test_no_process_of_a_crawl_listens(
    faulty: OddServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property(FAULT, ("no open doors", "listening sockets"))
    paper = Paper(faulty, tmp_path, pause=0.3)
    crawl = subprocess.Popen(
        [sys.executable, str(ROOT / "pressmark.py"), *paper.words(), "-s", "extract.memory=true"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    seen, most = [], 0
    while crawl.poll() is None:
        pids = family(crawl.pid)
        most = max(most, len(pids))
        seen += listening(pids)
        paper.release = most > 1  # workers are there
        time.sleep(0.1)
    _, said = crawl.communicate()
    assert crawl.returncode == 0, said
    assert most > 1
    assert seen == []


def test_a_secret_is_found_nowhere(
    faulty: OddServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property(FAULT, ("no open doors", "secrets in YAML, addresses and environment"))
    port, proxy = faulty.listen(), faulty.listen(host=INSIDE)
    prefix = f"127.0.0.1:{port}"
    link = f"http://agent:sesame-url@{prefix}/news/the-story-of-one"
    feed = f"<rss version='2.0'><channel><item><link>{link}</link></item><item><link>/news/the-story-of-two</link></item></channel></rss>"
    faulty.routes[f"{port}/feed.xml"] = say(whole(feed.replace("sesame-url", "sesame-server"), "text/xml"))
    faulty.routes[f"{port}/news/the-story-of-two"] = say(
        head("401 No", WWW_Authenticate='Basic realm="x"', Content_Length=0)
    )
    (tmp_path / "config" / "sites").mkdir(parents=True)
    sites = {"home": link, "one": f"http://{prefix}/"}
    for name, home in sites.items():
        site = {
            "version": 1, "site": name, "home": home, "discover": {"feeds": [{"url": "/feed.xml"}], "home": False},
            "politeness": {"delay": "0s", "tries": 1}, "fetch": {"allow_private": ["127.0.0.1/32"]},
        }  # fmt: skip
        (tmp_path / "config" / "sites" / f"{name}.yaml").write_text(yaml.safe_dump(site))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login agent password sesame-basic\n")
    (tmp_path / "urls.txt").write_text(f"{link}\nhttp://{prefix}/news/the-story-of-two\n")
    env = {
        "http_proxy": f"http://agent:sesame-proxy@{INSIDE}:{proxy}", "HTTP_PROXY": f"http://agent:sesame-proxy@{INSIDE}:{proxy}",
        "HTTP_COOKIE": "sesame-cookie", "HOME": str(tmp_path / "home"), "NETRC": str(tmp_path / "home" / ".netrc"),
    }  # fmt: skip
    said = ""
    for words in (
        ["crawl", "one", "-v", "--config", tmp_path / "config"],
        ["crawl", "home", "-v", "--config", tmp_path / "config"],
        ["archive", "-v", "-i", tmp_path / "urls.txt", "--allow-private", "127.0.0.1/32", "-s", "politeness.tries=1"],
    ):
        done = pressmark(*words, "-C", tmp_path / "c", env=env)
        said += done.stdout + done.stderr
        assert done.returncode not in (0, 1)
    assert INSIDE not in faulty.reached, "the proxy of the environment was asked"
    left = {path: path.read_bytes() for path in (tmp_path / "c").rglob("*") if path.is_file()}
    assert left
    for secret in SECRETS:
        assert secret not in said
        for path, data in left.items():
            plain = gzip.decompress(data) if ".gz" in path.name else data
            assert secret.encode() not in plain, f"{secret} in {path}"
    assert not any(b"sesame" in each.request or b"Authorization" in each.request for each in faulty.log)


def test_a_secret_of_notify_is_found_nowhere_but_where_it_is_meant_for(
    faulty: OddServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property(
        FAULT, ("no open doors", "secrets of notify: a ping's address, a command's arguments and environment")
    )
    paper = Paper(faulty, tmp_path)
    watchdog = faulty.listen()
    path = tmp_path / "config" / "sites" / "paper.yaml"
    site = yaml.safe_load(path.read_text())
    got = tmp_path / "got"
    script = f"import os, sys; open({str(got)!r}, 'a').write(sys.argv[1] + os.environ['HOOK']); sys.exit(sys.argv[1])"
    site["notify"] = {
        "ping": f"http://127.0.0.1:{watchdog}/sesame-ping?token=sesame-query", "command_when": "always", "timeout": "20s",
        "command": [sys.executable, "-c", script, "sesame-argument"],
    }  # fmt: skip
    path.write_text(yaml.safe_dump(site))
    said = ""
    for answer in (None, say(b"sesame-ping is no status line\r\n\r\n")):  # 404, and no HTTP
        if answer:
            faulty.routes.update({f"{watchdog}/sesame-ping/{end}?token=sesame-query": answer for end in ("start", "0")})
        for words in ([*paper.words(), "-v"], [*paper.words(), "--json"]):
            done = pressmark(*words, env={"HOOK": "sesame-variable"})
            assert done.returncode == 0, done.stderr
            assert "notify.command: " in done.stderr
            assert "notify.ping: " in done.stderr
            said += done.stdout + done.stderr
    for command in (["status"], ["report"], ["report", "--json"], ["sites", "list"], ["sites", "check"], ["schedule"]):
        where = [] if command[0] in ("status", "report") else ["--config", tmp_path / "config"]
        done = pressmark(*command, "-C", tmp_path / "c", *where)
        said += done.stdout + done.stderr
    assert got.read_text() == "sesame-argumentsesame-variable" * 4
    assert any(b"sesame-ping" in each.request and b"sesame-query" in each.request for each in faulty.log)
    assert "sesame" not in said
    for left in (path for path in (tmp_path / "c").rglob("*") if path.is_file()):
        data = left.read_bytes()
        assert b"sesame" not in (gzip.decompress(data) if ".gz" in left.name else data), left
