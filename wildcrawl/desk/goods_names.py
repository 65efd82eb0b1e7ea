"""Names of species groups on the pages: those of their goods, as in reports and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.analysis.vocabulary.goods import goods
from wildcrawl.desk.languages import say

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Group


def goods_name(group: Group) -> str:
    """The name of a group's goods in the request's language."""
    return say(goods(group.label), goods(group.label_zh or group.label))
