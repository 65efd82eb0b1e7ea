"""Backups: everything moves between the stores, proved by counts and digests, or not at all."""

from __future__ import annotations

import json
import resource
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.helpers.evidence_data import keep_capture, photograph
from wildcrawl.evidence import open_objects
from wildcrawl.evidence.needed import objects_needed
from wildcrawl.items import Advertisement, Run, Verdict
from wildcrawl.store import StoreError, existing_store, open_store
from wildcrawl.store.backup import (
    Backup,
    BackupError,
    file_in,
    opened_backup,
    restore_backup,
    write_backup,
)
from wildcrawl.store.corrections import Decision
from wildcrawl.store.empty import empty_store
from wildcrawl.store.sqlite import SQLiteStore
from wildcrawl.utils import NotWrittenError

MAY = datetime(2016, 5, 1, 3, 4, 5, 678000, tzinfo=UTC)


def fill(url: str, evidence: Path) -> None:
    """Stores one of everything that a backup must bring back."""
    with closing(open_store(url)) as store:
        ad = Advertisement("a:b", "7", title="老象牙手镯", price="1元", found_at=MAY)
        ad.price_cny, ad.rules, ad.relevance = Decimal("1.00"), "r", "likely"
        store.record([ad, Advertisement("mall", "x", title="\ud83d", found_at=MAY)], "r1")
        later = Advertisement("a:b", "7", title="老象牙手镯", price="2元")
        later.found_at = MAY + timedelta(days=40)
        store.record([later], "r2")
        store.judge("a:b", "7", Decision(Verdict.VALID, "anna", "note", MAY + timedelta(days=41)))
        store.save_run(Run("r1", "mall", MAY, MAY, keywords=["象牙"], yields={"象.牙": (3, 1)}))
        store.save_run(Run("r2", "mall", MAY, coverage={"title": (1, 2)}))
        store.save_unmatched("a:b", {"9:9": "mark"})
        store.put_documents("notified", {"a\nb": {"text": "通知", "numbers": [1, None]}})
    keep_capture(evidence.parent, "picture", photograph(1), store_url=url)


def backed_up(url: str, path: Path, evidence: Path) -> Backup:
    with closing(open_store(url)) as store:
        objects = open_objects(evidence)
        return write_backup(path, store, objects, objects_needed, {"keywords.yaml": b"groups:"})


def restored(path: Path, url: str, evidence: Path) -> None:
    with opened_backup(path) as (archive, backup), empty_store(url) as store:
        restore_backup(archive, backup, store, open_objects(evidence))


def test_everything_moves_between_sqlite_and_mongodb_and_back(
    tmp_path: Path, mongodb_url: str
) -> None:
    first = f"sqlite:///{tmp_path / 'first.db'}"
    fill(first, tmp_path / "evidence")
    made = backed_up(first, tmp_path / "a.zip", tmp_path / "evidence")
    assert (made.records("advertisements"), made.records("runs")) == (2, 2)
    assert made.records("unmatched") == made.records("documents/capture") == 1
    assert len(made.objects) == 1
    restored(tmp_path / "a.zip", mongodb_url, tmp_path / "elsewhere")
    assert list(open_objects(tmp_path / "elsewhere")) == made.objects
    again = backed_up(mongodb_url, tmp_path / "b.zip", tmp_path / "elsewhere")
    assert again.sections == made.sections
    last = f"sqlite:///{tmp_path / 'last.db'}"
    restored(tmp_path / "b.zip", last, tmp_path / "evidence")
    with closing(open_store(first)) as one, closing(open_store(last)) as other:
        assert list(one.advertisements()) == list(other.advertisements())
        assert one.runs() == other.runs()
        assert other.unmatched("a:b", {"9:9": "mark"}) == {"9:9"}
        assert other.get("a:b", "7").history  # type: ignore[union-attr]
    with opened_backup(tmp_path / "b.zip") as (archive, _):
        assert file_in(archive, "keywords.yaml") == b"groups:"
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreError, match="is not empty"), empty_store(mongodb_url):
        pass


def change(name: str, data: bytes | None) -> Callable[[Path], None]:
    """Replaces a file in a ZIP, or adds or removes one."""

    def apply(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {info: archive.read(info) for info in archive.namelist()}
        parts.pop(name, None)
        if data is not None:
            parts[name] = data
        with zipfile.ZipFile(path, "w") as archive:
            for info, part in parts.items():
                archive.writestr(info, part)

    return apply


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(bytes(data))


def later(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    change("manifest.json", json.dumps({**manifest, "format": 9}).encode())(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup file."""
    folder = tmp_path_factory.mktemp("made")
    url = f"sqlite:///{folder / 'store.db'}"
    fill(url, folder / "evidence")
    backed_up(url, folder / "made.zip", folder / "evidence")
    return folder / "made.zip"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (cut, "is damaged"),
        (flip, "is damaged|was changed"),
        (change("records/runs.jsonl", b"{}\n"), "runs.jsonl differs"),
        (change("objects/" + "0" * 64, b"x"), "is extra or missing"),
        (change("records/runs.jsonl", None), "is extra or missing"),
        (change("manifest.json", b"[]"), "is not a file of 'scrapy backup'"),
        (change("manifest.json", b'{"format": 1, "made": "", "members": []}'), "manifest is"),
        (change("manifest.json", None), "is not a file of 'scrapy backup'"),
        (later, "later wildcrawl .format 9.*update"),
        (lambda path: path.write_text("not a zip"), "is damaged, or no file of"),
        (Path.unlink, "does not exist"),
    ],
)
def test_a_changed_file_is_refused_before_anything_is_written(
    made: Path, tmp_path: Path, fault: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "copy.zip"
    shutil.copyfile(made, path)
    fault(path)
    with pytest.raises(BackupError, match=words):
        restored(path, f"sqlite:///{tmp_path / 'store.db'}", tmp_path / "evidence")
    assert not (tmp_path / "store.db").exists()


def test_a_restore_that_fails_leaves_nothing_in_place(
    made: Path, tmp_path: Path, mongodb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with suppress(RuntimeError), empty_store(url) as store:
        store.save_run(Run("r", "mall", MAY))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    # What one that was killed leaves.
    (tmp_path / ".restoring-store.db").touch()
    for opened in (open_store, existing_store):
        with pytest.raises(StoreError, match=r"incomplete.*repeat it: scrapy restore FILE"):
            opened(url)
    restored(made, url, tmp_path / "evidence")
    open_store(url).close()
    (tmp_path / "store.db").unlink()
    with suppress(RuntimeError), empty_store(mongodb_url) as store:
        store.save_run(Run("r", "mall", MAY))
        raise RuntimeError
    with pytest.raises(StoreError, match=r"incomplete.*repeat it: scrapy restore FILE"):
        open_store(mongodb_url)
    restored(made, mongodb_url, tmp_path / "evidence")
    with closing(open_store(mongodb_url)) as store:
        assert [run.id for run in store.runs()] == ["r1", "r2"]
    load = SQLiteStore.load

    def loses(self: SQLiteStore, section: str, records: list[dict[str, object]]) -> None:
        load(self, section, records[1:] if section == "advertisements" else records)

    monkeypatch.setattr(SQLiteStore, "load", loses)
    with pytest.raises(StoreError, match="advertisements: 1 records were restored that differ"):
        restored(made, url, tmp_path / "evidence")
    assert not (tmp_path / "store.db").exists()


def test_two_restores_to_one_file_put_no_half_of_it_in_place(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    replaced = pytest.raises(StoreError, match=r"another restore to .*store\.db began meanwhile")
    with replaced, empty_store(url), empty_store(url) as second:
        second.save_run(Run("r", "mall", MAY))
    with closing(open_store(url)) as store:
        assert [run.id for run in store.runs()] == ["r"]


def test_what_is_written_during_a_backup_is_in_it_whole_or_not_at_all(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    fill(url, tmp_path / "evidence")
    with (
        closing(open_store(url)) as crawl,
        closing(open_store(url)) as store,
        store.snapshot() as snapshot,
    ):
        ids: list[str] = []
        for record in snapshot.records("advertisements"):
            new = Advertisement("mall", f"new-{len(ids)}", found_at=MAY)
            crawl.record([new], "r3")
            crawl.save_run(Run("r3", "mall", MAY))
            ids.append(record["ad_id"])
        assert sorted(ids) == ["7", "x"]
        assert [record["id"] for record in snapshot.records("runs")] == ["r1", "r2"]


def test_a_full_disk_leaves_no_half_file_and_missing_objects_are_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    fill(url, tmp_path / "evidence")
    path = tmp_path / "b.zip"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    objects = open_objects(tmp_path / "evidence")
    with closing(open_store(url)) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(NotWrittenError, match=r"b.zip cannot be written: .*make room"):
                write_backup(path, store, objects, objects_needed, {})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.glob("*b.zip*"))
    (sha,) = objects
    objects.delete(sha)
    made = backed_up(url, path, tmp_path / "evidence")
    assert (made.missing, made.objects) == ([sha], [])
    with pytest.raises(BackupError, match="exists already"):
        backed_up(url, path, tmp_path / "evidence")
