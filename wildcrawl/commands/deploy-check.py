"""`scrapy deploy-check NODE`: tests a deployment by running a job."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader

from wildcrawl.commands.common import opened_store, plain_errors, say
from wildcrawl.commands.schedule import nodes_of
from wildcrawl.crawl.base_command import QuietCommand

if TYPE_CHECKING:
    from wildcrawl.crawl.scheduling.nodes import Node


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[NODE…]"

    def short_desc(self) -> str:
        return "Test a deployment to a node, and its store, by running a job"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. It checks the named nodes, or all in scrapy.cfg. The job serves "
            "a bundled marketplace to itself, so it needs nothing outside the node but the store. "
            "The exit code is 1 unless every node is ok."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--seconds", type=float, default=120.0, help="the job's time limit in seconds (120)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        with plain_errors():
            for node in nodes_of(args):
                if not self.check(node, opts.seconds):
                    self.exitcode = 1

    def check(self, node: Node, seconds: float) -> bool:
        """Checks one node and prints the result."""
        from wildcrawl.crawl.scheduling.api import NodeError
        from wildcrawl.crawl.scheduling.deploy_check import CheckFailed, check_node

        assert self.settings is not None
        here = SpiderLoader.from_settings(self.settings).list()
        with opened_store(self.settings) as store:
            try:
                check_node(node, store, here, seconds, say)
            except (CheckFailed, NodeError) as error:
                say(f"{node.name}: not ok: {error}")
                return False
        say(f"{node.name}: ok")
        return True
