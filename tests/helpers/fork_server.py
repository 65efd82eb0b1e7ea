"""Fork server: runs `scrapy` commands in processes that need no imports of their own.

Started once per test process. It imports Scrapy and the project, then forks for each connection
to its socket. The fork becomes the command, with its own environment, folder, streams, event loop
and exit code, as with `python -m scrapy`, but without the second that imports take. A command
leaves nothing behind in the server.

A request is a line of JSON: arguments, folder, environment, and the files for its two outputs.
The answer is the process id and then the exit code, each on a line.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import re
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import scrapy
from scrapy import cmdline
from scrapy.settings import Settings

PACKAGES = ("scrapy.commands", "wildcrawl", "spiders", "pipelines", "exports")
LIBRARIES = ("scrapy_playwright.handler", "twisted.internet.asyncioreactor", "pymongo", "openpyxl")
NOT_AHEAD = ("wildcrawl.settings", "wildcrawl.demo.__main__")
"""Modules that inspect their process on import, so that each command imports them itself."""


def load() -> None:
    """Imports what commands import, and compiles what each of them would compile again."""
    # A crawler loads its middlewares and extensions by their names in the settings.
    parts = set(re.findall(r"'(scrapy(?:\.\w+)+)\.\w+'", repr(Settings().copy_to_dict())))
    for name in (*LIBRARIES, *sorted(parts)):
        importlib.import_module(name)
    for package in map(importlib.import_module, PACKAGES):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name not in NOT_AHEAD:
                importlib.import_module(module.name)
    from exports.page import environment
    from tests.helpers.desk_templates import compile_templates, keep_compiled_templates
    from wildcrawl.analysis.charsets import decode
    from wildcrawl.analysis.domains import registered_domain
    from wildcrawl.analysis.prices import DEFAULT_PLACEHOLDERS, read_price
    from wildcrawl.analysis.tagging import Tagger
    from wildcrawl.analysis.vocabulary import load_vocabulary
    from wildcrawl.review.second_reader.model import bundled_reader

    tagger = Tagger(load_vocabulary())
    tagger.tag("象 牙 \u200b 手镯", "", "", [])
    assert tagger.fingerprint
    for template in environment().list_templates(extensions=["html"]):
        environment().get_template(template)
    keep_compiled_templates()
    compile_templates()
    read_price("3万5", DEFAULT_PLACEHOLDERS)
    # Their tables are made at the first call.
    decode("象牙".encode(), "utf-8")
    registered_domain("https://www.example.com/")
    bundled_reader()
    # Classes remember of which others they are subclasses; the search for commands asks for all.
    get_commands = vars(cmdline)["_get_commands_dict"]
    get_commands(Settings({"COMMANDS_MODULE": "wildcrawl.commands"}), True)
    assert "twisted.internet.reactor" not in sys.modules, "each command installs its own"
    # A command's garbage collections then pass over what was loaded before it.
    gc.collect()
    gc.freeze()


def serve(path: str) -> NoReturn:
    """Answers connections to the socket at `path` as long as its standard input is open."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    load()
    # The end of a command is written to a socket, so that it wakes up `select`.
    ended, ending = socket.socketpair()
    ended.setblocking(False)
    ending.setblocking(False)
    signal.set_wakeup_fd(ending.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    commands: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([listener, ended, sys.stdin], [], [])
        if sys.stdin in ready:
            sys.exit()
        if ended in ready:
            ended.recv(4096)
            report(commands)
        if listener in ready:
            connection, _ = listener.accept()
            request = read_request(connection)
            if request is None:
                connection.close()
                continue
            process = os.fork()
            if process == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (listener, ended, ending, connection, *commands.values()):
                    each.close()
                run(**request)
            commands[process] = connection
            answer(connection, process)


def read_request(connection: socket.socket) -> dict[str, Any] | None:
    """The request, sent as soon as the connection is made; None from a test that was ended."""
    with connection.makefile("r", encoding="utf-8") as stream:
        line = stream.readline()
    request: dict[str, Any] | None = json.loads(line) if line.endswith("\n") else None
    return request


def report(commands: dict[int, socket.socket]) -> None:
    """Reports the exit codes of the commands that have ended, and removes them."""
    for process in list(commands):
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            with commands.pop(process) as connection:
                answer(connection, os.waitstatus_to_exitcode(status))


def answer(connection: socket.socket, number: int) -> None:
    """Sends a line; a test that has been ended reads none."""
    with suppress(OSError):
        connection.sendall(f"{number}\n".encode())


def run(
    arguments: list[str], folder: str, environment: dict[str, str], out: str, err: str
) -> NoReturn:
    """Becomes `python -m scrapy ARGUMENTS`."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0] = folder
    sys.argv = [str(Path(scrapy.__file__).with_name("__main__.py")), *arguments]
    code = 0
    try:
        cmdline.execute()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        if code and isinstance(error.code, str):
            sys.stderr.write(f"{error.code}\n")
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    # The steps of an interpreter's exit, in order.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(str(Path(sys.argv[1])))
