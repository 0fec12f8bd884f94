"""The archiver: one thread writes, syncs are shared, and nothing is reported before it is on disk."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.errors import Reason, StorageError
from crawler.fetch.archiver import Archiver
from crawler.warc.exchange import Exchange, Pointer, Provenance

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def exchange(url: str) -> Exchange:
    return Exchange(url=url, started=NOW)


class Disk:
    """A writer that keeps a diary and can be held up or made to fail."""

    def __init__(self, fails: dict[str, Exception] | None = None) -> None:
        self.diary: list[str] = []
        self.threads: set[int] = set()
        self.fails = fails or {}
        self.go = threading.Event()
        self.go.set()

    def _do(self, what: str) -> None:
        self.go.wait(5)
        self.threads.add(threading.get_ident())
        self.diary.append(what)
        if what in self.fails:
            raise self.fails[what]

    def write(self, exchange: Exchange) -> Pointer:
        self._do(exchange.url)
        return Pointer(record_id=exchange.url, filename=None, offset=None, length=None, payload_digest="")

    def write_failure(self, url: str, started: datetime, provenance: Provenance, reason: Reason, detail: str) -> None:
        self._do(f"failure {url} {reason} {detail}")

    def sync(self) -> None:
        self._do("sync")

    def close(self) -> None:
        self._do("close")


async def settled(*waiting: Any) -> list[Any]:
    return await asyncio.gather(*waiting, return_exceptions=True)


def test_pointers_come_back_in_order_after_a_sync() -> None:
    async def go() -> None:
        disk = Disk()
        archiver = Archiver(disk)
        pointers = await archiver.store([exchange("a"), exchange("b")])
        assert [each.record_id for each in pointers] == ["a", "b"]
        assert disk.diary == ["a", "b", "sync"]
        await archiver.store_failure("c", started=NOW, provenance=Provenance(), reason=Reason.TIMEOUT, detail="slow")
        assert disk.diary[3:] == ["failure c timeout slow", "sync"]
        await archiver.close()
        await archiver.close()
        assert disk.diary[5:] == ["close"]
        assert len(disk.threads) == 1
        assert threading.get_ident() not in disk.threads

    asyncio.run(go())


def test_what_comes_while_a_sync_runs_shares_the_next_one() -> None:
    async def go() -> None:
        disk = Disk()
        disk.go.clear()
        archiver = Archiver(disk)
        first = asyncio.create_task(archiver.store([exchange("0")]))
        await asyncio.sleep(0)
        others = [asyncio.create_task(archiver.store([exchange(str(i))])) for i in range(1, 51)]
        await asyncio.sleep(0)
        assert not first.done()
        disk.go.set()
        await settled(first, *others)
        assert disk.diary == ["0", "sync", *map(str, range(1, 51)), "sync"]
        await archiver.close()

    asyncio.run(go())


@pytest.mark.parametrize("where", ["b", "sync"])
@pytest.mark.parametrize("error", [StorageError("disk full"), OSError(28, "No space left on device")])
def test_when_the_disk_gives_out_nothing_is_reported_as_captured(where: str, error: Exception) -> None:
    async def go() -> None:
        told: list[StorageError] = []
        disk = Disk({where: error})
        archiver = Archiver(disk, told.append)
        results = await settled(*(archiver.store([exchange(each)]) for each in "abc"))
        assert all(isinstance(each, StorageError) for each in results)
        diary = list(disk.diary)
        (later,) = await settled(archiver.store([exchange("d")]))
        assert isinstance(later, StorageError)
        assert disk.diary == diary
        assert told == [later]
        await archiver.close()

    asyncio.run(go())


def test_an_exchange_that_cannot_be_written_costs_only_itself() -> None:
    async def go() -> None:
        told: list[StorageError] = []
        disk = Disk({"b": ValueError("bad")})
        archiver = Archiver(disk, told.append)
        a, b, c = await settled(*(archiver.store([exchange(each)]) for each in "abc"))
        assert a[0].record_id == "a"
        assert c[0].record_id == "c"
        assert isinstance(b, ValueError)
        assert told == []
        await archiver.close()

    asyncio.run(go())


def test_closing_writes_what_is_waiting_and_takes_nothing_more() -> None:
    async def go() -> None:
        disk = Disk()
        disk.go.clear()
        archiver = Archiver(disk)
        waiting = [asyncio.create_task(archiver.store([exchange(each)])) for each in "ab"]
        await asyncio.sleep(0)
        closing = asyncio.create_task(archiver.close())
        await asyncio.sleep(0)
        disk.go.set()
        results = await settled(*waiting)
        await closing
        assert [each[0].record_id for each in results] == ["a", "b"]
        assert disk.diary == ["a", "b", "sync", "close"]
        with pytest.raises(StorageError, match="closed"):
            await archiver.store([exchange("c")])

    asyncio.run(go())


def test_who_goes_away_does_not_hold_up_the_others() -> None:
    async def go() -> None:
        disk = Disk()
        disk.go.clear()
        archiver = Archiver(disk)
        gone = asyncio.create_task(archiver.store([exchange("a")]))
        stays = asyncio.create_task(archiver.store([exchange("b")]))
        await asyncio.sleep(0)
        gone.cancel()
        disk.go.set()
        assert (await stays)[0].record_id == "b"
        await archiver.close()

    asyncio.run(go())
