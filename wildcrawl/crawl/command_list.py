"""Command list: this project's commands in the order of a month, as `scrapy -h` prints them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

MONTH: Mapping[str, tuple[str, ...]] = {
    "Search": ("crawl", "crawlall", "sites", "schedule", "deploy-check", "login"),
    "Search by hand": ("worksheet", "desk", "survey-template"),
    "Screen": ("look", "queue", "tag"),
    "Report": ("export",),
    "Notify": ("notices", "recheck", "evidence"),
    "Improve": ("rank", "second-look", "keywords", "retag", "rates"),
    "Add a site": ("save-page", "read-page"),
    "Keep": ("backup", "restore", "forget", "doctor"),
    "Try": ("demo",),
}
"""The steps of a month and their commands."""
NAME = "wildcrawl"
"""The command that also exists outside the project."""


class Command(ScrapyCommand):
    """`scrapy wildcrawl`, an entry point: outside the project Scrapy loads no other command."""

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012

    def short_desc(self) -> str:
        return f"List wildcrawl's commands (crawl, desk, export, ...); {where_to_stand()}"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from scrapy import cmdline

        print(listing(cmdline._get_commands_from_module("wildcrawl.commands", inproject=True)))  # noqa: T201
        print(f"\n{where_to_stand()[0].upper()}{where_to_stand()[1:]}.")  # noqa: T201


def where_to_stand() -> str:
    """A phrase that says in which folder the commands work."""
    root = Path(__file__).resolve().parents[2]
    if (root / "scrapy.cfg").is_file():
        return f"they work in {root}"
    return "they work where a scrapy.cfg names wildcrawl.settings"


def listing(commands: Mapping[str, ScrapyCommand]) -> str:
    """The project's `commands`, grouped by the steps of a month, those without a step last."""
    steps = {step: [name for name in names if name in commands] for step, names in MONTH.items()}
    steps["Others"] = sorted(set(commands) - {name for names in steps.values() for name in names})
    return "\n\n".join(
        "\n".join([f"{step}:", *(line(name, commands[name]) for name in names)])
        for step, names in steps.items()
        if names
    )


def line(name: str, command: ScrapyCommand) -> str:
    """A command as Scrapy lists it."""
    return f"  {name:<16} {command.short_desc()}"


def list_ours_first() -> None:
    """Makes `scrapy` and `scrapy -h` print this project's commands first, then Scrapy's own.

    Scrapy has no interface for the order, so its private printer is replaced; a Scrapy without
    it lists all commands alphabetically. Does nothing in a process that is not Scrapy's command
    line.
    """
    cmdline = sys.modules.get("scrapy.cmdline")
    if hasattr(cmdline, "_print_commands"):
        setattr(cmdline, "_print_commands", print_commands)  # noqa: B010


def print_commands(settings: BaseSettings, inproject: bool) -> None:
    """Prints what `scrapy -h` says in the project."""
    from scrapy import cmdline

    cmdline._print_header(settings, inproject)
    commands = cmdline._get_commands_dict(settings, inproject)
    package = f"{settings['COMMANDS_MODULE']}."
    ours = {
        name: command
        for name, command in commands.items()
        if command.__module__.startswith(package)
    }
    theirs = [
        line(name, command)
        for name, command in sorted(commands.items())
        if name not in ours and name != NAME
    ]
    print("Usage:\n  scrapy COMMAND [OPTIONS] [ARGUMENTS]; scrapy COMMAND -h explains one\n")  # noqa: T201
    print(listing(ours))  # noqa: T201
    print("\n".join(["\nScrapy's own:", *theirs]))  # noqa: T201
