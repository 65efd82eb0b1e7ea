"""Names of species groups on the pages: those of their goods, as in reports and letters."""

from __future__ import annotations

from wildcrawl.analysis.vocabulary import Group
from wildcrawl.analysis.vocabulary.goods import goods
from wildcrawl.desk.languages import say


def goods_name(group: Group) -> str:
    """The name of a group's goods in the request's language."""
    return say(goods(group.label), goods(group.label_zh or group.label))
