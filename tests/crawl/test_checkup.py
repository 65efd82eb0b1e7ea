"""Checkup: what is wrong with an installation, and the fix of each fault."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.helpers.captured import advertisement, filled
from tests.helpers.crawling import scrapy
from tests.helpers.settings import settings_in
from wildcrawl.crawl import checkup
from wildcrawl.crawl.checkup import Finding, Grade
from wildcrawl.evidence import open_evidence
from wildcrawl.evidence.loss import declare_lost
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store
from wildcrawl.tabular.records import Record, read_records

NOW = datetime.now(UTC)


def found(check: checkup.Check, folder: Path, **given: Any) -> list[str]:
    """The findings of a check that are not ok, each "grade name: text"."""
    place = {"WILDCRAWL_EVIDENCE": "pages", "WILDCRAWL_EVIDENCE_DIR": str(folder / "evidence")}
    settings = settings_in(folder, **{**place, **given})
    return [str(each) for each in check(settings) if each.grade != Grade.OK]


def test_a_store_is_checked_with_its_runs_and_its_clock(tmp_path: Path) -> None:
    assert found(checkup.check_store, tmp_path)[0].endswith("the first crawl makes it")
    (tmp_path / "file").touch()
    for place in (tmp_path / "away", tmp_path / "file"):
        missing = found(checkup.check_store, tmp_path, WILDCRAWL_STORE=f"sqlite:///{place}/s.db")
        assert missing == [f"FAIL  store: the folder {place} is missing; create it"]
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with closing(open_store(url)) as store:
        store.save_run(Run("r1", "mall", NOW - timedelta(days=2)))
    (killed,) = found(checkup.check_store, tmp_path)
    assert killed == "note  runs: 1 run was killed (mall); search these sites again"
    with closing(open_store(url)) as store:
        store.save_run(Run("r2", "mall", NOW, NOW + timedelta(days=366)))
    clock = found(checkup.check_store, tmp_path)[0]
    assert clock.startswith("FAIL  clock: this machine says")
    assert "set the clock" in clock
    folder = found(checkup.check_store, tmp_path, WILDCRAWL_STORE=f"sqlite:///{tmp_path}")
    assert folder == [f"FAIL  store: the store {tmp_path} is a folder; name a file in it"]
    (tmp_path / "store.db").write_bytes(b"\x55" * 9000)
    (fault,) = found(checkup.check_store, tmp_path)
    assert fault.startswith("FAIL  store: ")
    assert "not a SQLite database" in fault


def test_captured_objects_that_have_gone_are_counted(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        filled(store, tmp_path / "evidence", [advertisement("101")])
    assert found(checkup.check_evidence, tmp_path) == []
    (tmp_path / "evidence").rename(tmp_path / "elsewhere")
    (gone,) = found(checkup.check_evidence, tmp_path)
    assert gone.startswith("FAIL  evidence: 3 objects of captures are not in ")
    assert "restore them from a backup" in gone
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        evidence = open_evidence(store, tmp_path / "evidence")
        declare_lost(evidence, "anna", datetime.now(UTC), every=True)
    assert found(checkup.check_evidence, tmp_path) == []


def test_settings_and_places_that_cannot_work_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rate,) = found(checkup.check_keywords, tmp_path, WILDCRAWL_RATE="x")
    assert rate.startswith("FAIL  keywords: WILDCRAWL_RATE: 'x' is not an exchange rate")
    assert found(checkup.check_evidence, tmp_path) == []
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "evidence")
    (evidence,) = found(checkup.check_evidence, tmp_path, WILDCRAWL_EVIDENCE_DIR=place)
    assert evidence.startswith("FAIL  evidence: ")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))
    disk = found(checkup.check_disk, tmp_path)
    assert disk[0].startswith("FAIL  disk: 0.0 GB free for store, evidence")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert found(checkup.check_fonts, tmp_path)[0].startswith("note  fonts: cannot be listed")


def test_open_files_and_unsaved_advertisements_are_mentioned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "store.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    assert found(checkup.check_permissions, tmp_path) == [
        f"note  permissions: other users can read {path}; chmod -R go-rwx {path}"
    ]
    path.chmod(0o600)
    assert found(checkup.check_permissions, tmp_path) == []
    captures = tmp_path / "captured pages"
    captures.mkdir()
    captures.chmod(0o755)
    (line,) = found(checkup.check_permissions, tmp_path, WILDCRAWL_EVIDENCE_DIR=str(captures))
    assert line.endswith(f"chmod -R go-rwx '{captures}'")
    (tmp_path / "wildcrawl-unsaved-r1.jsonl").touch()
    mentioned = found(checkup.check_unsaved, tmp_path)
    assert any("scrapy crawl records -a file=" in line for line in mentioned)


def test_a_restore_that_was_interrupted_is_no_store_to_begin(tmp_path: Path) -> None:
    (tmp_path / ".restoring-store.db").touch()
    (fault,) = found(checkup.check_store, tmp_path)
    assert fault.startswith("FAIL  store: ")
    assert fault.endswith("its restore was interrupted; repeat it: scrapy restore FILE")


def test_a_log_kept_beside_the_store_is_compared_and_what_is_missing_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path, other = tmp_path / "store.db", tmp_path / "other.db"
    url = f"sqlite:///{path}"
    open_store(url).close()
    shutil.copy(path, other)
    ads = [Advertisement("mall", f"{n}", title="象牙手串", found_at=NOW) for n in range(3)]
    with closing(open_store(f"sqlite:///{other}")) as store:
        store.record(ads, "run")
        log = tmp_path / "store.db-wal-beside-1"
        shutil.copy(tmp_path / "other.db-wal", log)
    (fault,) = found(checkup.check_store, tmp_path)
    assert fault.startswith(f"FAIL  store: {log} has 3 advertisements as the store lacks them; ")
    (line,) = checkup.rescue(settings_in(tmp_path))
    file = tmp_path / f"wildcrawl-unsaved-{log.name}.jsonl"
    assert line.endswith(f"scrapy crawl records -a file={file}")
    read = [row.advertisement for row in read_records(file, []) if isinstance(row, Record)]
    with closing(open_store(url)) as store:
        store.record(read, "import")
    assert found(checkup.check_store, tmp_path) == [
        f"note  store: all advertisements of {log} are in the store; delete it"
    ]
    assert list(checkup.rescue(settings_in(tmp_path))) == []
    log.write_bytes(b"x" * 9000)
    (fault,) = found(checkup.check_store, tmp_path)
    assert fault.startswith(f"FAIL  store: {log} cannot be compared with the store: only 0 of ")


def test_the_command_prints_a_line_each_and_fails_if_one_does(tmp_path: Path) -> None:
    well = scrapy("doctor", folder=tmp_path)
    assert well.code == 0, well.out
    names = [line[6:].partition(":")[0] for line in well.out.splitlines()]
    assert {"store", "keywords", "evidence", "disk", "fonts", "permissions"} <= set(names)
    assert {"browser", "nodes"} <= set(names)
    broken = scrapy("doctor", folder=tmp_path, WILDCRAWL_RATE="x")
    assert broken.code == 1
    assert "FAIL  keywords: WILDCRAWL_RATE" in broken.out


DOCTOR = import_module("wildcrawl.commands.doctor")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("WILDCRAWL_ALERT_URL", "hooks.example"),
        ("WILDCRAWL_ALERT_MAIL", "smtp://mail.example"),
        ("WILDCRAWL_METRICS", "nowhere"),
        ("WILDCRAWL_LOG_FORMAT", "xml"),
        ("WILDCRAWL_SECOND_LOOK", "many"),
        ("WILDCRAWL_SHARED_SAMPLE", "7"),
        ("WILDCRAWL_EVENTS", "nowhere.yaml"),
        ("WILDCRAWL_NOTICES", "nowhere.yaml"),
        ("WILDCRAWL_KEEP", "old"),
        ("WILDCRAWL_EVIDENCE_KEEP", "fake=-1"),
        ("WILDCRAWL_SWITCHED_ON", "no_such_site"),
    ],
)
def test_a_setting_that_some_command_would_refuse_is_named(
    tmp_path: Path, setting: str, value: str
) -> None:
    assert found(DOCTOR.check_further_settings, tmp_path) == []
    (line,) = found(DOCTOR.check_further_settings, tmp_path, **{setting: value})
    assert line.startswith("FAIL  settings: ")
    assert setting in line or value in line


def test_a_fault_of_the_store_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"\x55" * 9000)
    settings = settings_in(tmp_path, WILDCRAWL_EVIDENCE="pages")
    lines = [
        str(finding)
        for check in (checkup.check_store, checkup.check_evidence, DOCTOR.check_searches)
        for finding in DOCTOR.findings(check, settings)
    ]
    assert lines[0].startswith("FAIL  store: ")
    assert lines[1:] == [
        f"note  {name}: not checked, since the store cannot be read"
        for name in ("evidence", "searches")
    ]


def test_a_check_that_fails_itself_is_a_finding() -> None:
    def check_moon(_: object) -> Iterator[Finding]:
        raise KeyError("away")
        yield

    (finding,) = DOCTOR.findings(check_moon, None)
    assert str(finding) == "FAIL  moon: cannot be checked: KeyError: 'away'"


def test_a_deleted_store_with_a_log_is_not_one_to_begin(tmp_path: Path) -> None:
    path, log = tmp_path / "store.db", tmp_path / "store.db-wal"
    url = f"sqlite:///{path}"
    ads = [Advertisement("mall", f"{n}", title="象牙手串", found_at=NOW) for n in range(3)]
    with closing(open_store(url)) as store:
        shutil.copy(path, tmp_path / "backup")
        store.record(ads, "run")
        written = log.read_bytes()
    path.unlink()
    log.write_bytes(written)
    (fault,) = found(checkup.check_store, tmp_path)
    assert fault.startswith(f"FAIL  store: {path} was deleted or moved, and what was written last ")
    (said,) = checkup.rescue(settings_in(tmp_path))
    assert "store.db-wal-of-replaced-" in said
    shutil.move(tmp_path / "backup", path)
    (fault,) = found(checkup.check_store, tmp_path)
    assert "has 3 advertisements as the store lacks them" in fault
