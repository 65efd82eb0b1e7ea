"""Start-up of a command: `scrapy list` loads no module that it does not need."""

import subprocess
import sys
from pathlib import Path

from tests.helpers.crawling import ROOT, environment

HEAVY = {
    "PIL",
    "ahocorasick_rs",
    "altair",
    "chompjs",
    "cn2an",
    "filelock",
    "flask",
    "fsspec",
    "jinja2",
    "opencc",
    "openpyxl",
    "playwright",
    "polars",
    "pycrfsuite",
    "pymongo",
    "requests",
    "scrapy_playwright",
    "scrapyd_client",
    "sqlite3",
    "tldextract",
    "tqdm",
    "vl_convert",
    "warcio",
    "yaml",
}
"""Packages that only some commands use, and only once they run."""
OWN = {
    "exports",
    "wildcrawl.analysis.contacts",
    "wildcrawl.analysis.prices",
    "wildcrawl.analysis.tagging",
    "wildcrawl.analysis.vocabulary",
    "wildcrawl.base_spiders.structured_data",
    "wildcrawl.crawl.alerts",
    "wildcrawl.crawl.run_recorder",
    "wildcrawl.crawl.scheduling",
    "wildcrawl.store.merge",
    "wildcrawl.tabular",
}
"""Packages and modules of the project that no listing of sites needs."""
LIST = """
import sys
from scrapy.cmdline import execute
try:
    execute(["scrapy", "list"])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_list_of_sites_loads_nothing_that_it_does_not_use() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(done.stderr.split())
    # Scrapy loads every spider and every command for it, so that both are seen here.
    assert {"spiders.taobao", "wildcrawl.commands.export", "wildcrawl.base_spiders"} <= loaded
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()
    assert OWN & loaded == set()


REPORT = """
import sys
import exports, wildcrawl.commands.export, wildcrawl.review.agreement
import wildcrawl.review.looking.after_removal, wildcrawl.review.notices
import wildcrawl.store.survey_entry
print(*sys.modules)
"""


def test_a_report_of_one_month_loads_no_library_of_charts_workbooks_or_pictures() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REPORT],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not {"PIL", "altair", "markdown_it", "openpyxl", "xlsxwriter"} & loaded


STORE = """
import sys
from wildcrawl.store import open_store
open_store("sqlite:///" + sys.argv[1]).close()
print(*sys.modules)
"""


def test_a_store_is_opened_without_the_patterns_of_contacts(tmp_path: Path) -> None:
    """They take a tenth of the start of `scrapy schedule --status`, and only a merge needs them."""
    done = subprocess.run(
        [sys.executable, "-c", STORE, str(tmp_path / "wildcrawl.db")],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "wildcrawl.analysis.contacts" not in done.stdout.split()
