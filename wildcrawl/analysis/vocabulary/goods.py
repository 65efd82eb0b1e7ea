"""Labels of goods: what is advertised, in reports and letters, from labels of keyword groups."""

from __future__ import annotations

_OF_KEYWORDS = {
    "通用": "未指明物种",
    "虎": "虎制品",
    "豹": "豹制品",
    "鲸": "鲸制品",
    "赛加羚羊": "赛加羚羊角",
    "穿山甲": "穿山甲鳞片及制品",
    "All species in general": "Species not stated",
    "Tiger": "Tiger products",
    "Leopard": "Leopard products",
    "Whale": "Whale products",
}


def goods(label: str) -> str:
    """Label of what is advertised; that of a group that the bundled vocabulary lacks, unchanged.

    >>> goods("虎"), goods("Ivory (elephant)")
    ('虎制品', 'Ivory (elephant)')
    """
    return _OF_KEYWORDS.get(label, label)
