"""Texts of a card in the request's language: changes of its history, and why a term matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.tagger import Match
from wildcrawl.analysis.vocabulary import Group
from wildcrawl.desk.goods_names import goods_name
from wildcrawl.desk.languages import language, say
from wildcrawl.desk.match_words import SUPPORTS, longest
from wildcrawl.desk.messages import message
from wildcrawl.items import Change
from wildcrawl.labels import CLOSED, field_label, label_of
from wildcrawl.store.identity import FIELD as IDENTITY
from wildcrawl.store.identity import title_of
from wildcrawl.store.merge import TYPED_VERDICT
from wildcrawl.store.sales import FIELD as SOLD
from wildcrawl.store.tags import FIELD as TAGS

if TYPE_CHECKING:
    from wildcrawl.review.agreement import Pair

_FURTHER = {
    IDENTITY: ("Another advertisement under the id", "编号下换了广告"),
    SOLD: ("Sold", "售出"),
    TAGS: ("Tags by other rules", "旧规则的标签"),
    TYPED_VERDICT: ("Verdict in a file", "文件中的判定"),
}
"""Fields of the history that are not columns, in English and Chinese."""


def changed_field(name: str) -> str:
    """The label of a field in the history, in the request's language."""
    return say(*_FURTHER[name]) if name in _FURTHER else field_label(name, language())


def changed_value(change: Change, value: str, groups: Mapping[str, Group]) -> str:
    """A value before or after a change, in the request's language."""
    if not value:
        return say("none", "无")
    if change.field == "species":
        known = {name: goods_name(each) for name, each in groups.items()}
        return "; ".join(known.get(name, name) for name in value.split(";"))
    if change.field == TYPED_VERDICT:
        return verdict_name(value)
    if change.field in CLOSED:
        return label_of(change.field, value, language())
    return value


def _species_name(name: str, groups: Mapping[str, Group]) -> str:
    group = groups.get(name)
    return goods_name(group) if group else name


def why_matched(match: Match, groups: Mapping[str, Group]) -> str:
    """Why a term of a text is marked, in the request's language."""
    strength = label_of("strength", match.strength, language())
    text = f"{_species_name(match.group, groups)}, {strength}"
    if match.term != match.text:
        text = f"{match.term}, {text}"
    if match.supports:
        words = [say(word, SUPPORTS.get(word, word)) for word in longest(match.supports)]
        text += say(", with {}", "，旁有{}").format(say(", ", "、").join(words))
    if match.excluded_by:
        text += say("; does not count: {}", "；不计：{}").format(message(match.excluded_by))
    return text.replace(", ", "，") if language() == "zh" else text


def verdict_name(verdict: str) -> str:
    """A verdict's name in the request's language."""
    return label_of("verdict", verdict, language())


def visible_changes(history: Sequence[Change]) -> list[Change]:
    """Changes shown on the page; changes of `by_person` are shown beside the fields.

    A change of identity is shown by both titles.
    """
    return [
        replace(change, old=title_of(change.old), new=title_of(change.new))
        if change.field == IDENTITY
        else change
        for change in history
        if change.field != "by_person"
    ]


def disagreement_sentence(pair: Pair) -> str:
    """The sentence on two verdicts that differ."""
    looks = (pair.first, pair.second)
    return say(
        "{} judged it {}, and {} {}. A third person decides, or one of the two gives the other's "
        "verdict.",
        "{}判为{}，{}判为{}。请第三人判定，或由其中一人改为对方的判定。",
    ).format(*chain.from_iterable((each.by, verdict_name(each.verdict)) for each in looks))
