"""scrapyd API client: accepts an answer only when its status is "ok".

scrapyd answers errors with status 200, and scrapyd-client waits forever for a node that hangs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import requests
from scrapyd_client.utils import get_auth

from wildcrawl.crawl.scheduling.jobs import unit_of_job

if TYPE_CHECKING:
    from wildcrawl.crawl.scheduling.nodes import Node

CONNECT, ANSWER = 5.0, 60.0
"""Seconds for a connection, and for an answer: the first after a deploy starts Python."""
LOG_TAIL = 50_000


class NodeError(Exception):
    """A request to a node failed; the message names the node and the fix."""


class NodeAwayError(NodeError):
    """There is no connection to the node, so the request was not executed."""


class NodeSilentError(NodeError):
    """The node did not answer, so it is unknown whether the request was executed."""


class NodeRefusal(NodeError):
    """The node answered with an error."""


@dataclass(frozen=True)
class Job:
    """A job on a node; `state` is pending, running or finished."""

    id: str
    site: str
    """The site, or the part of one that it searches (`parts.unit_of`)."""
    node: str
    state: str


class Client:
    """The JSON API of one node. Every method may raise NodeError."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._auth = get_auth(node.url, node.username, node.password)

    def projects(self) -> list[str]:
        """The projects deployed to the node."""
        return list(self._ask("GET", "listprojects")["projects"])

    def versions(self) -> list[str]:
        """The project's versions; the last one is what jobs run."""
        return list(self._ask("GET", "listversions", self._project())["versions"])

    def spiders(self, version: str) -> list[str]:
        """The spiders of a version; NodeRefusal if it cannot be loaded."""
        # Without a version scrapyd may list the spiders of an earlier one.
        asked = {**self._project(), "_version": version}
        return list(self._ask("GET", "listspiders", asked)["spiders"])

    def jobs(self) -> list[Job]:
        """The project's jobs, including finished ones that scrapyd still lists."""
        answer = self._ask("GET", "listjobs", self._project())
        return [
            Job(
                str(job["id"]),
                unit_of_job(str(job["id"]), str(job["spider"])),
                self.node.name,
                state,
            )
            for state in ("pending", "running", "finished")
            for job in answer[state]
        ]

    def schedule(
        self,
        site: str,
        job: str,
        settings: Mapping[str, str],
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        """Puts a job for `site` into the node's queue, under the id `job`.

        `arguments` are those of the spider.
        """
        options = [f"{name}={value}" for name, value in settings.items()]
        self._ask(
            "POST",
            "schedule",
            {
                **self._project(),
                **(arguments or {}),
                "spider": site,
                "jobid": job,
                "setting": options,
            },
        )

    def state(self, job: str) -> str:
        """pending, running or finished; empty if the node does not know the job."""
        answer = self._ask("GET", "status", {**self._project(), "job": job})
        return str(answer["currstate"] or "")

    def log(self, site: str, job: str) -> str:
        """The last LOG_TAIL bytes of a job's log; empty if there is none."""
        path = f"logs/{self.node.project}/{site}/{job}.log"
        try:
            size = int(self._request("HEAD", path, {}).headers.get("Content-Length", 0))
            # Not "the last N bytes": scrapyd's web server fails on that for a shorter file.
            part = {"Range": f"bytes={max(0, size - LOG_TAIL)}-"} if size else {}
            answer = self._request("GET", path, {}, part)
        except NodeRefusal:
            return ""
        return answer.content.decode("utf-8", "replace")

    def time(self) -> datetime | None:
        """The node's clock, to the second; None if its answer has no date."""
        text = self._request("GET", "daemonstatus.json", {}).headers.get("Date", "")
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment

    def _project(self) -> dict[str, Any]:
        return {"project": self.node.project}

    def _ask(self, method: str, what: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._request(method, f"{what}.json", values or {})
        try:
            content = answer.json()
            status = content["status"]
        except (ValueError, KeyError, TypeError):
            raise NodeRefusal(
                f"{self.node} does not answer like scrapyd; fix its url in scrapy.cfg"
            ) from None
        if status != "ok":
            message = last_line(str(content.get("message", status)))
            raise NodeRefusal(f"{self.node} reports: {message}")
        return dict(content)

    def _request(
        self, method: str, path: str, values: dict[str, Any], headers: dict[str, str] | None = None
    ) -> requests.Response:
        try:
            answer = requests.request(
                method,
                f"{self.node.url}/{path}",
                params=values if method == "GET" else None,
                data=values if method == "POST" else None,
                auth=self._auth,
                headers=headers,
                timeout=(CONNECT, ANSWER),
            )
        except requests.ConnectTimeout:
            raise NodeAwayError(f"{self.node} does not answer") from None
        except requests.ConnectionError as error:
            if _was_refused(error):
                raise NodeAwayError(f"{self.node} does not answer") from None
            raise NodeSilentError(f"{self.node} closed the connection") from None
        except requests.RequestException:
            raise NodeSilentError(f"{self.node} did not answer within {ANSWER:.0f} s") from None
        if answer.status_code == 403 and answer.text.strip():
            raise NodeRefusal(f"{self.node} refuses the request: {last_line(answer.text)[:300]}")
        if answer.status_code in (401, 403):
            raise NodeRefusal(
                f"{self.node} rejects the username or password; fix both in "
                f"[deploy:{self.node.name}] of scrapy.cfg, or the variables that they name"
            )
        if not answer.ok:
            raise NodeRefusal(
                f"{self.node} answers with status {answer.status_code} to /{path}; fix its url in "
                "scrapy.cfg"
            )
        return answer


def _was_refused(error: requests.ConnectionError) -> bool:
    """Whether no connection was made."""
    cause = error.args[0] if error.args else error
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


def last_line(text: str) -> str:
    """The last line of an error's text: of a traceback, its message."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
