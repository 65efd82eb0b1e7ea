"""What the README and the examples say is what there is."""

from __future__ import annotations

import re

from scrapy.utils.misc import walk_modules_iter
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT
from wildcrawl.commands.common import all_sites

README = (ROOT / "README.md").read_text(encoding="utf-8")
SITES = (ROOT / "docs" / "sites.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "examples" / "settings.env").read_text(encoding="utf-8")


def ours() -> list[str]:
    return [name for name in get_project_settings() if name.startswith("WILDCRAWL_")]


def test_every_setting_is_explained_and_has_an_example() -> None:
    assert len(ours()) >= 8
    for name in ours():
        assert f"`{name}`" in README
        assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE)


def test_every_setting_that_is_explained_exists() -> None:
    named = set(re.findall(r"\bWILDCRAWL_[A-Z_]+\b", README + EXAMPLE))
    assert named <= set(ours())


def test_every_command_is_explained() -> None:
    modules = [module.__name__ for module in walk_modules_iter("wildcrawl.commands")]
    names = {name.rpartition(".")[2] for name in modules} - {"commands", "common", "crawling"}
    assert "crawlall" in names
    for name in names:
        assert f"`scrapy {name.replace('_', '-')}" in README


def test_the_defaults_in_the_readme_are_the_defaults() -> None:
    settings = get_project_settings()
    for name in ("WILDCRAWL_STORE", "WILDCRAWL_RATE", "WILDCRAWL_DEMO_URL"):
        row = next(line for line in README.splitlines() if line.startswith(f"| `{name}`"))
        assert f"`{settings[name]}`" in row


def test_the_vocabularys_size_is_told_right() -> None:
    from wildcrawl.analysis.vocabulary import load_vocabulary

    vocabulary = load_vocabulary()
    assert f"{len(vocabulary.keywords)} search keywords in ten groups" in README
    assert len(vocabulary.groups) == 10


def test_every_real_site_is_told_with_its_way() -> None:
    settings = get_project_settings()
    sites = [site for site in all_sites(settings) if not site.demo]
    assert len(sites) >= 31
    for site in sites:
        way = f"{site.way} (off)" if site.permission else site.way
        start = f"| {site.name} | {site.label} {site.label_zh} | {site.kind} | {way} |"
        assert any(line.startswith(start) for line in SITES.splitlines()), start
