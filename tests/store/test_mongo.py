"""MongoDB store: missing servers, broken connections, dead writers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from tests.helpers.mongodb_server import MongoServer, NoServerError
from tests.helpers.ports import free_port
from wildcrawl.items import Advertisement, Change, Verdict
from wildcrawl.processes import own_process
from wildcrawl.store import Outcome, StoreError, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.documents import to_document
from wildcrawl.store.merge import checked, first
from wildcrawl.store.mongo import MongoStore
from wildcrawl.store.mongo_client import WriterLock
from wildcrawl.store.verdicts import JudgedMeanwhileError, seen_state

MAY = datetime(2016, 5, 1, tzinfo=UTC)
NEW, SEEN = Outcome.NEW, Outcome.SEEN


@pytest.fixture
def database(mongodb_url: str) -> Iterator[Database[dict[str, Any]]]:
    """The test's database, opened without the store."""
    with MongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as client:
        yield client.get_default_database()


@pytest.fixture
def own_server(mongodb_server_url: str, tmp_path: Path) -> Iterator[MongoServer]:
    """A separate server that the test can stop."""
    try:
        server = MongoServer(tmp_path)
    except NoServerError as error:
        pytest.skip(f"only a server elsewhere: {error}")
    server.start()
    yield server
    server.stop()


def ads(count: int, **given: Any) -> list[Advertisement]:
    """Some advertisements."""
    return [Advertisement("mall", str(n), **{"found_at": MAY, **given}) for n in range(count)]


def test_an_advertisement_is_the_document_site_colon_ad_id(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    store = open_store(mongodb_url)
    store.record([Advertisement("mall", "a:7", found_at=MAY)], "run")
    store.record([Advertisement("a:b", "7", found_at=MAY)], "run")
    store.close()
    assert {each["_id"] for each in database["advertisements"].find()} == {"mall:a:7", "a%3Ab:7"}


def test_a_missing_server_is_named_without_its_password() -> None:
    url = f"mongodb://anna:s3cret@127.0.0.1:{free_port()}/wildcrawl?serverSelectionTimeoutMS=200"
    start = time.monotonic()
    with pytest.raises(
        StoreError, match=r"mongodb://\*\*\*@127.0.0.1:\d+/wildcrawl does not answer"
    ):
        open_store(url)
    assert time.monotonic() - start < 5
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "s3cret" not in str(caught.value)
    assert "start the server" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://anna:s3@cret@host/wildcrawl",
        "mongodb://anna:s3cret@host:port/wildcrawl",
        "mongodb://anna:s3cret@/wildcrawl",
        "mongodb://anna:s3cret@host/wild crawl",
        "mongodb://anna:s3cret@host/wildcrawl?serverSelectionTimeoutMS=soon&x=s3cret",
        "mongodb+srv://anna:s3cret@host/wildcrawl",
    ],
)
def test_a_wrong_url_shows_the_fix_and_never_the_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"mongodb(\+srv)?://\*\*\*@.* write mongodb://") as caught:
        open_store(url + ("&" if "?" in url else "?") + "connectTimeoutMS=300")
    error: BaseException | None = caught.value
    while error:
        assert "s3" not in str(error)
        error = error.__cause__


def test_unacknowledged_writes_are_refused(mongodb_url: str) -> None:
    with pytest.raises(StoreError, match="with w=0 writes are not confirmed"):
        open_store(f"{mongodb_url}?w=0")


def test_the_database_is_wildcrawl_unless_the_url_names_one(own_server: MongoServer) -> None:
    store = open_store(own_server.url)
    store.record(ads(1), "run")
    store.close()
    with MongoClient[dict[str, Any]](own_server.url) as client:
        assert client["wildcrawl"]["advertisements"].count_documents({}) == 1


def test_a_database_of_a_later_version_is_not_touched(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    database["layout"].insert_one({"_id": "layout", "version": 99})
    with pytest.raises(StoreError, match=r"later wildcrawl \(layout 99, .*; update wildcrawl"):
        open_store(mongodb_url)
    assert database.list_collection_names() == ["layout"]


@pytest.mark.parametrize(
    ("collection", "document"),
    [
        ("advertisements", {"_id": 1, "headline": "cars"}),
        ("runs", {"_id": 1}),
        ("layout", {"_id": "page", "columns": 2}),
        ("layout", {"_id": "layout", "version": "wide"}),
    ],
)
def test_the_database_of_another_program_is_not_touched(
    mongodb_url: str, database: Database[dict[str, Any]], collection: str, document: dict[str, Any]
) -> None:
    database[collection].insert_one(document)
    with pytest.raises(StoreError, match=f"'{collection}' has documents.*name another database"):
        open_store(mongodb_url)
    assert database.list_collection_names() == [collection]


def test_a_database_shared_with_other_collections_is_used(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    database["inventory"].insert_one({"_id": 1})
    store = open_store(mongodb_url)
    assert store.record(ads(1), "run") == [NEW]
    store.close()


def test_a_server_away_for_a_moment_costs_nothing(own_server: MongoServer) -> None:
    store = MongoStore(f"{own_server.url}?serverSelectionTimeoutMS=500", patience=60)
    assert store.record(ads(20), "run-1") == [NEW] * 20
    own_server.stop()
    restart = threading.Timer(1.5, own_server.start)
    restart.start()
    more = ads(40, found_at=MAY + timedelta(days=1), price="1元")
    outcomes = store.record(more, "run-2")
    restart.join()
    assert outcomes == [Outcome.CHANGED] * 20 + [NEW] * 20
    assert store.record(more, "run-2") == [SEEN] * 40
    store.close()


def test_a_server_away_for_long_is_an_error_and_the_batch_can_be_recorded_later(
    own_server: MongoServer,
) -> None:
    store = MongoStore(f"{own_server.url}?serverSelectionTimeoutMS=200", patience=0.5)
    own_server.stop()
    with pytest.raises(StoreError, match="does not answer"):
        store.record(ads(20), "run-1")
    own_server.start()
    assert store.record(ads(20), "run-1") == [NEW] * 20
    store.close()


@pytest.mark.parametrize("insert_first", [False, True])
def test_what_a_broken_try_had_written_counts_as_new_once(
    mongodb_url: str, database: Database[dict[str, Any]], insert_first: bool
) -> None:
    """The connection breaks after half of a batch was written, before the answer came."""
    store = MongoStore(mongodb_url)
    store._insert_first = insert_first
    half = [first(ad, "run-1") for ad in checked(ads(5))]

    class BreaksOnce:
        def __init__(self) -> None:
            self.broken = False

        def __getattr__(self, name: str) -> Any:
            return getattr(database["advertisements"], name)

        def insert_many(self, documents: list[dict[str, Any]], **options: Any) -> Any:
            from pymongo.errors import AutoReconnect

            if not self.broken:
                self.broken = True
                self.insert_many(
                    [{"_id": f"mall:{ad.ad_id}", **to_document(ad)} for ad in half], **options
                )
                raise AutoReconnect("connection closed")
            return database["advertisements"].insert_many(documents, **options)

    store._ads = BreaksOnce()  # type: ignore[assignment]
    assert store.record(ads(10), "run-1") == [NEW] * 10
    assert store.record(ads(10), "run-1") == [SEEN] * 10
    store.close()


@pytest.mark.parametrize("insert_first", [False, True])
def test_a_writer_that_ignored_the_lock_is_merged_with(
    mongodb_url: str, database: Database[dict[str, Any]], insert_first: bool
) -> None:
    """Simulates an expired lease: another process inserts between reading and writing."""
    store = MongoStore(mongodb_url)
    store._insert_first = insert_first

    class Overtaken:
        def __init__(self) -> None:
            self.done = False

        def __getattr__(self, name: str) -> Any:
            return getattr(database["advertisements"], name)

        def insert_many(self, documents: list[dict[str, Any]], **options: Any) -> Any:
            if not self.done:
                self.done = True
                theirs = first(checked(ads(1, found_by=["theirs"]))[0], "other")
                self.insert_many([{"_id": "mall:0", **to_document(theirs)}])
            return database["advertisements"].insert_many(documents, **options)

    store._ads = Overtaken()  # type: ignore[assignment]
    assert store.record(ads(3, found_by=["ours"]), "run-1") == [SEEN, NEW, NEW]
    ad = store.get("mall", "0")
    store.close()
    assert ad is not None
    assert (ad.found_by, ad.first_run) == (["theirs", "ours"], "other")


def test_a_writer_that_died_holds_others_up_for_its_lease_only(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    dead = {"_id": "writer mall", "token": "t", "holder": "a dead process"}
    database["locks"].insert_one(dead)
    store = MongoStore(mongodb_url, lease=0.5)
    store.record(ads(1), "run")
    store.record([Advertisement("market", "1", found_at=MAY)], "run")
    start = time.monotonic()
    # Writers of another site do not wait for it.
    assert store.record([Advertisement("market", "1", found_at=MAY)], "run") == [SEEN]
    assert database["locks"].count_documents({}) == 1
    assert store.record(ads(1), "run") == [SEEN]
    assert time.monotonic() - start >= 0.5
    assert database["locks"].count_documents({}) == 0
    store.close()


def test_a_writer_that_died_on_this_machine_holds_nobody_up(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    gone = "/".join([*own_process().split("/")[:3], "1"])
    dead = {"_id": "writer mall", "token": "t", "holder": "it", "process": gone}
    database["locks"].insert_one(dead)
    store = MongoStore(mongodb_url, lease=600)
    assert store.record(ads(1), "run") == [NEW]
    assert store.record(ads(1), "run") == [SEEN]
    store.close()


def test_a_lock_is_renewed_while_a_slow_batch_is_written(
    database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    slow, other = (WriterLock(database["locks"], lease=1.5) for _ in range(2))
    slow._process = other._process = ""
    other._queues = tmp_path  # on another machine, the queue is another one
    taken: list[float] = []

    def take() -> None:
        with other.held("mall"):
            taken.append(time.monotonic())

    with slow.held("mall", "market"):
        thread = threading.Thread(target=take)
        thread.start()
        # Four renewals, one each 0.5 s, take longer than the lease.
        while not database["locks"].count_documents({"_id": "writer mall", "beat": {"$gt": 4}}):
            time.sleep(0.01)
        released = time.monotonic()
    thread.join()
    assert taken[0] >= released


def test_a_machine_that_releases_a_lock_for_which_another_waits_lets_that_have_it_first(
    database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Long enough for a machine on which a thread waits for its processor.
    monkeypatch.setattr("wildcrawl.store.turns.LONGEST", 0.5)
    mine, theirs = (WriterLock(database["locks"]) for _ in range(2))
    theirs._queues = tmp_path  # on another machine, the queue is another one
    turns: list[str] = []

    def wait() -> None:
        with theirs.held("mall"):
            turns.append("theirs")

    with mine.held("mall"):
        thread = threading.Thread(target=wait)
        thread.start()
        while not database["locks"].count_documents({"wanted": True}):
            time.sleep(0.01)
        # What is waited for long is asked for often.
        time.sleep(0.3)
        turns.append("mine")
    with mine.held("mall"):
        turns.append("mine")
    thread.join()
    assert turns == ["mine", "theirs", "mine"]


def test_the_writers_of_one_machine_queue_and_only_the_first_asks_the_server(
    database: Database[dict[str, Any]],
) -> None:
    holder, *others = (WriterLock(database["locks"]) for _ in range(4))
    turns: list[str] = []

    def wait(lock: WriterLock, name: str) -> None:
        with lock.held("mall"):
            turns.append(name)

    threads = [
        threading.Thread(target=wait, args=(lock, name))
        for lock, name in zip(others, "bcd", strict=True)
    ]
    with holder.held("mall"):
        for thread in threads:
            thread.start()
            time.sleep(0.1)
        (found,) = database["locks"].find()
        assert "wanted" not in found
        turns.append("a")
    for thread in threads:
        thread.join()
    assert "".join(turns) == "abcd"
    assert not list(database["locks"].find())


def test_writers_queue_in_one_place_whether_their_server_has_answered_yet_or_not(
    mongodb_url: str,
) -> None:
    with MongoClient[dict[str, Any]](mongodb_url, connect=False) as client:
        lock = WriterLock(client.get_default_database()["locks"])
        before = lock._queue_of("writer mall")
        client.admin.command("ping")
        assert lock._queue_of("writer mall") == before


def test_new_advertisements_wait_for_no_lock(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    database["locks"].insert_one({"_id": "writer mall", "token": "t", "holder": "another process"})
    store = open_store(mongodb_url)
    assert store.record(ads(20), "run") == [NEW] * 20
    store.close()


def test_what_several_write_at_once_is_neither_lost_nor_counted_twice(mongodb_url: str) -> None:
    """Four writers record the same advertisements, each with a keyword of its own."""
    stores = {name: MongoStore(mongodb_url) for name in "abcd"}

    def write(name: str) -> list[Outcome]:
        own = ads(24, found_by=[name])
        own = own[:12] if name < "c" else own[::-1]
        return [
            each
            for start in range(0, len(own), 6)
            for each in stores[name].record(own[start : start + 6], name)
        ]

    with ThreadPoolExecutor(len(stores)) as pool:
        outcomes = [each for written in pool.map(write, stores) for each in written]
    found_by = {ad.ad_id: set(ad.found_by) for ad in stores["a"].advertisements()}
    for store in stores.values():
        store.close()
    assert outcomes.count(NEW) == 24
    assert outcomes.count(SEEN) == 48
    assert found_by == {str(n): set("abcd") if n < 12 else set("cd") for n in range(24)}


def test_a_lock_that_others_keep_is_an_error_in_the_end(
    database: Database[dict[str, Any]],
) -> None:
    others = {"_id": "writer mall", "token": "t", "holder": "another process"}
    database["locks"].insert_one(others)
    lock = WriterLock(database["locks"], lease=60, patience=0.3)
    with pytest.raises(StoreError, match="other processes have been writing"), lock.held("mall"):
        pass


def test_histories_are_appended_to_and_lists_grow_in_the_database_itself(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    """Concurrent changes by another process are neither overwritten nor undone."""
    store = open_store(mongodb_url)
    store.record(ads(1, title="牙", price="2元", found_by=["a"]), "run")
    june = MAY + timedelta(days=31)
    for name, value in (("found_by", "b"), ("by_person", "species")):
        database["advertisements"].update_one({"_id": "mall:0"}, {"$push": {name: value}})
    store.record(ads(1, price="1元", found_by=["c"], found_at=june), "run-2")
    ad = store.get("mall", "0")
    store.close()
    assert ad is not None
    assert (ad.found_by, ad.by_person, ad.last_seen) == (["a", "b", "c"], ["species"], june)
    assert ad.history == [Change(june, "price", "2元", "1元")]


def test_a_new_database_may_be_opened_by_several_at_once(mongodb_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = [
            each.result() for each in [pool.submit(open_store, mongodb_url) for _ in range(8)]
        ]
    for number, each in enumerate(stores):
        assert each.record([Advertisement("mall", str(number), found_at=MAY)], "run") == [NEW]
        each.close()


@pytest.mark.parametrize("by_id_alone", [True, False])
def test_a_verdict_on_what_another_judged_meanwhile_is_not_written(
    mongodb_url: str, monkeypatch: pytest.MonkeyPatch, by_id_alone: bool
) -> None:
    monkeypatch.setattr(MongoStore, "_finds_by_id_alone", by_id_alone)
    with closing(MongoStore(mongodb_url)) as store, closing(MongoStore(mongodb_url)) as other:
        store.record([Advertisement("fair", "1", title="牙雕", found_at=MAY)], "run")
        read = store._stored

        def overtaken(keys: list[tuple[str, str]]) -> dict[tuple[str, str], Advertisement]:
            stored = read(keys)
            monkeypatch.setattr(store, "_stored", read)
            # As if this process had been stopped for longer than the lease.
            assert other.database["locks"].delete_one({"_id": "writer fair"}).deleted_count
            other.judge("fair", "1", Decision(Verdict.FAKE, "Wang", "", MAY))
            return stored

        monkeypatch.setattr(store, "_stored", overtaken)
        stored = store.get("fair", "1")
        assert stored
        with pytest.raises(JudgedMeanwhileError):
            store.judge(
                "fair", "1", Decision(Verdict.VALID, "Li", "", MAY, seen=seen_state(stored))
            )
        judged = store.get("fair", "1")
        assert judged
        assert (judged.verdict, judged.screened_by) == ("fake", "Wang")
        assert [change.by for change in judged.history] == ["Wang"]
