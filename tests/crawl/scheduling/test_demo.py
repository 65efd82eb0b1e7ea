"""`make scrapyd-demo`, on one of the marketplaces."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.helpers.crawling import ROOT, SECONDS, environment
from tests.helpers.few_keywords import write_few_keywords
from tests.helpers.scrapyd_node import copy_of_project
from wildcrawl.store import open_store

pytestmark = pytest.mark.slow


def test_the_demo_ends_in_a_report_and_leaves_nothing_running(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    write_few_keywords(project / "keywords.yaml")
    shutil.copy(ROOT / "scrapy.cfg", project)
    for name in ("deploy", "scripts"):
        shutil.copytree(ROOT / name, project / name)
    done = subprocess.run(
        [sys.executable, "scripts/scrapyd_demo.py", "--sites", "demo_forum"],
        cwd=project,
        env=environment(PYTHONPATH=str(project)),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nlocal: ok\n" in done.stdout
    assert re.search(r"demo_forum +finished +ok +local ", done.stdout)
    page = re.search(r"-m webbrowser -t (file://\S+)", done.stdout.splitlines()[-1])
    assert page
    assert Path(urlsplit(page[1]).path).is_file()
    store = open_store(f"sqlite:///{project / 'demo' / 'scrapyd' / 'wildcrawl.db'}")
    assert len(list(store.advertisements())) > 20
    store.close()
    addresses = re.search(
        r"listens on http://127.0.0.1:(\d+), .* on http://127.0.0.1:(\d+)", done.stdout
    )
    assert addresses
    for port in addresses.groups():
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port)))
