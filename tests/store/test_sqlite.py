"""SQLite store: wrong files, missing folders, full disks, killed processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.helpers.processes import process_context
from wildcrawl.items import STORED_FIELDS, Advertisement, Change
from wildcrawl.store import (
    OtherRules,
    StoreError,
    StoreGoneError,
    open_store,
    sqlite_health,
    sqlite_other_logs,
    sqlite_schema,
)
from wildcrawl.store.documents import to_document
from wildcrawl.store.sqlite import SQLiteStore
from wildcrawl.store.sqlite_log_pages import read_log
from wildcrawl.store.sqlite_other_logs import lacking, other_logs
from wildcrawl.store.sqlite_schema import COUNT_OTHERWISE, SELECT_PENDING, VERSION

MAY = datetime(2016, 5, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent

LAYOUT_1 = """
CREATE TABLE advertisements (
    site TEXT NOT NULL, ad_id TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
    description TEXT NOT NULL, category TEXT NOT NULL, price TEXT NOT NULL, seller TEXT NOT
    NULL, seller_id TEXT NOT NULL, location TEXT NOT NULL, posted_at TEXT NOT NULL, found_at
    INTEGER NOT NULL, found_by TEXT NOT NULL, image_urls TEXT NOT NULL, images INTEGER,
    videos INTEGER, species TEXT NOT NULL, product_type TEXT NOT NULL, age_claim TEXT NOT
    NULL, verdict TEXT NOT NULL, screened_by TEXT NOT NULL, note TEXT NOT NULL, price_kind
    TEXT NOT NULL, price_cny TEXT, price_usd TEXT, first_seen INTEGER NOT NULL, last_seen
    INTEGER NOT NULL, relevance TEXT NOT NULL, terms TEXT NOT NULL, original_title TEXT NOT
    NULL, original_description TEXT NOT NULL, price_amount TEXT, price_currency TEXT NOT
    NULL, rate TEXT, rate_date TEXT, reason TEXT NOT NULL, audit INTEGER NOT NULL, by_person
    TEXT NOT NULL, first_run TEXT NOT NULL, history TEXT NOT NULL,
    PRIMARY KEY (site, ad_id)
);
CREATE INDEX by_first_seen ON advertisements (first_seen, site, ad_id);
CREATE TABLE passed_over (site TEXT NOT NULL, ad_id TEXT NOT NULL, mark TEXT NOT NULL,
    PRIMARY KEY (site, ad_id)) WITHOUT ROWID;
CREATE TABLE runs (id TEXT PRIMARY KEY, site TEXT NOT NULL, started TEXT NOT NULL,
    document TEXT NOT NULL);
PRAGMA application_id = 0x77696C64;
PRAGMA user_version = 1;
"""

AD_1 = """
INSERT INTO advertisements VALUES (
    'mall', '1', '', '血料', '', '', '', '', '', '', '', 1462060800000, '[]', '[]', NULL,
    NULL, '[]', '', '', 'pending', '', '', '', NULL, NULL, 1462060800000, 1462060800000,
    'likely', '[]', '', '', NULL, '', NULL, NULL, '血料 (code) with 网纹, 平安扣', 0, '[]', '',
    '[]'
)
"""

WRITE_FOR_EVER = """
import sys
from datetime import UTC, datetime, timedelta
from tests.helpers.processes import process_context
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store
store = open_store(sys.argv[1])
batch = 0
while True:
    ads = [
        Advertisement("mall", f"{batch}-{n}", title="牙" * 2000, found_at=datetime.now(UTC))
        for n in range(50)
    ]
    store.record(ads, "run")
    print(batch, flush=True)
    batch += 1
"""

FILL_THE_DISK = """
import resource, sys
from datetime import UTC, datetime, timedelta
from tests.helpers.processes import process_context
from wildcrawl.items import Advertisement
from wildcrawl.store import StoreError, open_store
store = open_store(sys.argv[1])
now = datetime.now(UTC)
ads = [Advertisement("mall", str(n), title="牙" * 2000, found_at=now) for n in range(200)]
store.record(ads[:10], "run")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    store.record(ads, "run")
except StoreError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(len(store.known("mall", [ad.ad_id for ad in ads])))
print([str(each) for each in store.record(ads, "run")].count("new"))
"""

WRITE_WITHOUT_LEAVE = """
import os, sys
from datetime import UTC, datetime, timedelta
from tests.helpers.processes import process_context
from wildcrawl.items import Advertisement
from wildcrawl.store import StoreError, open_store
from wildcrawl.store.sqlite import SQLiteStore
from wildcrawl.store.sqlite_log_pages import read_log
from wildcrawl.store.sqlite_other_logs import lacking, other_logs
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    store = open_store(sys.argv[1])
    store.record([Advertisement("mall", "8", found_at=datetime.now(UTC))], "run")
except StoreError as error:
    print(error)
"""


def run_script(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in a separate process."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def open_and_record(url: str) -> str:
    """Opens a store in one of several concurrent processes."""
    store = open_store(url)
    outcome = store.record([Advertisement("mall", "7", found_at=MAY)], "run")[0]
    store.close()
    return outcome.value


def test_a_relative_path_is_a_file_of_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///自然.db").close()
    assert (tmp_path / "自然.db").is_file()


@pytest.mark.parametrize(
    "url",
    ["sqlite://wildcrawl.db", "sqlite:///", "sqlite:////folder/", "sqlite:///:memory:", "sqlite"],
)
def test_a_url_that_names_no_file_says_how_to_write_it(url: str) -> None:
    with pytest.raises(StoreError, match=r"write sqlite:///wildcrawl.db"):
        open_store(url)


def test_an_unknown_kind_of_store_is_named_without_its_password() -> None:
    with pytest.raises(
        StoreError, match=r"'postgres://\*\*\*@db.example/x' is not valid; write sqlite"
    ):
        open_store("postgres://anna:secret@db.example/x")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        StoreError, match=r"the folder .*absent of the store x.db is missing; create"
    ):
        open_store(f"sqlite:///{tmp_path / 'absent' / 'x.db'}")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="make the file and its folder readable and writable"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("site,ad_id\n" * 1000)
    with pytest.raises(StoreError, match=r"notes.txt.*is not a SQLite database; name another file"):
        open_store(f"sqlite:///{path}")
    assert path.read_text() == "site,ad_id\n" * 1000


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE advertisements (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"other.db is another program's database; name another"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_an_empty_file_is_no_new_store(tmp_path: Path) -> None:
    path = tmp_path / "cut.db"
    path.touch()
    os.utime(path, (0, 0))
    with pytest.raises(StoreError, match=r"cut.db is an empty file: .*; restore a backup, or rem"):
        open_store(f"sqlite:///{path}")
    assert not path.stat().st_size


def test_another_program_cannot_delete_an_advertisement(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.record([Advertisement("mall", "1", title="象牙手镯", found_at=MAY)], "run")
    with closing(sqlite3.connect(path)) as other:
        with pytest.raises(sqlite3.OperationalError, match="no such function: wc_"):
            other.execute("DELETE FROM advertisements")
        assert other.execute("SELECT count(*) FROM advertisements").fetchone() == (1,)


def test_a_file_that_another_process_has_just_begun_is_waited_for(tmp_path: Path) -> None:
    path, made = tmp_path / "new.db", tmp_path / "made.db"
    open_store(f"sqlite:///{made}").close()
    path.touch()
    other = threading.Timer(0.1, lambda: path.write_bytes(made.read_bytes()))
    other.start()
    try:
        with closing(open_store(f"sqlite:///{path}")) as store:
            assert store.is_empty()
    finally:
        other.join()


def test_a_link_to_nothing_is_no_new_store(tmp_path: Path) -> None:
    path, target = tmp_path / "link.db", tmp_path / "away.db"
    path.symlink_to(target)
    with pytest.raises(StoreError, match=r"is a link to .*away.db, which is missing; make it"):
        open_store(f"sqlite:///{path}")
    assert not target.exists()


def test_a_file_of_a_later_version_is_not_touched(sqlite_url: str) -> None:
    open_store(sqlite_url).close()
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as later:
        later.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError, match=r"written by a later wildcrawl .*; update wildcrawl"):
        open_store(sqlite_url)


def test_a_file_of_the_first_layout_is_upgraded_and_loses_nothing(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as early:
        early.executescript(LAYOUT_1)
        early.execute(AD_1)
        early.commit()
    with ProcessPoolExecutor(4, mp_context=process_context()) as pool:
        assert sorted(pool.map(open_and_record, [sqlite_url] * 4)) == [
            "new",
            "seen",
            "seen",
            "seen",
        ]
    store = open_store(sqlite_url)
    ad = store.get("mall", "1")
    assert ad is not None
    assert (ad.title, ad.verdict, ad.strength, ad.supports) == ("血料", "pending", "code", 2)
    assert store.other_rules("rules of today") == OtherRules(open=2)
    assert [each.rules for each in store.tagged_otherwise("rules of today")] == ["", ""]
    assert store.known("mall", ["1", "7"]) == {"1", "7"}
    store.close()
    with closing(sqlite3.connect(path)) as upgraded:
        assert upgraded.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_what_is_read_in_parts_is_what_was_there_at_the_start(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wildcrawl.store.sqlite_frames.CHUNK", 3)
    monkeypatch.setattr("wildcrawl.store.sqlite_frames._SCANNED", 3)
    store = open_store(sqlite_url)
    ads = [Advertisement("mall", str(number), found_at=MAY) for number in range(20)]
    store.record(ads[:7], "run")
    parts, listed = store.frames(columns=["ad_id", "url"]), store.frames(columns=["ad_id"])
    read, narrow = [next(parts)], [next(listed)]
    store.record(ads, "run")
    read += parts
    narrow += listed
    assert [part["ad_id"].to_list() for part in narrow] == [
        part["ad_id"].to_list() for part in read
    ]
    assert [part.height for part in read] == [3, 3, 1]
    assert sorted(pl.concat(read)["ad_id"]) == [str(number) for number in range(7)]
    assert sum(part.height for part in store.frames()) == 20


@pytest.mark.parametrize("few", [0, 100])
def test_the_narrow_listing_has_the_same_columns(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    ads = [
        Advertisement("mall", str(number), found_at=MAY + timedelta(days=number))
        for number in range(40)
    ]
    for number, ad in enumerate(ads):
        ad.species = [["ivory"], ["ivory", "tiger"], []][number % 3]
        ad.verdict, ad.relevance = ["", "valid"][number % 2], "likely"
    store = open_store(sqlite_url)
    store.record(ads, "run")
    columns = ["first_seen", "site", "species", "verdict", "relevance"]
    for start, end in ((0, 40), (3, 9), (35, 90), (50, 60)):
        period = (MAY + timedelta(days=start), MAY + timedelta(days=end))
        whole = store.frame(*period).select(columns)
        monkeypatch.setattr("wildcrawl.store.sqlite_frames._FEW", few)
        monkeypatch.setattr("wildcrawl.store.sqlite_frames._SCANNED", 7)
        parts = [*store.frames(*period, columns)]
        assert sum(part.height for part in parts) == whole.height == max(0, min(40, end) - start)
        if parts:
            assert pl.concat(parts).sort("first_seen").equals(whole)


def test_processes_may_open_a_new_file_at_once(sqlite_url: str) -> None:
    with ProcessPoolExecutor(4, mp_context=process_context()) as pool:
        outcomes = sorted(pool.map(open_and_record, [sqlite_url] * 4))
    assert outcomes == ["new", "seen", "seen", "seen"]


def test_a_file_that_is_being_created_is_not_another_programs(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite_schema.connect
    others: list[threading.Thread] = []

    def open_at_once() -> None:
        open_store(sqlite_url).close()

    def traced(statement: str) -> None:
        # After the first look at the file, and before the last one.
        if "sqlite_master" in statement and not others:
            others.append(threading.Thread(target=open_at_once))
            others[0].start()
            others[0].join(0.5)

    def traced_connection(path: Path, patience: float) -> sqlite3.Connection:
        connection = connect(path, patience)
        connection.set_trace_callback(traced)
        return connection

    monkeypatch.setattr(sqlite_schema, "connect", traced_connection)
    store = open_store(sqlite_url)
    others[0].join()
    assert store.is_empty()
    store.close()


def test_a_process_killed_while_it_writes_loses_no_batch_and_keeps_no_half(sqlite_url: str) -> None:
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, sqlite_url], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert writer.stdout
        done = [int(writer.stdout.readline()) for _ in range(8)][-1]
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.communicate()[0].split()
        done = max([done, *map(int, rest)])
        store = open_store(sqlite_url)
        ids = [ad.ad_id for ad in store.advertisements()]
        store.close()
        batches = {int(ad_id.partition("-")[0]) for ad_id in ids}
        assert len(ids) == 50 * len(batches)
        assert set(range(done + 1)) <= batches


def test_a_full_disk_keeps_what_was_there_and_takes_the_batch_later(sqlite_url: str) -> None:
    error, kept, later = run_script(FILL_THE_DISK, sqlite_url).stdout.splitlines()
    assert "wildcrawl.db: " in error
    assert "the disk" in error
    assert (kept, later) == ("10", "190")


def test_a_file_that_may_not_be_written_is_named() -> None:
    # The other user, as which root runs this test, cannot enter pytest's own folders.
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/wildcrawl.db"
        open_store(url).close()
        (Path(folder) / "wildcrawl.db").chmod(0o444)
        Path(folder).chmod(0o555)
        printed = run_script(WRITE_WITHOUT_LEAVE, url).stdout
        Path(folder).chmod(0o755)
    assert "wildcrawl.db: attempt to write a readonly database; make the file" in printed


def test_other_rules_are_counted_by_an_index_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {COUNT_OTHERWISE}", ("r1",)).fetchall()
    details = [step[-1] for step in plan if "advertisements" in step[-1]]
    assert [detail.partition(" USING ")[2] for detail in details] == [
        "COVERING INDEX by_rules (rules<?)",
        "COVERING INDEX by_rules (rules>?)",
    ]


def test_pending_ones_are_found_by_an_index_and_also_in_a_file_without_it(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}")
    store.record([Advertisement("mall", "1", found_at=MAY, relevance="likely")], "run")
    store.close()
    connection = sqlite3.connect(path)
    (plan,) = connection.execute(f"EXPLAIN QUERY PLAN {SELECT_PENDING}").fetchall()
    assert "USING INDEX by_pending" in plan[-1]
    connection.execute("DROP INDEX by_pending")
    connection.commit()
    connection.close()
    store = open_store(f"sqlite:///{path}")
    assert [ad.ad_id for ad in store.pending()] == ["1"]
    store.close()


def test_a_damaged_file_is_found_and_the_check_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        ads = [Advertisement("mall", str(n), title="牙" * 900, found_at=MAY) for n in range(300)]
        store.record(ads, "run")
        assert store.check_intact()
        assert not store.check_intact(seconds=-1.0)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\x55" * 20_000)
    damaged = pytest.raises(StoreError, match=r"the file is damaged .*; restore a backup")
    with closing(open_store(f"sqlite:///{path}")) as store, damaged:
        store.check_intact()


@pytest.mark.parametrize("deleted", [True, False])
def test_a_backup_put_over_a_store_in_use_is_not_damaged_by_its_log(
    tmp_path: Path, deleted: bool
) -> None:
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    ads = [Advertisement("mall", str(n), title="牙" * 90, found_at=MAY) for n in range(300)]
    for file, stored in ((backup, ads[:3]), (path, ads[:200])):
        with closing(open_store(f"sqlite:///{file}")) as store:
            store.record(stored, "run")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.record(ads[200:], "run")
        if deleted:
            path.unlink()
        else:
            backup.replace(path)
        with pytest.raises(StoreGoneError):
            store.record(ads, "run")
    if deleted:
        backup.replace(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert store.check_intact()
        assert [ad.ad_id for ad in store.advertisements()] == ["0", "1", "2"]
    assert len(list(tmp_path.glob("store.db-wal-of-replaced-*"))) == 1


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("length", [9, 2_500])
def test_what_was_written_to_a_file_since_its_backup_is_read_from_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool, length: int
) -> None:
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    url, text = f"sqlite:///{path}", "牙" * length  # 7,500 bytes go on in further pages
    ads = [Advertisement("mall", f"{n}", title=f"{text}{n}", found_at=MAY) for n in range(120)]
    with closing(open_store(url)) as store:
        store.record(ads[:40], "run")
    if fresh:
        open_store(f"sqlite:///{backup}").close()
    else:
        shutil.copy(path, backup)
    # What SQLite moves to the file from its log is lost with the file.
    with closing(open_store(url)) as store:
        store.record(ads[40:80], "run")
    with closing(open_store(url)) as store:
        store.record(ads[80:], "run")
        backup.replace(path)
    with closing(open_store(url)) as store:
        (log,) = other_logs(path)
        found = {ad.ad_id: ad for ad in lacking(path, log, store)}
        assert {f"{n}" for n in range(80, 120)} <= found.keys()
        assert all(ad.title == f"{text}{n}" for n, ad in found.items())
        assert all(ad.first_seen == ad.found_at == MAY for ad in found.values())
        stored = {ad.ad_id for ad in store.advertisements()}
        assert stored == (set() if fresh else {f"{n}" for n in range(40)})
        assert not stored & found.keys()
        store.record(list(found.values()), "import")
        assert list(lacking(path, log, store)) == []
    if length > 9:
        pages = read_log(log)
        # Pages in which a row goes on begin with the number of the next one.
        del pages.pages[next(number for number, page in pages.pages.items() if page[0] == 0)]
        monkeypatch.setattr(sqlite_other_logs, "read_log", lambda _: pages)
        unread = pytest.raises(StoreError, match=r"and 1 advertisement goes on in pages that")
        with closing(open_store(url)) as store, unread:
            list(lacking(path, log, store))
        monkeypatch.undo()
    # What was changed or cut ends what can be trusted: in a page, a frame's mark, the head.
    whole = log.read_bytes()
    for at, left in ((-2_000, len(whole)), (32 + 9, len(whole)), (9, len(whole)), (0, 20)):
        changed = bytearray(whole[:left])
        changed[at] ^= 1
        log.write_bytes(changed)
        damaged = pytest.raises(
            StoreError, match=r"only (\d+) of the (?!\1 )\d+ pages of .* can be"
        )
        with closing(open_store(url)) as store, damaged:
            list(lacking(path, log, store))


@pytest.mark.parametrize("happens", ["removed or replaced", "cut short"])
def test_a_log_that_is_removed_or_cut_is_noticed_before_more_is_written(
    tmp_path: Path, happens: str
) -> None:
    path, log = tmp_path / "store.db", tmp_path / "store.db-wal"
    ads = [Advertisement("mall", str(n), title="牙" * 90, found_at=MAY) for n in range(300)]
    with closing(open_store(f"sqlite:///{path}")) as store:
        for start in range(0, 200, 50):
            store.record(ads[start : start + 50], "run")
        if happens == "cut short":
            os.truncate(log, log.stat().st_size // 2)
        else:
            log.unlink()
        assert not store.is_current()
        for act in (lambda: store.record(ads[200:], "run"), lambda: store.check_present("run")):
            with pytest.raises(StoreGoneError, match=f"the log beside it was {happens}"):
                act()
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert store.check_intact()
        left = len(list(store.advertisements()))
        assert left < 200 if happens == "cut short" else left == 200


def test_a_log_that_erasing_empties_is_not_one_that_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    ads = [Advertisement("mall", str(n), title="牙" * 90, found_at=MAY) for n in range(200)]
    with (
        closing(open_store(f"sqlite:///{path}")) as store,
        closing(open_store(f"sqlite:///{path}")) as eraser,
    ):
        store.record(ads[:150], "run")
        assert eraser.forget([("mall", "0")], lambda _: None) == 1
        assert (tmp_path / "store.db-wal").stat().st_size == 0
        store.record(ads[150:], "run")
        assert store.is_current()
        assert len(list(store.advertisements())) == 199
        # Its own need not be checked.
        monkeypatch.setattr(sqlite_health, "check_intact", None)
        assert store.forget([("mall", "1")], lambda _: None) == 1
        assert store.is_current()


@pytest.mark.skipif(not Path("/proc/locks").is_file(), reason="who has a file open is not listed")
def test_the_log_of_another_process_is_not_deleted_in_place_of_a_removed_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "store.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.record([Advertisement("mall", "1", title="牙", found_at=MAY)], "run")
        for name in ("store.db-wal", "store.db-shm"):
            (tmp_path / name).unlink()
        code = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE a (b)')"
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
        written = (tmp_path / "store.db-wal").stat().st_size
    (kept,) = other_logs(path)
    assert kept.stat().st_size == written > 0


@pytest.mark.skipif(not Path("/proc/locks").is_file(), reason="who has a file open is not listed")
@pytest.mark.parametrize(("before", "own"), [(0, 0), (3, 0), (300, 300)])
def test_what_another_process_wrote_to_a_log_beside_the_store_can_be_read(
    tmp_path: Path, before: int, own: int
) -> None:
    path = tmp_path / "store.db"
    url = f"sqlite:///{path}"
    mall = [Advertisement("mall", f"{n}", title="牙" * 90, found_at=MAY) for n in range(600)]
    with closing(open_store(url)) as store:
        store.record(mall[:before], "run")
    with closing(open_store(url)) as store:
        store.record(mall[before : before + own], "run")
        for name in ("store.db-wal", "store.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        subprocess.run([sys.executable, "-c", _WRITES_AND_ENDS, url], cwd=ROOT, check=True)
    with closing(open_store(url)) as store:
        (log,) = other_logs(path)
        found = list(lacking(path, log, store))
        # One that is stored was seen again, by another keyword.
        again = [ad for ad in found if ad.site == "mall"]
        assert [(ad.ad_id, ad.found_by) for ad in again] == [("0", ["牙"])] * (before > 0)
        others = [ad for ad in found if ad.site == "other"]
        assert {ad.ad_id for ad in others} == {f"{n}" for n in range(400)}
        assert len(others) == 400 + 1  # one was seen twice
        store.record(found, "import")
        assert list(lacking(path, log, store)) == []
        damaged = log.read_bytes()
        log.write_bytes(damaged[:5000] + b"x" + damaged[5001:])
        with pytest.raises(StoreError, match=r"only \d+ of the \d+ pages"):
            list(lacking(path, log, store))


_WRITES_AND_ENDS = """
import os, sys
from datetime import UTC, datetime, timedelta
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store
may = datetime(2016, 5, 1, tzinfo=UTC)
store = open_store(sys.argv[1])
ads = [Advertisement("other", f"{n}", title="象牙" * 90, found_at=may) for n in range(400)]
store.record(ads, "other")
store.record([Advertisement("other", "7", found_at=may + timedelta(days=3))], "other")
if store.get("mall", "0"):
    store.record([Advertisement("mall", "0", found_by=["牙"], found_at=may)], "other")
os._exit(0)
"""
"""A process that writes to a store and ends as if it were killed."""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed in /proc")
def test_writing_keeps_the_copies_of_pages_in_memory(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "wildcrawl.db")
    ads = [
        Advertisement(
            "mall", f"{n}", title=f"象牙 {n}", found_at=MAY, first_seen=MAY, last_seen=MAY
        )
        for n in range(400)
    ]
    with store._transaction() as connection:
        connection.executemany(sqlite_schema.UPSERT, map(sqlite_schema.to_row, ads))
        files = {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}
    store.close()
    assert any("wildcrawl.db" in name for name in files)
    assert not any("etilqs" in name for name in files)


def test_the_log_of_a_replaced_file_remains_once_its_successor_is_in_use(tmp_path: Path) -> None:
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    ads = [Advertisement("mall", str(n), title="牙", found_at=MAY) for n in range(3)]
    for file in (backup, path):
        with closing(open_store(f"sqlite:///{file}")) as store:
            store.record(ads[:1], "run")
    with closing(open_store(f"sqlite:///{path}")) as replaced:
        replaced.record(ads[:1], "again")
        backup.replace(path)
        with closing(open_store(f"sqlite:///{path}")) as successor:
            successor.record(ads[1:2], "run")
            replaced.close()
            successor.record(ads[2:], "run")
            with closing(open_store(f"sqlite:///{path}")) as other:
                assert [ad.ad_id for ad in other.advertisements()] == ["0", "1", "2"]
    assert not list(tmp_path.glob("store.db-wal-of-replaced-*"))


def test_a_row_has_the_values_of_the_document() -> None:
    ad = Advertisement(
        "mall", "7", title='老"象牙"', found_at=MAY, first_seen=MAY, last_seen=MAY,
        found_by=["象牙", 'a"b\\c', "\n"], price_amount=Decimal("1E+3"), rate=Decimal("6.89"),
        rate_date=date(2017, 4, 14), images=2, audit=True,
        history=[Change(MAY, "title", "旧", "新"), Change(MAY, "verdict", "", "valid", "Li")],
    )  # fmt: skip
    document = to_document(ad)
    row = dict(zip(STORED_FIELDS, sqlite_schema.to_row(ad), strict=True))
    assert json.loads(row["found_by"]) == document["found_by"]
    assert row["found_by"] == json.dumps(document["found_by"], ensure_ascii=False)
    assert (row["species"], row["price_cny"]) == ("[]", None)
    assert (row["price_amount"], row["rate_date"]) == ("1000", "2017-04-14")
    assert row["found_at"] == 1_462_060_800_000
    moment = MAY.isoformat()
    assert json.loads(row["history"]) == [
        {"at": moment, "field": "title", "old": "旧", "new": "新"},
        {"at": moment, "field": "verdict", "old": "", "new": "valid", "by": "Li"},
    ]
    assert sqlite_schema.from_row(tuple(row.values())) == ad


def test_the_log_of_a_deleted_store_is_kept_before_a_new_one_begins(tmp_path: Path) -> None:
    path, log = tmp_path / "store.db", tmp_path / "store.db-wal"
    url = f"sqlite:///{path}"
    with closing(open_store(url)) as store:
        store.record([Advertisement("fair", "1", title="象牙", found_at=datetime.now(UTC))], "r1")
        written = log.read_bytes()
    path.unlink()
    log.write_bytes(written)
    with pytest.raises(StoreError, match="was deleted or moved, and its log") as told:
        open_store(url)
    (kept,) = tmp_path.glob("store.db-wal-of-replaced-*")
    assert kept.name in str(told.value)
    assert kept.read_bytes() == written
    assert not path.exists()
    with closing(open_store(url)) as store:
        assert store.get("fair", "1") is None
    assert kept.read_bytes() == written
