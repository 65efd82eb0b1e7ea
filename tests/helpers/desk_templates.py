"""Compiled templates of the desk: kept for all desks that a process of the tests makes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tests.helpers.desk_data import desk_in
from wildcrawl.desk import create_app


class _Compiled(BytecodeCache):
    """Keeps what was compiled in memory; a template that has changed is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def keep_compiled_templates() -> None:
    """Has each desk that is made after this use the templates that an earlier one compiled.

    A desk is one process of its own, whereas tests make hundreds, and compiling takes most of
    their time.
    """
    if "bytecode_cache" not in Flask.jinja_options:
        Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}


def compile_templates() -> None:
    """Compiles all templates ahead, for the desks of processes that are forked from this one."""
    with TemporaryDirectory() as folder:
        environment = create_app(desk_in(Path(folder))).jinja_env
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)
