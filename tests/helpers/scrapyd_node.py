"""Scrapyd processes on loopback, each with its own environment and folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

from tests.helpers.crawling import ROOT, SECONDS, Result, environment
from tests.helpers.ports import free_port

PARTS = (
    "wildcrawl", "spiders", "pipelines", "exports", "keywords.yaml",
    "pyproject.toml", "setup.py", "MANIFEST.in", "README.md",
)  # fmt: skip
USER, PASSWORD = "wild", "not-to-be-seen"


def copy_of_project(folder: Path) -> Path:
    """Copies the deployed files, so that building an egg does not change the checkout."""
    folder.mkdir(parents=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def dependencies_only(folder: Path) -> Path:
    """Creates an environment with the dependencies of wildcrawl only; returns its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    # As a plain path, so that editable installs are left out.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(paths)) + "\n")
    return folder / "bin" / "python"


class ScrapydNode:
    """A scrapyd with all its data in `folder`; start(), stop() and kill() it as needed."""

    def __init__(self, folder: Path, python: Path, password: str = PASSWORD) -> None:
        self.folder = folder
        self.name = folder.name
        self.python = python
        self.password = password
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)
        config = (ROOT / "deploy" / "scrapyd.conf").read_text(encoding="utf-8")
        for name in ("eggs", "logs", "dbs"):
            config = config.replace(f"/var/lib/scrapyd/{name}", str(folder / name))
        assert "/var/lib" not in config
        config = config.replace("poll_interval = 5", "poll_interval = 0.3")
        (folder / "scrapyd.conf").write_text(config, encoding="utf-8")
        # Python looks for a module in the folder in which it is started.
        shutil.copy(ROOT / "scripts" / "guarded_scrapyd.py", folder)

    @property
    def is_up(self) -> bool:
        """Whether it runs."""
        return self._process is not None

    @property
    def section(self) -> str:
        """Its section of scrapy.cfg, with the password."""
        return (
            f"[deploy:{self.name}]\nurl = {self.url}\nproject = wildcrawl\n"
            f"username = {USER}\npassword = {self.password}\n\n"
        )

    def start(self, **settings: str) -> None:
        """Starts it with `settings` in its environment and waits until it answers."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name != "PYTHONPATH" and not name.startswith("WILDCRAWL_")
        }
        env = inherited | {
            "SCRAPYD_HTTP_PORT": str(self.port),
            "SCRAPYD_USERNAME": USER,
            "SCRAPYD_PASSWORD": self.password,
            "HOME": str(self.folder),
            # Other tests capture pages and pictures; here it would only take time.
            "WILDCRAWL_EVIDENCE": "off",
            **settings,
        }
        with (self.folder / "scrapyd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.python, "-m", "guarded_scrapyd", "--pidfile="],
                cwd=self.folder,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(requests.ConnectionError):
                self.ask("daemonstatus")
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError((self.folder / "scrapyd.log").read_text(errors="replace"))

    def ask(self, what: str, **values: str) -> dict[str, Any]:
        """Answer of its JSON API to a request."""
        answer = requests.get(
            f"{self.url}/{what}.json", params=values, auth=(USER, self.password), timeout=60
        )
        data: dict[str, Any] = answer.json()
        return data

    def is_busy(self) -> bool:
        """Whether it has running or pending jobs."""
        status = self.ask("daemonstatus")
        return bool(status["pending"] or status["running"])

    def jobs(self) -> list[tuple[str, str]]:
        """Site and job id of all jobs, in any state."""
        jobs = self.ask("listjobs", project="wildcrawl")
        states = ("pending", "running", "finished")
        return [(job["spider"], job["id"]) for state in states for job in jobs[state]]

    def log_of(self, site: str, job: str) -> str:
        """Log of a job so far; "" if there is none."""
        path = self.folder / "logs" / "wildcrawl" / site / f"{job}.log"
        return path.read_text("utf-8") if path.exists() else ""

    def kill(self) -> None:
        """Kills scrapyd and its crawls without warning, as a power cut does."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Terminates scrapyd, then kills the processes that it left running."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        self.kill()


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    """Waits until `true()` holds; AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"the condition does not hold after {seconds} s"
        time.sleep(0.2)


def write_config(folder: Path, *nodes: ScrapydNode) -> None:
    """Writes a scrapy.cfg with the sections of `nodes`."""
    head = "[settings]\ndefault = wildcrawl.settings\n\n"
    (folder / "scrapy.cfg").write_text(head + "".join(node.section for node in nodes), "utf-8")


def alone(folder: Path) -> dict[str, str]:
    """Environment variables without which a command could use a person's own nodes."""
    return {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}


def command(*words: str, folder: Path, **settings: str) -> Result:
    """Runs a program of the environment, such as scrapyd-deploy, in `folder`."""
    program = Path(sys.executable).parent / words[0]
    done = subprocess.run(
        [str(program), *words[1:]],
        cwd=folder,
        env=environment(**{**alone(folder), **settings}),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)
