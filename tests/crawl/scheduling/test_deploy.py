"""Files in deploy/: systemd, cron, Compose and scrapyd accept them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.helpers.crawling import ROOT, environment, scrapy
from tests.helpers.scrapyd_node import copy_of_project
from tests.helpers.settings import settings_in
from wildcrawl.crawl.scheduling.deploy_check import SPIDER, find_report
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.demo.spiders.deploy_check import DeployCheckSpider
from wildcrawl.months import month_of, previous_month
from wildcrawl.store import open_store

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.*") if path.suffix in (".service", ".timer"))
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def shell(line: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    assert len(UNITS) == 5
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # The programs are where the guide puts them, which is not on this machine.
        (tmp_path / name).write_text(
            re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        )
    said = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [
        line for line in said.stderr.splitlines() if str(tmp_path) in line or "wildcrawl" in line
    ]
    assert (said.returncode, ours) == (0, [])


def test_a_check_asks_for_the_spider_that_proves_it() -> None:
    assert DeployCheckSpider.name == SPIDER


def test_a_check_needs_no_word_of_the_projects_vocabulary(tmp_path: Path) -> None:
    # The bundled vocabulary may be the organisation's, too: it is what the project deploys.
    words = tmp_path / "keywords.yaml"
    words.write_text(
        "groups:\n  tiger:\n    label: Tiger\n    label_zh: 虎\n    keywords:\n"
        "      - {term: 虎骨, kind: name, ambiguous: false, since: 2020-01}\n",
        encoding="utf-8",
    )
    settings = settings_in(tmp_path, WILDCRAWL_KEYWORDS=str(words))
    DeployCheckSpider.check(settings, {})
    DeployCheckSpider.update_settings(settings)
    try:
        assert [each.term for each in vocabulary_of(settings).keywords] == ["象牙"]
    finally:
        shutil.rmtree(settings["DEPLOY_CHECK_FOLDER"])


def test_a_check_with_settings_of_its_own_leaves_the_store_and_its_folder_alone(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "evidence").touch()
    words = folder / "keywords.yaml"
    words.write_text(
        "groups:\n  tiger:\n    label: Tiger\n    label_zh: 虎\n    keywords:\n"
        "      - {term: 虎骨, kind: name, ambiguous: false, since: 2020-01}\n",
        encoding="utf-8",
    )
    done = scrapy(
        *("crawl", SPIDER, "-a", "_job=check-1-node"),
        *("-s", f"WILDCRAWL_STORE=sqlite:///{folder}/store.db"),
        *("-s", f"WILDCRAWL_KEYWORDS={words}", "-s", "WILDCRAWL_EVIDENCE=off"),
        folder=tmp_path,
    )
    assert done.code == 0, done.err
    assert {"evidence", "keywords.yaml", "store.db"} <= {path.name for path in folder.iterdir()}
    store = open_store(f"sqlite:///{folder}/store.db")
    report = find_report(store, "check-1-node")
    assert not list(store.advertisements())
    assert not list(store.runs())
    store.close()
    assert report is not None
    assert (report.health, bool(report.kept)) == ("ok", True)


def test_the_programs_of_the_units_are_where_the_guide_puts_them() -> None:
    programs = [
        line.partition("=")[2].split()[0]
        for name in UNITS
        for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    assert "scripts/node-environment.sh /opt/scrapyd" in GUIDE
    assert "-m venv .venv" in GUIDE
    for program in programs:
        made = program.startswith(("/opt/scrapyd/bin/", "/srv/wildcrawl/.venv/bin/"))
        assert made or (ROOT / Path(program).relative_to("/srv/wildcrawl")).is_file()


def test_a_shell_reads_the_settings_as_systemd_does(tmp_path: Path) -> None:
    told = shell(f"set -a; . {DEPLOY / 'wildcrawl.env'}; env", tmp_path).stdout
    given = dict(line.partition("=")[::2] for line in told.splitlines())
    assert given["WILDCRAWL_STORE"] == "sqlite:////var/lib/wildcrawl/wildcrawl.db"
    assert given["SCRAPYD_USERNAME"] == "wildcrawl"


def test_the_crontab_gives_the_commands_of_the_timers() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    jobs = [re.fullmatch(r"0 12 (\S+) \* \* +wildcrawl (.+)", line) for line in lines]
    found = {job[1]: job[2] for job in jobs if job}
    assert set(found) == {"1-3", "10"}
    for command in found.values():
        # An unescaped % ends a command of cron's.
        assert "%" not in command
        assert subprocess.run(["/bin/sh", "-n", "-c", command], check=False).returncode == 0
        assert command.startswith("cd /srv/wildcrawl && set -a && . /etc/wildcrawl.env && ")
    assert found["1-3"].endswith(".venv/bin/scrapy schedule")
    assert (ROOT / found["10"].split()[-1]).is_file()


def test_last_months_report_is_written(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    shutil.copytree(DEPLOY, project / "deploy")
    programs = project / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "scrapy").symlink_to(Path(sys.executable).parent / "scrapy")
    done = shell("deploy/export-last-month.sh", project, PYTHONPATH=str(project))
    assert done.returncode == 0, done.stderr
    month = previous_month(month_of(datetime.now(UTC)))
    assert (project / "reports" / month / "index.html").is_file()


def test_compose_starts_a_database_and_two_nodes_without_a_password_of_its_own() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    assert set(services) == {"mongodb", "node1", "node2"}
    for name in ("node1", "node2"):
        node = services[name]
        assert node["environment"]["WILDCRAWL_STORE"].startswith("mongodb://wildcrawl:${")
        assert node["environment"]["SCRAPYD_PASSWORD"].startswith("${")
        # A crawl on one node looks for what another captured.
        assert f"evidence:{node['environment']['WILDCRAWL_EVIDENCE_DIR']}" in node["volumes"]
        assert (DEPLOY / node["build"]["context"] / node["build"]["dockerfile"]).is_file()
    published = [port for service in services.values() for port in service["ports"]]
    assert len(set(published)) == 3
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("path", ["compose.yaml", "deploy/compose.yaml"])
def test_containers_have_few_rights_and_a_password(path: str) -> None:
    services = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))["services"]
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    database = services["mongodb"]
    assert database["user"] == "mongodb"
    given = database["environment"]
    for name in ("MONGO_INITDB_ROOT_PASSWORD", "MONGODB_USER_PASSWORD"):
        assert given[name].endswith(":?set it}")
    mounted = next(each for each in database["volumes"] if ".js:" in each).split(":")[0]
    script = ((ROOT / path).parent / mounted).read_text(encoding="utf-8")
    assert '{ role: "readWrite", db: "wildcrawl" }' in script
    assert "USER wildcrawl" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_the_units_may_do_little() -> None:
    for name in (name for name in UNITS if name.endswith(".service")):
        said = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", str(DEPLOY / name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        level = re.search(r"exposure level for \S+: ([0-9.]+)", said.stdout)
        assert level, said.stderr
        assert float(level[1]) <= 3.0
        assert "IPAddressDeny=link-local" in (DEPLOY / name).read_text(encoding="utf-8")


def test_what_the_image_copies_is_there() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [path for line in lines if line.startswith("COPY ") for path in line.split()[1:-1]]
    assert len(copied) == 6
    assert all((ROOT / path).is_file() for path in copied)


def test_scrapyd_keeps_what_has_finished_and_writes_no_files_of_items() -> None:
    config = ConfigParser()
    config.read(DEPLOY / "scrapyd.conf")
    options = config["scrapyd"]
    assert options["jobstorage"] == "scrapyd.jobstorage.SqliteJobStorage"
    assert options["items_dir"] == ""
    assert options["bind_address"] == "127.0.0.1"
    assert "password" not in options
    assert options["application"] == "guarded_scrapyd.application"
