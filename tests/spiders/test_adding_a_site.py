"""Adding a site takes only its spider and its saved pages.

Tested in a copy of the project, with the example of CONTRIBUTING.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT, SECONDS, Result, environment
from wildcrawl.base_spiders.responses import readable
from wildcrawl.base_spiders.snapshot import read_results, site_spider, summary

FOLDERS = (
    *("wildcrawl", "spiders", "pipelines", "exports", "scripts", "benchmarks", "deploy"),
    *("tests", "docs", "examples", ".ci"),
)
FILES = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "compose.yaml"),
    *("keywords.yaml", "pyproject.toml", "scrapy.cfg"),
)
CONCERNED = "lantern or test_docs or every_file or every_folder or no_two_sites"
"""The tests of the new site, and those of all sites at once."""
DETAILS = """<p class="description">老料</p><p class="seller">灯笼</p>"""


def shown(language: str) -> str:
    """The first block of CONTRIBUTING in a language."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def results() -> str:
    """The page of results of which CONTRIBUTING shows the card."""
    return f"<ul>{shown('html')}</ul><a class='next' href='/search?q=x&page=2'>next</a>"


def test_the_example_is_read_as_contributing_says() -> None:
    names: dict[str, Any] = {}
    exec(shown("python"), names)
    spider = site_spider(names["LanternSpider"], get_project_settings())
    page = results().encode("gb18030")
    reading = read_results(spider, HtmlResponse(spider.home + "/search", body=page))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "```\n" + "\n".join(summary(reading)) + "\n```" in text
    assert reading.rows[0]["image_urls"] == ["https://lantern.example/p/17.jpg"]
    read = spider.read_results(readable(HtmlResponse(spider.home, body=page), spider.charset))
    assert read.next_url == "https://lantern.example/search?q=x&page=2"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project to which the site of CONTRIBUTING was added."""
    copy = tmp_path / "project"
    copy.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    (copy / "spiders" / "lantern.py").write_text(shown("python"), encoding="utf-8")
    pages = copy / "tests" / "pages" / "lantern"
    pages.mkdir()
    # The example declares charset = "gb18030".
    (pages / "results.html").write_text(results(), encoding="gb18030")
    (pages / "details.html").write_text(DETAILS, encoding="gb18030")
    return copy


def run_tests(copy: Path) -> Result:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, "tests/test_docs.py", "tests/spiders/test_sites.py", "-k", CONCERNED],
        cwd=copy,
        env=environment(PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.slow
def test_the_tests_write_the_rest_and_then_pass(copy: Path) -> None:
    before = contents(copy)
    first = run_tests(copy)
    assert first.code == 1, first.out + first.err
    failed = set(re.findall(r"(?m)^FAILED \S+::(\S+)", first.out))
    assert failed == {
        "test_the_generated_tables_are_up_to_date",
        "test_saved_pages_are_read_as_a_person_reviewed_them[lantern]",
    }
    second = run_tests(copy)
    assert second.code == 0, second.out + second.err
    after = contents(copy)
    written = {name for name in after if after[name] != before.get(name)}
    assert written == {"docs/sites.md", "tests/pages/lantern/expected.json"}
    row = "| lantern | Lantern Antiques 灯笼古玩 | antiques | html | its own pages of 3 May 2026 |"
    assert row in after["docs/sites.md"].decode()
    assert "老象牙手镯" in after["tests/pages/lantern/expected.json"].decode()
