"""`make scrapyd-demo`: a month of scheduled searches on a scrapyd of its own, on loopback.

Starts the bundled marketplaces and a scrapyd, deploys this project to it, schedules searches,
waits for them and writes the report of what they stored. All that it makes is in demo/scrapyd.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from wildcrawl.base_spiders.browser import NoBrowser, working_browser
from wildcrawl.demo.server import running_marketplaces
from wildcrawl.months import month_of

ROOT = Path(__file__).resolve().parent.parent
SITES = ["demo_forum", "demo_mall", "demo_market"]
MINUTES = 15


class DemoFailed(Exception):
    """A step failed; its output, which has been printed, gives the reason."""


def main() -> int:
    """Runs the demo; returns 1 if a step fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", dest="folder", default="demo/scrapyd", help="where to put it all")
    parser.add_argument("--sites", help="with commas between (all that a job can search)")
    chosen = parser.parse_args()
    folder = Path(chosen.folder).resolve()
    # Eggs of an earlier demo could sort after this one's.
    shutil.rmtree(folder / "node", ignore_errors=True)
    (folder / "node").mkdir(parents=True)
    sites = chosen.sites or ",".join(searchable())
    # On SIGTERM, first ends the processes that were started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with running_marketplaces() as base:
            demonstrate(folder, base, sites)
    except DemoFailed as failed:
        print(f"The demo stopped: {failed}")
        return 1
    return 0


def searchable() -> list[str]:
    """The marketplaces that a job can search on this machine."""
    try:
        working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))
    except NoBrowser as error:
        print(f"demo_shop is left out, since {error}")
        return SITES
    return [*SITES, "demo_shop"]


def demonstrate(folder: Path, base: str, sites: str) -> None:
    """Runs the steps of docs/operations.md."""
    port, password = free_port(), secrets.token_urlsafe(24)
    month = month_of(datetime.now(UTC))
    store = f"sqlite:///{folder / 'wildcrawl.db'}"
    env = os.environ | {
        # The user's own nodes and passwords must not be used.
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "WILDCRAWL_STORE": store,
        "WILDCRAWL_DEMO_URL": base,
        "SCRAPYD_HTTP_PORT": str(port),
        "SCRAPYD_USERNAME": "demo",
        "SCRAPYD_PASSWORD": password,
    }
    write_configuration(folder, port)
    with running_scrapyd(folder / "node", port, env):
        print(f"scrapyd listens on http://127.0.0.1:{port}, the marketplaces on {base}.")
        egg = str(folder / "wildcrawl.egg")
        step(["scrapyd-deploy", "--build-egg", egg], ROOT, env)
        step(["scrapyd-deploy", "local", "--egg", egg], folder, env)
        step(["scrapy", "deploy-check", "local"], folder, env)
        step(["scrapy", "schedule", month, "--sites", sites], folder, env)
        wait_for_jobs(folder, env)
        step(["scrapy", "schedule", "--status", "--sites", sites], folder, env)
        step(["scrapy", "schedule", month, "--sites", sites], folder, env)
    step(["scrapy", "export", month, "--include-pending", "-o", "report"], folder, env)
    index = (folder / "report" / "index.html").as_uri()
    print(
        f"scrapyd and the marketplaces have ended. Open the report with:\n"
        f"  {sys.executable} -m webbrowser -t {index}"
    )


def write_configuration(folder: Path, port: int) -> None:
    """Writes scrapyd's configuration, from deploy/, and a scrapy.cfg that names it."""
    config = (ROOT / "deploy" / "scrapyd.conf").read_text(encoding="utf-8")
    config = config.replace("/var/lib/scrapyd", str(folder / "node"))
    config = config.replace("poll_interval = 5", "poll_interval = 1")
    (folder / "node" / "scrapyd.conf").write_text(config, encoding="utf-8")
    # Python looks for a module in the folder in which it is started.
    shutil.copy(ROOT / "scripts" / "guarded_scrapyd.py", folder / "node")
    (folder / "scrapy.cfg").write_text(
        "[settings]\ndefault = wildcrawl.settings\n\n[deploy:local]\n"
        f"url = http://127.0.0.1:{port}\nproject = wildcrawl\n"
        "username = $SCRAPYD_USERNAME\npassword = $SCRAPYD_PASSWORD\n",
        encoding="utf-8",
    )


@contextmanager
def running_scrapyd(folder: Path, port: int, env: dict[str, str]) -> Iterator[None]:
    """Runs a scrapyd in `folder`; it and its jobs are ended with the block."""
    # A checkout on Python's path would shadow the deployed code.
    env = {name: value for name, value in env.items() if name != "PYTHONPATH"}
    with (folder / "scrapyd.log").open("wb") as log:
        scrapyd = subprocess.Popen(
            [sys.executable, "-m", "guarded_scrapyd", "--pidfile="],
            cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until_it_answers(scrapyd, port, folder)
        yield
    finally:
        scrapyd.terminate()
        with suppress(subprocess.TimeoutExpired):
            scrapyd.wait(20)
        # Its jobs are in its process group.
        with suppress(ProcessLookupError):
            os.killpg(scrapyd.pid, signal.SIGKILL)
        scrapyd.wait()


def wait_until_it_answers(scrapyd: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Waits for a scrapyd that has just been started."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/daemonstatus.json").close()
        except urllib.error.HTTPError:
            return  # it asks for the password
        except OSError:
            if scrapyd.poll() is not None:
                break
            time.sleep(0.2)
    raise DemoFailed(f"scrapyd did not start; see {folder / 'scrapyd.log'}")


def step(words: list[str], folder: Path, env: dict[str, str]) -> None:
    """Prints a command and runs it."""
    print(f"\n$ {shlex.join(words)}", flush=True)
    if run(words, folder, env).returncode:
        raise DemoFailed(f"{words[0]} {words[1]} failed")


def wait_for_jobs(folder: Path, env: dict[str, str]) -> None:
    """Waits until no job is pending or running."""
    print("\nWaiting for the jobs ...", flush=True)
    for _ in range(MINUTES * 20):
        status = run(["scrapy", "schedule", "--status"], folder, env, quiet=True)
        if not {"pending", "running"} & set(status.stdout.split()):
            return
        time.sleep(3)
    raise DemoFailed(f"the jobs did not end within {MINUTES} minutes")


def run(
    words: list[str], folder: Path, env: dict[str, str], *, quiet: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs a program of this environment in `folder`."""
    program = Path(sys.executable).parent / words[0]
    return subprocess.run(
        [str(program), *words[1:]], cwd=folder, env=env, check=False, text=True,
        stdout=subprocess.PIPE if quiet else None,
    )  # fmt: skip


def free_port() -> int:
    """An unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
