"""Commands as processes of their own, started by the interpreter: the same as those forked.

Nearly all other tests fork their commands from a process that has imported the whole project. Here
each command imports for itself what it needs: some daily, all with the slow tests.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers.crawling import Result, scrapy, scrapy_process

GOOD = "site,title\nfleamarket,老象牙手镯 一只\n"
BAD = "site,title,price,images\nfleamarket,老象牙手镯,5元,many\n"


def timeless(result: Result) -> Result:
    """The result without values that differ between runs: moments, durations, memory, ids."""
    figures = r"\d{8}T\d{6}-\w+|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?|datetime\.datetime\([^)]*\)"
    said = re.sub(figures, "…", result.err)
    kept = [
        line
        for line in said.splitlines()
        if not re.search(r"memusage|elapsed|_time'|_per_minute'", line)
    ]
    return Result(result.code, re.sub(figures, "…", result.out), "\n".join(kept))


DAILY = [
    (0, "list"),
    (0, "crawl records -a file=good.csv"),
    (2, "crawl no_such_site"),
]
OTHERS = [
    (0, "export 2016-05 -o report"),
    (1, "crawl records -a file=bad.csv"),
    (0, "sites"),
    (0, "tag 老象牙手镯 --price 3万5"),
    (0, "queue"),
    (0, "keywords yield"),
    (0, "survey-template -o survey.xlsx"),
    (0, "worksheet demo_fair -o sheet.xlsx"),
    (2, "crawlall no_such_site"),
    (2, "login taobao"),
    (2, "notices 2016-13"),
    (2, "rank"),
    (2, "read-page taobao gone.html"),
    (2, "recheck no_such_site"),
    (2, "save-page no_such_site"),
    (2, "schedule"),
    (2, "deploy-check"),
]


@pytest.mark.parametrize(
    ("code", "command"),
    [*DAILY, *(pytest.param(*each, marks=pytest.mark.slow) for each in OTHERS)],
)
def test_a_command_starts_by_itself_and_ends_as_a_forked_one(
    tmp_path: Path, code: int, command: str
) -> None:
    results = []
    for run in (scrapy_process, scrapy):
        folder = tmp_path / run.__name__
        folder.mkdir()
        (folder / "good.csv").write_text(GOOD, encoding="utf-8")
        (folder / "bad.csv").write_text(BAD, encoding="utf-8")
        done = run(*command.split(), folder=folder, WILDCRAWL_DEMO_URL="http://127.0.0.1:9")
        results.append(timeless(done))
        assert done.code == code, done.out + done.err
        assert "Traceback" not in done.err
    own, forked = results
    assert own.out.replace("/scrapy_process/", "/scrapy/") == forked.out
    assert own.err.replace("/scrapy_process/", "/scrapy/") == forked.err
