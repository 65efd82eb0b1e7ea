"""Unread entries: results in a JSON answer that the declared queries do not select or read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wildcrawl.analysis.result_totals import answered_left_out, values_outside_lists
from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.recommended import names, touches
from wildcrawl.base_spiders.unread_boxes import ENOUGH, MANY, MOST
from wildcrawl.utils import lazy_pattern

_DEEPEST = 8
"""Levels of an answer that are searched for lists."""
_SHOWN = 60
"""Characters of an error that are shown."""
_ERRORS = frozenset(("error", "errors", "errmsg", "err_msg", "error_msg", "errormessage"))
_SAYS = frozenset(("msg", "message", "reason", "detail"))
_CODES = frozenset(("code", "errcode", "error_code", "status"))
_FINE = frozenset(("0", "1", "200"))
"""Codes that report no error."""
_NOTHING = lazy_pattern(
    r"(?:未能?|没有?|暂?无|暂未)(?:任何|相关|符合|匹配|更多|条件|此|该|的)*"
    r"(?:找到|搜索?到|查询?到|检索到|收录|结果|数据|商品|宝贝|藏品|拍品|记录|内容|信息|更多|匹配|符合)"
    r"|[找搜查]不到|为空|(?:关键[词字]|商品|宝贝|数据|记录|结果|分类|页面?)不存在"
    r"|\b(?:no|0|zero) (?:\w+ ){0,2}?(?:results?|data|match|matches|records?|items?|goods|products?"
    r"|listings?|hits|more)\b|not? ?(?:found|data|result|match|more|exist)|\bempty\b|\bnothing\b"
)
"""What an answer says that reports an empty result, and no error."""
_SUCCESS = lazy_pattern(r"成功|^(?:ok|success(?:ful)?)\b")
_PAST = lazy_pattern(
    r"out of range|page\b.{0,20}(?:exceed|too (?:large|big|high))|超[出过]|页[码数]"
)
"""What an answer says of a page past the last one."""
_PARTIAL = frozenset(("timedout", "partialresults", "incompleteresults", "truncated"))
"""Names of fields, without `_` and `-`, that are true in an answer that is not whole."""
_MORE = frozenset(("hasmore", "hasnext", "hasnextpage", "havemore", "morepages"))
"""Names of fields, likewise, that are true in an answer that others follow."""
_PARTIAL_LEVELS = 2
"""Levels of an answer on which they tell of the whole of it."""
_REFUSED = lazy_pattern(r"-?(?:401|403|429|5\d\d)")
"""Codes that report no empty page, wherever they come."""
_SOME = 3
"""Fewest entries with the whole keyword that are results in an answer without others."""
_KEYS = 6
"""The most keys of an error: entries with more are goods or banners."""


class UnreadEntries:
    """Counts entries of answers that mention the keyword and are never read as a result.

    They are in the list of results, but have other fields; or they are in another list, and have
    the fields of the results.
    """

    def __init__(self) -> None:
        self._read: set[str] = set()
        self._other: set[str] = set()
        """Entries of the list without any of the declared fields."""
        self._beside: set[str] = set()
        """Entries like the results, in other lists."""
        self._kinds: Counter[frozenset[str]] = Counter()
        """The sets of keys of the results, with their numbers."""
        self._where_none: dict[frozenset[str], set[str]] = {}
        """Entries of other lists in answers without results, by their keys."""
        self._whole: set[str] = set()
        """Those of them that have the whole keyword."""
        self._empty = 0
        """Entries of the list without any of the declared fields, or the keyword."""
        self._entries = 0
        self._errors: list[str] = []
        """What entries say that are errors in place of further results."""
        self._partial = 0
        """Answers with results that say that they are not whole."""
        self._found = False
        """Whether an answer had results."""
        self._promising = 0
        """Answers without results that say that more follow."""
        self._last = False
        """Whether an answer said that none follow."""
        self._kept = 0
        self._left_out = 0
        """Entries that a filter of the query took, and left out though they have the keyword."""
        self._hidden = 0
        """Results that the site says it left out of its answers."""
        self._codes: set[str] = set()
        """The codes of answers with results."""
        self._failed: list[tuple[str, str]] = []
        """Code and message of each answer without results that reports an error."""

    def add(self, answer: Any, results: Sequence[Any], read: Sequence[bool], phrase: str) -> None:
        """Records an answer for `phrase`; `read`: which of the first `results` have fields."""
        self._entries += len(results)
        self._empty += sum(
            not is_read and not (entry and _mentions(entry, phrase))
            for entry, is_read in zip(results, read, strict=False)
        )
        own = [entry for entry, is_read in zip(results, read, strict=False) if is_read]
        self._read |= {_text(entry) for entry in own}
        other = [entry for entry, is_read in zip(results, read, strict=False) if not is_read]
        self._errors += filter(None, map(_error, other))
        self._other |= {_text(entry) for entry in other if entry and _mentions(entry, phrase)}
        kinds = Counter(kind for entry in own if (kind := _kind(entry)))
        self._kinds += kinds
        if not kinds:
            self._add_where_none(answer, results, phrase)
            return
        usual = kinds.most_common(1)[0][0]
        self._beside |= {
            _text(each) for entry in own for each in _within(entry) if _mentions(each, phrase)
        }
        for entries in _lists(answer, results):
            self._beside |= {
                _text(entry)
                for entry in entries[:MOST]
                if _kind(entry) == usual and _mentions(entry, phrase)
            }

    def add_filtered(self, every: Any, results: Sequence[Any], phrase: str) -> None:
        """Records the entries of a list, `every` one, of which a filter took the `results`."""
        if not isinstance(every, list):
            return
        taken = {_text(entry) for entry in results}
        self._kept += len(results)
        others = (entry for entry in every[:MOST] if entry and _text(entry) not in taken)
        self._left_out += sum(_mentions(entry, phrase) for entry in others)

    def add_left_out(self, answer: Any, shown: int) -> None:
        """Records how many results an answer with `shown` of them says it leaves out."""
        self._hidden += answered_left_out(answer, shown)

    def add_code(self, answer: Any, *, found: bool, further: bool = False) -> None:
        """Records the code of an answer, and what one without results reports.

        Past the last page, which is the `further` one, APIs report wrong numbers of pages.
        """
        plain = _plain(answer) if isinstance(answer, Mapping) else {}
        codes = [value for name, value in plain.items() if name in _CODES]
        says = _reported(answer) or _said(plain)
        more = _says_more(answer)
        self._last = self._last or more is False
        self._promising += bool(more) and not found
        if found:
            self._found = True
            self._codes.update(codes)
            self._partial += _is_partial(answer) or bool(_reported(answer))
        elif says and not _NOTHING.search(says):
            refused = any(_REFUSED.fullmatch(code) for code in codes)
            excused = _PAST.search(says) if further else not refused and _SUCCESS.search(says)
            if not excused and (refused or not further):
                self._failed.append((codes[0] if codes else "", says))

    def _add_where_none(self, answer: Any, results: Sequence[Any], phrase: str) -> None:
        """Records the entries of other lists, which other answers may show to be results."""
        for entries in _lists(answer, results):
            for entry in entries[:MOST]:
                if not (kind := _kind(entry)) or not _mentions(entry, phrase):
                    continue
                text = _text(entry)
                self._where_none.setdefault(kind, set()).add(text)
                if names(phrase, normalise(text).text):
                    self._whole.add(text)

    def message(self) -> str:
        """A sentence if many results were not read, or an error stands for them, else ""."""
        failed = [says for code, says in self._failed if code not in self._codes]
        errors = self._errors + (failed if self._found else [])
        if errors:
            return (
                f"of the site's answers, {len(errors)} ended with an error in place of "
                f"further results ('{errors[0]}'), so that some were not read; run it again"
            )
        if self._promising and self._last:
            return (
                f"the site's answers end before they say so (answers: {self._promising} without "
                "results that promise more), so that some results were not read; run it again"
            )
        if self._partial:
            return (
                "the site says of its own answers that they are not whole (answers: "
                f"{self._partial}), so that some results were not read; run it again"
            )
        usual = [self._where_none.get(kind, set()) for kind in self._kinds]
        beside = self._beside.union(*usual) - self._read
        for unread, why in (
            (self._other, "have none of the declared 'fields'; add further queries for them"),
            (beside, "are in another list; fix 'results', or leave them out on purpose with [?…]"),
        ):
            if len(unread) >= ENOUGH and len(unread) >= MANY * (len(self._read) + len(unread)):
                return f"{len(unread)} results beside those read ({len(self._read)}) {why}"
        moved = self._whole.intersection(set().union(*usual)) - self._read
        if len(moved) >= _SOME:
            return (
                f"{len(moved)} results with the keyword are in another list, in answers whose list "
                "of results is empty; fix 'results', or leave them out on purpose with [?…]"
            )
        return ""

    def note(self) -> str:
        """A sentence if many entries are not results, or a filter leaves them out, else ""."""
        left_out, every = self._left_out, self._kept + self._left_out
        if left_out >= ENOUGH and left_out >= MANY * every:
            return (
                f"the filter in 'results' leaves out {left_out} of {every} entries with the "
                "keyword: not certain that they are no advertisements"
            )
        if self._hidden:
            return (
                f"the site says of its own answers that it left {self._hidden} results out of "
                "them: it may show them to other visitors, or in its app"
            )
        if self._empty < ENOUGH or self._empty < MANY * self._entries:
            return ""
        return (
            f"{self._empty} of {self._entries} entries of the site's answers hold no advertisement "
            "that could be read: not certain that they are none"
        )


def _lists(node: Any, results: Sequence[Any], depth: int = 0) -> Iterator[list[Any]]:
    """The lists of objects in an answer, besides its list of results."""
    if node is results or depth > _DEEPEST:
        return
    values = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    if isinstance(node, list) and any(isinstance(entry, Mapping) for entry in node):
        yield node
    for value in values:
        yield from _lists(value, results, depth + 1)


def _within(entry: Any) -> Iterator[Any]:
    """The objects in the lists of a result that have the keys of the result itself.

    >>> list(_within({"id": 1, "title": "a", "same": [{"id": 2, "title": "b"}], "n": [{"id": 3}]}))
    [{'id': 2, 'title': 'b'}]
    """
    if not isinstance(entry, Mapping):
        return
    lists = {name: value for name, value in entry.items() if isinstance(value, list)}
    plain = frozenset(entry.keys() - lists.keys())
    for values in lists.values() if len(plain) > 1 else ():
        yield from (each for each in values[:MOST] if plain <= _kind(each))


def _error(entry: Any) -> str:
    """What an entry says that is an error of the site; "" if it is none.

    >>> _error({"code": 429, "msg": "too many requests"}), _error({"code": 0, "msg": "advert"})
    ('too many requests', '')
    """
    if not isinstance(entry, Mapping) or len(entry) > _KEYS:
        return ""
    return _said(_plain(entry))


def _is_partial(answer: Any) -> bool:
    """Whether an answer says that it is not whole, as those of Elasticsearch, Solr and GitHub do.

    >>> _is_partial({"timed_out": True}), _is_partial({"_shards": {"failed": 0}})
    (True, False)
    """
    if not isinstance(answer, Mapping):
        return False
    shards = answer.get("_shards")
    failed = isinstance(shards, Mapping) and bool(shards.get("failed"))
    said = values_outside_lists(answer, _PARTIAL_LEVELS)
    return failed or any(name in _PARTIAL and value is True for name, value in said)


def _says_more(answer: Any) -> bool | None:
    """Whether an answer says that others follow it; None if it says nothing of it.

    >>> _says_more({"page": {"hasNextPage": True}}), _says_more({"has_more": 0}), _says_more({})
    (True, False, None)
    """
    said = [
        value
        for name, value in values_outside_lists(answer, _PARTIAL_LEVELS)
        if name in _MORE and value in (0, 1)
    ]
    return any(said) if said else None


def _reported(answer: Any) -> str:
    """The message of the first of an answer's `errors`, as in GraphQL; "" if it has none."""
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    says = str(first.get("message") or "") if isinstance(first, Mapping) else ""
    return normalise(says).text[:_SHOWN].replace("'", "")


def spoken(answer: Any) -> str:
    """The first message of an answer, whatever it reports; "" if it has none.

    >>> spoken({"success": False, "data": {"errMsg": "busy"}}), spoken({"message": ""})
    ('busy', '')
    """
    names = {name.replace("_", "") for name in _SAYS | _ERRORS}
    values = values_outside_lists(answer, _PARTIAL_LEVELS)
    said = (value for name, value in values if name in names and isinstance(value, str))
    return normalise(next((each for each in said if each.strip()), "")).text[:_SHOWN]


def says_nothing_found(message: str, *, further: bool = False) -> bool:
    """Whether a message reports an empty result, or success, and no error.

    Of a `further` page one that it is past the last one is no error either.
    """
    past = further and _PAST.search(message)
    return bool(past or _NOTHING.search(message) or _SUCCESS.search(message))


def _plain(entry: Mapping[Any, Any]) -> dict[str, str]:
    """The texts and numbers of an entry, by name in lower case."""
    return {
        str(name).lower(): str(value).strip()
        for name, value in entry.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _said(plain: Mapping[str, str]) -> str:
    """What the values of an entry or answer say of an error; "" if they report none."""
    codes = [value for name, value in plain.items() if name in _CODES]
    failed = any(code.lstrip("-").isdecimal() and code not in _FINE for code in codes)
    says = [value for name, value in plain.items() if name in _SAYS] if failed else []
    says += [value for name, value in plain.items() if name in _ERRORS and value not in _FINE]
    return normalise(next(filter(None, says), "")).text[:_SHOWN].replace("'", "")


def _kind(entry: Any) -> frozenset[str]:
    return frozenset(entry) if isinstance(entry, Mapping) else frozenset()


def _text(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, default=str)


def _mentions(entry: Any, phrase: str) -> bool:
    return touches(phrase, normalise(_text(entry)).text)
