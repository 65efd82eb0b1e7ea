"""Guarded scrapyd: scrapyd behind a password of its own, closed to web pages in a browser.

`python -m guarded_scrapyd` starts it, as `python -m scrapyd` starts scrapyd. Whoever may use a
scrapyd runs code on its machine, so it does not serve without a password, and a request that a
browser sends for another page changes nothing. `deploy/scrapyd.conf` names this module, with which
scrapyd can be started in no other way. Jobs run as the user in SCRAPYD_JOB_USER, if that is set.

It is copied to a node without the rest of the project, and imports nothing of it.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

SHORTEST = 12
"""Characters that a password has at least."""
TEMPLATES = ("choose-a-long-one", "choosealongone", "scrapydscrapyd", "passwordpassword")
"""Passwords of templates and examples, which anyone may know."""
SAFE = ("GET", "HEAD")
"""Methods that change nothing."""
OWN_SITE = ("same-origin", "none")
"""Values of Sec-Fetch-Site of a request that no other site caused."""
SECRETS = ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD")
"""Variables that are taken out of the environment, which jobs inherit."""
JOB_USER = "SCRAPYD_JOB_USER"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox",
}
"""Headers of each answer: a log shows what a monitored page said, and must run nothing."""


def fault_of_password(username: str, password: str) -> str:
    """Why scrapyd is not started with a username and password, as a sentence; "" if it is."""
    if not username or not password:
        return (
            "scrapyd runs the code of whoever reaches it, so it is not started without a password; "
            f"set SCRAPYD_USERNAME, and SCRAPYD_PASSWORD to at least {SHORTEST} characters, for "
            "example the output of: openssl rand -hex 24"
        )
    if password.lower() in TEMPLATES or password == username:
        return (
            "SCRAPYD_PASSWORD is the username, or a password of an example; set one of your own, "
            "for example the output of: openssl rand -hex 24"
        )
    if len(password) < SHORTEST or len(set(password)) < 5:
        return (
            f"SCRAPYD_PASSWORD is too easy to guess; set one of at least {SHORTEST} different "
            "characters, for example the output of: openssl rand -hex 24"
        )
    return ""


def refusal(method: str, headers: Mapping[str, str], hosts: Collection[str]) -> str:
    """Why a request is refused, as a sentence; "" if it is not.

    `headers`: those that it has, by name in lower case. `hosts`: names by which the node may be
    called, besides addresses.

    >>> refusal("POST", {"host": "127.0.0.1:6800", "origin": "https://example.org"}, ())
    'a request of another site, https://example.org, is not answered'
    """
    host = headers.get("host", "")
    name = host_of(host)
    if not (name in hosts or _is_address(name)):
        return (
            f"'{host}' is not a name of this node; if it is, add it to allowed_hosts in "
            "scrapyd.conf, or to SCRAPYD_ALLOWED_HOSTS"
        )
    origin = headers.get("origin")
    if origin is not None and origin.partition("//")[2].lower() != host.lower():
        return f"a request of another site, {origin}, is not answered"
    site = headers.get("sec-fetch-site")
    if site is not None and site not in OWN_SITE:
        return "a request that another site caused is not answered"
    if method not in SAFE and (origin is not None or site is not None):
        return "a browser may change nothing here; use scrapy schedule, scrapyd-deploy or curl"
    return ""


def host_of(netloc: str) -> str:
    """The name in a Host header, in lower case and without a port; "" if it is not valid."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Whether a name is an IP address, which no page of another name can lead a browser to."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def own_names(further: str) -> frozenset[str]:
    """The names of this machine, and the `further` ones, with commas or spaces between."""
    named = {name.lower().rstrip(".") for name in further.replace(",", " ").split()}
    return frozenset({"localhost", socket.gethostname().lower(), *named})


def guarded(inner: Any, hosts: Collection[str]) -> Any:
    """The web resource `inner` (scrapyd's), which gets only requests that are not refused."""
    from twisted.web.resource import Resource

    class Guard(Resource):
        """Checks each request before the password is asked for."""

        def getChildWithDefault(self, path: bytes, request: Any) -> Any:  # noqa: N802
            why = checked(request, hosts)
            return Refusal(why) if why else inner.getChildWithDefault(path, request)

        def render(self, request: Any) -> Any:
            why = checked(request, hosts)
            return Refusal(why).render(request) if why else inner.render(request)

    class Refusal(Resource):
        """The answer to a request that is refused."""

        isLeaf = True  # noqa: N815

        def __init__(self, why: str) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.why = why

        def render(self, request: Any) -> bytes:
            request.setResponseCode(403)
            request.setHeader("Content-Type", "text/plain; charset=utf-8")
            return f"{self.why}\n".encode()

    return Guard()  # type: ignore[no-untyped-call]


def checked(request: Any, hosts: Collection[str]) -> str:
    """Sets the headers of the answer to a request; why it is refused, "" if it is not."""
    for name, value in HEADERS.items():
        request.setHeader(name, value)
    headers: dict[str, str] = {}
    for name, values in request.requestHeaders.getAllRawHeaders():
        key = name.decode("latin-1").lower()
        if len(values) > 1 and key in ("host", "origin", "sec-fetch-site"):
            return f"a request with several {key} headers is not answered"
        headers[key] = values[-1].decode("latin-1")
    return refusal(request.method.decode("latin-1"), headers, hosts)


def application(config: Any) -> Any:
    """scrapyd's application behind the guard; exits with a sentence without a good password."""
    import scrapyd.app
    from scrapyd.basicauth import wrap_resource

    values = {
        name: os.environ.pop(name, "") or config.get(name.removeprefix("SCRAPYD_").lower(), "")
        for name in SECRETS
    }
    username, password = (values[name] for name in SECRETS)
    if fault := fault_of_password(username, password):
        sys.exit(fault)
    for name in SECRETS:
        # A % would be read as the begin of a variable's name.
        config.cp.set(
            config.SECTION,
            name.removeprefix("SCRAPYD_").lower(),
            values[name].replace("%", "%%"),
        )
    further = os.environ.get("SCRAPYD_ALLOWED_HOSTS", "") or config.get("allowed_hosts", "")
    hosts = own_names(further)
    scrapyd.app.wrap_resource = lambda root, read: guarded(wrap_resource(root, read), hosts)
    return scrapyd.app.application(config)


def run_job(arguments: list[str]) -> None:
    """Runs a job, or lists spiders, in place of this process: scrapyd's `runner`.

    As the user in SCRAPYD_JOB_USER, without the rights by which that user was taken on.
    """
    words = [sys.executable, "-m", "scrapyd.runner", *arguments]
    for name in SECRETS:
        os.environ.pop(name, None)
    user = os.environ.pop(JOB_USER, "")
    if user:
        words = [*as_user(user), *words]
    os.umask(0o077)
    os.execv(words[0], words)


def as_user(user: str) -> list[str]:
    """The beginning of a command that runs as `user`; exits if that cannot be."""
    import pwd

    setpriv = shutil.which("setpriv")
    if setpriv is None:
        sys.exit(f"{JOB_USER} needs the program setpriv (Debian: util-linux)")
    try:
        person = pwd.getpwnam(user)
    except KeyError:
        sys.exit(f"{JOB_USER}: this machine has no user '{user}'")
    os.environ["HOME"] = person.pw_dir
    return [
        setpriv, f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--init-groups",
        "--inh-caps=-all", "--no-new-privs", "--",
    ]  # fmt: skip


def job_launcher(config: Any, app: Any) -> Any:
    """scrapyd's launcher, which makes the log that a job of another user writes."""
    from scrapyd.interfaces import IEnvironment
    from scrapyd.launcher import Launcher

    launcher = Launcher(config, app)
    if os.environ.get(JOB_USER):
        environment = app.getComponent(IEnvironment)
        inherited = environment.get_settings

        def get_settings(message: Any) -> Any:
            settings = inherited(message)
            if log := settings.get("LOG_FILE"):
                # The group is the job's, which may write this file, and no other beside it.
                os.close(os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o660))
                os.chmod(log, 0o660)  # noqa: PTH101
            return settings

        environment.get_settings = get_settings
    return launcher


def main() -> None:
    """Starts the guarded scrapyd, or runs what it asks its runner for."""
    if sys.argv[1:2] and sys.argv[1] in ("crawl", "list"):
        run_job(sys.argv[1:])
    from scrapyd import Config
    from scrapyd.__main__ import main as start

    named = Config().get("application", "")
    if named != "guarded_scrapyd.application":
        sys.exit(
            f"scrapyd.conf has application = {named}, which does not ask who sends a request; use "
            "deploy/scrapyd.conf, with application = guarded_scrapyd.application"
        )
    start()


if __name__ == "__main__":
    main()
