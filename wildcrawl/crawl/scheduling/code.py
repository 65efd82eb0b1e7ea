"""What code runs: each file of the project and a mark of what is in it.

A node's egg, a wheel and a checkout give the same marks if they hold the same code.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from wildcrawl.resources import bundled_keywords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

PACKAGES = ("wildcrawl", "spiders", "pipelines", "exports")
VOCABULARY = "wildcrawl/keywords.yaml"
_KINDS = (".py", ".yaml", ".html", ".css", ".js", ".tmpl")


def code_marks() -> dict[str, str]:
    """File to the mark of its contents, for the code that is running."""
    found = {
        path: _mark(file)
        for package in PACKAGES
        for path, file in _walk(files(package), package)
        if path.endswith(_KINDS)
    }
    return {**found, VOCABULARY: _mark(bundled_keywords())}


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        name = f"{path}/{each.name}"
        if each.is_dir():
            yield from _walk(each, name)
        else:
            yield name, each


def _mark(file: Traversable) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def difference(there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """How the code `there` differs from the code here, by file; empty if it does not.

    >>> difference({"a.py": "1", "b.py": "1"}, {"a.py": "2", "c.py": "1"})
    'a.py differs, b.py is not here, c.py is missing'
    """
    paths = [path for path in sorted({*there, *here}) if there.get(path) != here.get(path)]
    told = [f"{path} {_how(path, there, here)}" for path in paths]
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""
    return ", ".join(told[:3]) + more


def _how(path: str, there: Mapping[str, str], here: Mapping[str, str]) -> str:
    if path in there:
        return "differs" if path in here else "is not here"
    return "is missing"
