"""Reads keywords.yaml; whatever is wrong with it is said all at once, with line and mend."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from wildcrawl.analysis.vocabulary.model import Group, Keyword, Vocabulary, VocabularyError
from wildcrawl.analysis.vocabulary.nodes import Faults, Node, repeated
from wildcrawl.analysis.vocabulary.rules import RULES, read_rules
from wildcrawl.items import ProductType
from wildcrawl.months import MonthError, check_month
from wildcrawl.utils import bundled_keywords

KINDS = ("name", "code")
_KEYWORD = ("term", "kind", "ambiguous", "since")
_OPTIONAL = ("extreme",)
_TRUTH = ("true", "false")
_WORD_LISTS = ("names", "bare", "codes", "signs", "marks")
_GROUP = ("label", "label_zh", "keywords", "unworked", "exclusions", *_WORD_LISTS)
_PRODUCTS = tuple(ProductType)
# The C reader is ten times as fast where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_vocabulary(source: Path | Traversable | None = None) -> Vocabulary:
    """The vocabulary of `source`, or of the project's own keywords.yaml.

    VocabularyError lists every fault with file, line and mend.
    """
    place = bundled_keywords() if source is None else source
    faults = Faults(place.name)
    root = _compose(_read(place), faults)
    vocabulary = _vocabulary(root, faults) if root is not None else Vocabulary({})
    if faults.found:
        raise VocabularyError(str(faults))
    return vocabulary


def _read(place: Path | Traversable) -> str:
    try:
        raw = place.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise VocabularyError(
            f"{place}: cannot be read ({why}); WILDCRAWL_KEYWORDS must name a keywords.yaml"
        ) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise VocabularyError(
            f"{place.name} line {line}: is not UTF-8; save the file in the UTF-8 encoding"
        ) from None


def _compose(text: str, faults: Faults) -> Node | None:
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        faults.add(line, f"is not YAML: {error.problem}; check indents, quotes and brackets")
        return None
    except yaml.YAMLError as error:
        faults.add(1, f"is not YAML: {' '.join(str(error).split())}")
        return None
    if root is None:
        faults.add(1, "the file is empty; it needs 'groups:'")
    return root


def _vocabulary(root: Node, faults: Faults) -> Vocabulary:
    entries = faults.mapping(root, "the file", ("groups", *RULES))
    if not faults.required(root, entries, ("groups",), "the file"):
        return Vocabulary({})
    nodes = faults.mapping(entries["groups"], "groups")
    if not nodes and isinstance(entries["groups"], yaml.MappingNode):
        faults.add(entries["groups"], "groups is empty; add a species group")
    groups = {name: _group(name, node, faults) for name, node in nodes.items()}
    _check_doubles(nodes, faults)
    rules = read_rules(entries, faults)
    _check_exclusions(nodes, {each.name for each in rules.reasons}, faults)
    return Vocabulary(groups, rules)


def _group(name: str, node: Node, faults: Faults) -> Group:
    what = f"group '{name}'"
    if not name.isidentifier() or not name.isascii() or name == "all":
        faults.add(node, f"'{name}' cannot name a group; use letters and _, for example sea_turtle")
    entries = faults.mapping(node, what, _GROUP)
    faults.required(node, entries, ("label", "label_zh", "keywords"), what)
    keywords = [
        _keyword(each, name, faults)
        for each in faults.sequence(entries.get("keywords"), f"keywords of {what}")
    ]
    exclusions = {
        reason: faults.words(phrases, f"exclusions of {what}")
        for reason, phrases in faults.mapping(
            entries.get("exclusions"), f"exclusions of {what}"
        ).items()
    }
    lists = {each: faults.words(entries.get(each), f"{each} of {what}") for each in _WORD_LISTS}
    unworked = faults.choice(entries.get("unworked"), "product type", _PRODUCTS)
    return Group(
        name=name,
        label=faults.text(entries.get("label"), f"label of {what}"),
        label_zh=faults.text(entries.get("label_zh"), f"label_zh of {what}"),
        keywords=tuple(keywords),
        exclusions=exclusions,
        unworked=unworked or ProductType.WORKED_UNCARVED,
        **lists,
    )


def _keyword(node: Node, group: str, faults: Faults) -> Keyword:
    entries = faults.mapping(node, "a keyword", (*_KEYWORD, *_OPTIONAL))
    if isinstance(node, yaml.MappingNode):
        faults.required(node, entries, _KEYWORD, "a keyword")
    ambiguous = faults.choice(entries.get("ambiguous"), "answer for ambiguous", _TRUTH)
    extreme = faults.choice(entries.get("extreme"), "answer for extreme", _TRUTH)
    if extreme == "true" and ambiguous == "false":
        faults.add(entries["extreme"], "what is extreme is ambiguous too; write ambiguous: true")
    since = faults.text(entries.get("since"), "since")
    if since:
        try:
            check_month(since)
        except MonthError as error:
            faults.add(entries["since"], str(error))
    return Keyword(
        term=faults.text(entries.get("term"), "term"),
        group=group,
        kind=faults.choice(entries.get("kind"), "kind of keyword", KINDS),
        ambiguous=ambiguous == "true",
        extreme=extreme == "true",
        since=since,
    )


def _check_doubles(nodes: dict[str, Node], faults: Faults) -> None:
    """A keyword belongs to one group, once; a group lists each further term once."""
    keywords: list[tuple[str, Node]] = []
    quiet = Faults("")
    for name, node in nodes.items():
        entries = quiet.mapping(node, name)
        for each in quiet.sequence(entries.get("keywords"), ""):
            term = quiet.mapping(each, "").get("term")
            if isinstance(term, yaml.ScalarNode):
                keywords.append((str(term.value).strip(), term))
        lists = (quiet.sequence(entries.get(key), "") for key in ("names", "bare", "codes"))
        further = [
            (str(each.value).strip(), each)
            for members in lists
            for each in members
            if isinstance(each, yaml.ScalarNode)
        ]
        for word, where, first in repeated(further):
            faults.add(where, f"term '{word}' stands already in line {first}; take one out")
    for word, where, first in repeated(keywords):
        faults.add(where, f"keyword '{word}' stands already in line {first}; take one out")


def _check_exclusions(nodes: dict[str, Node], reasons: set[str], faults: Faults) -> None:
    quiet = Faults("")
    for node in nodes.values():
        exclusions = quiet.mapping(node, "").get("exclusions")
        if not isinstance(exclusions, yaml.MappingNode):
            continue
        for key, _ in exclusions.value:
            faults.choice(key, "reason (see reasons:)", sorted(reasons))
