"""What is written so that it survives a power loss: which bytes and names are synced, in which order, and what a failure leaves."""

import os
from pathlib import Path

import pytest

from crawler.disk import append_file, replace_file, replacing, sync_file


@pytest.fixture
def synced(monkeypatch):
    """Names of files and folders in the order in which they were synced."""
    names = []
    real = os.fsync

    def note(handle):
        names.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    return names


def test_bytes_are_synced_before_the_name_and_a_name_each_time(tmp_path, synced):
    folder = tmp_path / "f"
    folder.mkdir()
    assert append_file(folder / "a", b"one\n") == 4
    assert synced == ["a", "f"]
    assert append_file(folder / "a", b"two\n") == 8
    assert synced[2:] == ["a", "f"], "who made the file may have been killed before its name was synced"
    sync_file(folder / "a")
    assert synced[4:] == ["a"]
    assert (folder / "a").read_bytes() == b"one\ntwo\n"


def test_a_replaced_file_is_synced_before_it_takes_its_place(tmp_path, synced):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a").write_bytes(b"old")
    with replacing(folder / "a") as file:
        file.write(b"new")
        assert (folder / "a").read_bytes() == b"old"
        assert synced == []
    assert ((folder / "a").read_bytes(), synced) == (b"new", ["a.new", "f"])


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    replace_file(tmp_path / "new folder" / "a", [b"old"])

    def pieces():
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        replace_file(tmp_path / "new folder" / "a", pieces())
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "new folder").iterdir()] == [("a", b"old")]
