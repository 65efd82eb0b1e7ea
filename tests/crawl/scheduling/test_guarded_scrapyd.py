"""Guarded scrapyd: its password, and what a web page in a browser can do to it."""

from __future__ import annotations

import base64
import http.client
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.guarded_scrapyd import TEMPLATES, as_user, fault_of_password, refusal
from tests.helpers.crawling import ROOT
from tests.helpers.scrapyd_node import PASSWORD, USER, ScrapydNode
from wildcrawl.commands.schedule import show_log
from wildcrawl.crawl.scheduling import jobs as claiming
from wildcrawl.crawl.scheduling.jobs import Claim
from wildcrawl.crawl.scheduling.nodes import Node
from wildcrawl.store import open_store

CHANGES = ("addversion", "schedule", "cancel", "delversion", "delproject")
FOREIGN = (
    {"Origin": "https://example.org"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "example.org:6800"},
    {"Host": ""},
)
"""Headers of requests that a page of another site causes, also one whose name leads here."""
BROWSER = ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"})


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScrapydNode]:
    made = ScrapydNode(tmp_path_factory.mktemp("guarded") / "node1", Path(sys.executable))
    made.start()
    yield made
    made.stop()


def ask(node: ScrapydNode, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and text of the answer to a request with the password, as a browser keeps it."""
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
    key = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in {"Authorization": f"Basic {key}", "Content-Length": "0", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_a_page_of_another_site_changes_and_reads_nothing(node: ScrapydNode) -> None:
    for headers in FOREIGN:
        for change in CHANGES:
            assert ask(node, "POST", f"/{change}.json", headers)[0] == 403
        for path in ("/listjobs.json?project=wildcrawl", "/jobs", "/logs/", "/"):
            assert ask(node, "GET", path, headers)[0] == 403
    # A page of its own may be looked at, but a browser changes nothing by it.
    for headers in BROWSER:
        for change in CHANGES:
            assert ask(node, "POST", f"/{change}.json", headers)[0] == 403
        assert ask(node, "GET", "/daemonstatus.json", headers)[0] == 200


def test_a_program_with_the_password_is_answered_and_one_without_is_not(node: ScrapydNode) -> None:
    own = f"http://127.0.0.1:{node.port}"
    status, text = ask(node, "POST", "/schedule.json", {})
    assert (status, "'project' parameter is required" in text) == (200, True)
    assert ask(node, "GET", "/daemonstatus.json", {"Host": f"localhost:{node.port}"})[0] == 200
    assert ask(node, "GET", "/daemonstatus.json", {"Origin": own})[0] == 200
    assert ask(node, "GET", "/daemonstatus.json", {"Authorization": ""})[0] == 401


def test_the_log_of_a_job_is_shown_without_a_browser(
    node: ScrapydNode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    log = node.folder / "logs" / "wildcrawl" / "mall" / "mall-2026-11-2.log"
    log.parent.mkdir(parents=True)
    log.write_text("INFO: 象牙\x1b]0;title\x07\nINFO: 12 seen\n", "utf-8")
    nodes = [Node("node1", node.url, "wildcrawl", USER, PASSWORD)]
    claiming.keep(store, Claim("mall", "2026-11", 1, "node1", "2026-11-01"))
    assert not show_log(store, nodes, "2026-11", "mall")
    assert "mall-2026-11-1 has no log" in capsys.readouterr().out
    claiming.keep(store, Claim("mall", "2026-11", 2, "node1", "2026-11-02"))
    assert show_log(store, nodes, "2026-11", "mall")
    assert capsys.readouterr().out == "INFO: 象牙�]0;title�\nINFO: 12 seen\n"
    assert not show_log(store, nodes, "2026-10", "mall")
    assert "mall has no job in 2026-10" in capsys.readouterr().out
    store.close()


@pytest.mark.parametrize(
    "password", ["", "short", *TEMPLATES, "x" * 40, "abababababababab", "wildcrawl-wildcrawl"]
)
def test_a_password_that_others_know_or_guess_is_refused(password: str) -> None:
    assert fault_of_password("wildcrawl-wildcrawl", password)


def test_it_does_not_start_without_a_password(tmp_path: Path) -> None:
    made = ScrapydNode(tmp_path / "node1", Path(sys.executable))
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SCRAPYD_")
    }
    done = subprocess.run(
        [sys.executable, "-m", "guarded_scrapyd", "--pidfile="],
        cwd=made.folder, env=environment | {"SCRAPYD_HTTP_PORT": str(made.port)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode
    assert "not started without a password" in done.stderr
    assert "Traceback" not in done.stderr
    assert fault_of_password("wildcrawl", PASSWORD) == ""


def test_a_name_of_the_node_is_one_that_was_given() -> None:
    hosts = {"localhost", "node1.example.org"}
    for host in ("node1.example.org:6800", "NODE1.example.org", "[::1]:6800", "10.0.0.5"):
        assert refusal("POST", {"host": host}, hosts) == ""
    for host in ("node2.example.org", "node1.example.org.evil.example", "[", "", "a@b:1"):
        assert "is not a name of this node" in refusal("POST", {"host": host}, hosts)


@pytest.mark.skipif(os.getuid() != 0, reason="needs the right to start as another user")
def test_a_job_runs_as_another_user_without_the_password() -> None:
    other = next(person for person in pwd.getpwall() if person.pw_name == "nobody")
    code = (
        "import os, runpy, sys; sys.argv = ['guarded_scrapyd', 'list'];"
        "os.execv = lambda program, words: print('\\n'.join(words), sorted(os.environ))\n"
        f"runpy.run_path({str(ROOT / 'scripts' / 'guarded_scrapyd.py')!r})"
        "['run_job'](['list'])"
    )
    environment = os.environ | {"SCRAPYD_JOB_USER": "nobody", "SCRAPYD_PASSWORD": PASSWORD}
    shown = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert f"--reuid={other.pw_uid}" in shown
    assert "scrapyd.runner\nlist" in shown
    assert "SCRAPYD_PASSWORD" not in shown
    home = os.environ["HOME"]
    try:
        words = [*as_user("nobody"), "sh", "-c", "id -u; grep CapEff /proc/self/status"]
    finally:
        os.environ["HOME"] = home
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert said == [str(other.pw_uid), "CapEff:", "0000000000000000"]
