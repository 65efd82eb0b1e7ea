"""Locations of settings: relative ones start at the project's folder, from any folder in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from tests.helpers.crawling import scrapy
from wildcrawl.crawl.locations import path_of, store_url_of
from wildcrawl.store import open_store


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a folder `docs` in it."""
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = wildcrawl.settings\n")
    (tmp_path / "docs").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["WILDCRAWL_KEYWORDS", "WILDCRAWL_PROFILES", "WILDCRAWL_RANKING"])
def test_a_relative_path_starts_at_the_project(
    project: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "docs")
    assert path_of(Settings({name: "of/mine"}), name) == project / "of" / "mine"
    assert path_of(Settings({name: "/srv/of/mine"}), name) == Path("/srv/of/mine")
    assert path_of(Settings({name: ""}), name) is None


def test_outside_a_project_it_starts_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert path_of(Settings({"WILDCRAWL_EVENTS": "e.yaml"}), "WILDCRAWL_EVENTS") == (
        tmp_path / "e.yaml"
    )
    url = store_url_of(Settings({"WILDCRAWL_STORE": "sqlite:///a.db"}))
    assert url == f"sqlite:///{tmp_path}/a.db"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/a.db",
        "sqlite:///:memory:",
        "sqlite:///",
        "sqlite:///folder/",
        "mongodb://db.example/wildcrawl",
        "wildcrawl.db",
    ],
)
def test_any_other_store_is_left_as_it_is(
    project: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert store_url_of(Settings({"WILDCRAWL_STORE": url})) == url


def test_a_command_in_a_folder_of_the_project_uses_the_projects_store(project: Path) -> None:
    (project / "docs" / "r.csv").write_text(
        "site,title\nfleamarket,老象牙手镯 一只\n", encoding="utf-8"
    )
    docs = project / "docs"
    read = scrapy("crawl", "records", "-a", "file=r.csv", folder=docs)
    assert read.code == 0, read.err
    assert not (docs / "wildcrawl.db").exists()
    store = open_store(f"sqlite:///{project / 'wildcrawl.db'}")
    assert [ad.site for ad in store.advertisements()] == ["fleamarket"]
    store.close()
    assert "老象牙手镯" in scrapy("queue", folder=docs).out
    assert "老象牙手镯" in scrapy("queue", folder=project).out
