"""Finds the files that travel with the code: in a checkout, a wheel and a zipped egg alike."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def bundled_keywords() -> Traversable:
    """The project's own keywords.yaml.

    An egg and a wheel carry it inside the package (setup.py copies it there); in a checkout
    it stands at the top, where analysts edit it.
    """
    packed = files("wildcrawl") / "keywords.yaml"
    if packed.is_file():
        return packed
    return Path(__file__).resolve().parent.parent / "keywords.yaml"
