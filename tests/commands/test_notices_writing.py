"""Writing of a month's letters: all are put in place together, and a stopped writer leaves none."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from tests.helpers.desk_data import client_of, desk_in
from wildcrawl.commands.notices import with_progress, write_notices
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.notices import keep_letters, letters
from wildcrawl.store import open_store
from wildcrawl.store.corrections import Decision

AT = datetime(2016, 5, 3, 4, tzinfo=UTC)
MONTH = "2016-05"
SITES = ("alpha", "beta", "gamma")
NAMES = sorted(f"{site}{ending}" for site in SITES for ending in (".html", ".csv", "-举报.csv"))


class Stopped(BaseException):
    """The end of the process at a certain place."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a store with a valid advertisement on each of three sites."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with closing(open_store(url)) as store:
        ads = [Advertisement(site, "1", title="象牙", found_at=AT) for site in SITES]
        store.record(ads, "run 1")
        for site in SITES:
            store.judge(site, "1", Decision(Verdict.VALID, "anna", "", AT))
    return Settings({"WILDCRAWL_STORE": url, "WILDCRAWL_EVIDENCE_DIR": str(tmp_path / "evidence")})


def write(settings: Settings, folder: Path) -> list[str]:
    with closing(open_store(settings["WILDCRAWL_STORE"])) as store:
        return write_notices(settings, store, MONTH, folder)


def kept(settings: Settings) -> list[str]:
    with closing(open_store(settings["WILDCRAWL_STORE"])) as store:
        return [letter.site for letter in letters(store, MONTH)]


def stops_at(number: int, function: Any) -> Any:
    """The function, which ends the process at its call of this number."""
    calls = []

    def stopping(*given: Any, **named: Any) -> Any:
        calls.append(given)
        if len(calls) == number:
            raise Stopped
        return function(*given, **named)

    return stopping


def test_a_writer_stopped_at_the_second_letter_leaves_what_was_there(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wildcrawl.review.notices import write_notice

    folder = tmp_path / "notices" / MONTH
    with monkeypatch.context() as patch:
        patch.setattr("wildcrawl.review.notices.write_notice", stops_at(2, write_notice))
        with pytest.raises(Stopped):
            write(settings, folder)
    assert [*folder.iterdir()] == []
    assert kept(settings) == []
    lines = write(settings, folder)
    assert sorted(each.name for each in folder.iterdir()) == NAMES
    assert kept(settings) == [*SITES]
    assert f"alpha: 1 advertisement in {folder / 'alpha.html'} " in lines[0]


def test_each_letter_tells_how_many_of_its_advertisements_are_done(
    settings: Settings, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    with closing(open_store(settings["WILDCRAWL_STORE"])) as store:
        write_notices(settings, store, MONTH, tmp_path, tell=lambda *each: told.append(each))
    assert told[:3] == [(site, 0, 1) for site in SITES]
    assert told[3:] == [(site, done, 1) for site in SITES for done in (0, 1)]


def test_letters_that_were_moved_in_part_are_said_to_be_unfinished(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "notices" / MONTH
    client = client_of(replace(desk_in(tmp_path), written={"notices": folder.parent}))
    said = "was broken off, or still goes on"
    with monkeypatch.context() as patch:
        patch.setattr("wildcrawl.review.notices.keep_letters", stops_at(2, keep_letters))
        with pytest.raises(Stopped):
            write(settings, folder)
    assert kept(settings) == ["alpha"]
    assert said in client.get(f"/letters?month={MONTH}").text
    write(settings, folder)
    assert kept(settings) == [*SITES]
    assert said not in client.get(f"/letters?month={MONTH}").text
    assert sorted(each.name for each in folder.iterdir()) == NAMES


def test_where_nothing_is_left_to_write_no_folder_is_made(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wildcrawl.review.notices.not_removed", lambda _ads, _found: [])
    folder = tmp_path / "notices" / MONTH
    assert "no letter" in write(settings, folder)[0]
    assert not folder.exists()


def test_forgotten_ones_that_the_month_counts_are_told(settings: Settings, tmp_path: Path) -> None:
    with closing(open_store(settings["WILDCRAWL_STORE"])) as store:
        gone = f"forgotten-{'0' * 24}"
        store.record([Advertisement(SITES[0], gone, found_at=AT, verdict="valid")], "run 1")
    lines = write(settings, tmp_path / "letters")
    said = "Forgotten, and so in no notice, though the report counts what was valid: 1 of"
    assert f"{said} {MONTH}." in lines


def test_a_long_letter_tells_its_progress(capsys: pytest.CaptureFixture[str]) -> None:
    ads = [Advertisement("mall", str(number), found_at=AT) for number in range(1_200)]
    seconds = iter(range(10_000))
    assert list(with_progress(ads, "mall", clock=lambda: next(seconds) / 50)) == ads
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "mall: 249 of 1,200"
    assert 3 <= len(lines) <= 5
    list(with_progress(ads[:3], "mall"))
    assert capsys.readouterr().err == ""
