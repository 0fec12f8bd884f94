"""The address guard in a network of its own, where the metadata service, the intranet and a lying DNS really answer.

Runs namespace_guard.py in a network and mount namespace (``unshare``); skipped where the system does not let us make one.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INSIDE = ("169.254.169.254", "10.0.0.7", "192.168.1.1", "172.16.0.1", "100.64.0.1", "fd00::7", "64:ff9b::a00:7")
OUTSIDE = "8.8.8.8"
"""Stands for the internet: here it is an address of the namespace's own loopback interface."""

COMMANDS = [
    "set -e",
    "ip link set lo up",
    *(f"ip addr add {each}/{128 if ':' in each else 32} dev lo" for each in (*INSIDE, OUTSIDE)),
    "mount --bind resolv.conf /etc/resolv.conf",
]


def unshare(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    script = "\n".join([*COMMANDS, command])
    words = ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c", script]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=400, check=False)


@pytest.mark.fault("1 DNS: NXDOMAIN, SERVFAIL, slow, rebinding", "NXDOMAIN, SERVFAIL, REFUSED, slow, silent")
@pytest.mark.fault("1 DNS: NXDOMAIN, SERVFAIL, slow, rebinding", "rebinding")
@pytest.mark.fault("1 DNS: NXDOMAIN, SERVFAIL, slow, rebinding", "names of inside addresses")
@pytest.mark.fault(
    "1 redirect to file/data/ftp/js, inside address, bad Location",
    "redirects and 25 spellings to inside addresses that answer",
)
def test_nothing_inside_is_reached_from_within_a_namespace(tmp_path: Path) -> None:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("needs unshare and ip")
    tried = unshare(tmp_path, "true")
    if tried.returncode:
        pytest.skip(f"no namespace to be had: {tried.stderr.strip()[:200]}")
    tests = Path(__file__).with_name("namespace_guard.py")
    done = unshare(
        tmp_path, f"cd {ROOT}; exec {sys.executable} -m pytest -p no:cacheprovider --override-ini=addopts= "
        f"--import-mode=importlib {tests}",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
