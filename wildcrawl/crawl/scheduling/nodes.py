"""scrapyd nodes: the [deploy:NAME] sections of scrapy.cfg."""

from __future__ import annotations

from collections.abc import Sequence
from configparser import ConfigParser
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scrapyd_client.utils import get_config

from wildcrawl.utils import closest


class NodesError(ValueError):
    """scrapy.cfg lacks a valid node; the message names the place and the fix."""


@dataclass(frozen=True)
class Node:
    """A scrapyd node in scrapy.cfg; its password is never shown."""

    name: str
    url: str
    project: str
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"node {self.name} ({self.url})"


def find_nodes(names: Sequence[str] = ()) -> list[Node]:
    """The nodes called `names`, or all, in the order of scrapy.cfg; NodesError if there is none.

    Read like scrapyd-deploy does: the project's scrapy.cfg overrides ~/.config/scrapy.cfg, and
    $NAME in a value is taken from the environment.
    """
    nodes = {node.name: node for node in _read(get_config())}
    if not nodes:
        raise NodesError(
            "scrapy.cfg has no [deploy:NAME] section; add, for example, [deploy:local], "
            "url = http://127.0.0.1:6800 and project = wildcrawl"
        )
    for name in names:
        if name not in nodes:
            near = closest(name, nodes, most=3) or list(nodes)
            raise NodesError(f"scrapy.cfg has no [deploy:{name}]; did you mean {', '.join(near)}?")
    return [nodes[name] for name in names] if names else list(nodes.values())


def _read(config: ConfigParser) -> list[Node]:
    common = dict(config.items("deploy")) if config.has_section("deploy") else {}
    found = [("default", common)] if "url" in common else []
    for section in config.sections():
        if section.startswith("deploy:"):
            name = section.removeprefix("deploy:")
            found.append((name, common | dict(config.items(section))))
    return [_node(name, options) for name, options in found]


def _node(name: str, options: dict[str, str]) -> Node:
    url = options.get("url", "").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NodesError(
            f"scrapy.cfg, [deploy:{name}]: '{url}' is not a valid url; write http://HOST:6800"
        )
    if parts.username or parts.password:
        raise NodesError(
            f"scrapy.cfg, [deploy:{name}]: the url holds a username or password; remove it, write "
            "username = $SCRAPYD_USERNAME and password = $SCRAPYD_PASSWORD, and set these in the "
            "environment"
        )
    return Node(
        name,
        url,
        options.get("project") or "wildcrawl",
        _given(options.get("username", "")),
        _given(options.get("password", "")),
    )


def _given(value: str) -> str:
    """A value, "" if it names a variable that is not set."""
    return "" if value.startswith("$") else value
