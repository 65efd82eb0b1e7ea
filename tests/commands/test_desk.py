"""`scrapy desk`: the functions that the command passes to the desk's pages."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from scrapy.settings import Settings

from wildcrawl.commands.desk import desk_of
from wildcrawl.desk import Desk
from wildcrawl.pictures.decode import Limits
from wildcrawl.store import open_store
from wildcrawl.tabular.worksheet import Filled

ROW = {"found_by": "象牙", "ad_id": "B1", "title": "老象牙手镯 一只", "found_at": "2016-05-03"}


def desk_in(folder: Path, **given: str) -> Desk:
    settings = Settings()
    settings.setmodule("wildcrawl.settings")
    settings.set("WILDCRAWL_STORE", f"sqlite:///{folder / 'store.db'}")
    settings.set("WILDCRAWL_WORKSHEETS", str(folder / "worksheets"))
    settings.update(given, priority="cmdline")
    return desk_of(settings)


@pytest.mark.parametrize("site", ["demo_fair", "demo_mall"])
def test_a_worksheet_is_read_in_and_its_mistakes_and_gaps_are_shown(
    tmp_path: Path, site: str
) -> None:
    wrong = ROW | {"ad_id": "B2", "images": "lots"}
    done = desk_in(tmp_path).read_in(site, Filled({"犀角": "x"}, [ROW, wrong]))
    assert [(line, key[0]) for line, key in done.ads.items()] == [(2, site)]
    assert done.ok
    assert done.line.startswith(f"{site}: 1 new, 0 seen, 0 set aside, 0 irrelevant")
    assert (
        "thin (110 keywords of the worksheet were not searched; 1 of 3 rows were rejected"
        in done.line
    )
    assert done.messages[0].startswith("Advertisements!N3: 'lots' is not a whole number from 0")
    assert done.messages[1].startswith("110 keywords are neither ticked nor have an advertisement")
    assert len(done.messages) == 2
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        assert [run.site for run in store.runs()] == [site]
        assert [ad.ad_id for ad in store.pending()] == ["B1"]


def test_a_store_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    done = desk_in(tmp_path / "missing").read_in("demo_fair", Filled({}, [ROW]))
    assert not done.ok
    assert done.line == (
        f"demo_fair: nothing was imported: the folder {tmp_path / 'missing'} of the store store.db "
        "is missing; create it"
    )
    assert done.messages == ()


def test_a_vocabulary_that_was_broken_meanwhile_is_one_sentence(tmp_path: Path) -> None:
    keywords = tmp_path / "keywords.yaml"
    keywords.write_bytes(Path("keywords.yaml").read_bytes())
    desk = desk_in(tmp_path, WILDCRAWL_KEYWORDS=str(keywords))
    keywords.write_text("ivory: [", encoding="utf-8")
    done = desk.read_in("demo_fair", Filled({}, [ROW]))
    assert not done.ok
    assert done.line.startswith(
        "demo_fair: nothing was imported: keywords.yaml line 2: is not YAML"
    )
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        assert store.runs() == []


def test_a_place_of_evidence_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nosuch://bucket.*check WILDCRAWL_EVIDENCE_DIR"):
        desk_in(tmp_path, WILDCRAWL_EVIDENCE_DIR="nosuch://bucket/evidence")


def test_the_limits_of_pictures_are_those_of_the_settings(tmp_path: Path) -> None:
    given = desk_in(tmp_path, WILDCRAWL_EVIDENCE_PICTURE_BYTES="20000000")
    assert given.limits == Limits(20_000_000, 50_000_000)
    with pytest.raises(ValueError, match=r"WILDCRAWL_EVIDENCE_PIXELS are whole numbers"):
        desk_in(tmp_path, WILDCRAWL_EVIDENCE_PIXELS="many")


def test_reports_and_letters_are_written_in_the_folder_of_the_setting(tmp_path: Path) -> None:
    written = desk_in(tmp_path, WILDCRAWL_OUTPUT=str(tmp_path / "out")).written
    assert written == {kind: tmp_path / "out" / kind for kind in ("reports", "notices")}
