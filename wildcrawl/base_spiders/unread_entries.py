"""Unread entries: results in a JSON answer that the declared queries do not select or read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.recommended import touches
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
    r"无|没有|未找到|找不到|为空|暂|no\W|not? ?(?:found|data|result|match|more|exist)|empty|nothing"
)
"""What an answer says that reports an empty result, and no error."""
_REFUSED = lazy_pattern(r"-?(?:401|403|429|5\d\d)")
"""Codes that report no empty page, wherever they come."""
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
        self._empty = 0
        """Entries of the list without any of the declared fields, or the keyword."""
        self._entries = 0
        self._errors: list[str] = []
        """What entries say that are errors in place of further results."""
        self._partial = 0
        """Answers that say that a part of the index did not answer."""
        self._found = False
        """Whether an answer had results."""
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
        for entries in _lists(answer, results):
            self._beside |= {
                _text(entry)
                for entry in entries[:MOST]
                if _kind(entry) == usual and _mentions(entry, phrase)
            }

    def add_code(self, answer: Any, *, found: bool, further: bool = False) -> None:
        """Records the code of an answer, and what one without results reports.

        Past the last page, which is the `further` one, APIs report wrong numbers of pages.
        """
        plain = _plain(answer) if isinstance(answer, Mapping) else {}
        codes = [value for name, value in plain.items() if name in _CODES]
        if found:
            self._found = True
            self._codes.update(codes)
            self._partial += _is_partial(answer)
        elif (
            (says := _said(plain))
            and not _NOTHING.search(says)
            and (not further or any(_REFUSED.fullmatch(code) for code in codes))
        ):
            self._failed.append((codes[0] if codes else "", says))

    def _add_where_none(self, answer: Any, results: Sequence[Any], phrase: str) -> None:
        """Records the entries of other lists, which other answers may show to be results."""
        for entries in _lists(answer, results):
            for entry in entries[:MOST]:
                if (kind := _kind(entry)) and _mentions(entry, phrase):
                    self._where_none.setdefault(kind, set()).add(_text(entry))

    def message(self) -> str:
        """A sentence if many results were not read, or an error stands for them, else ""."""
        failed = [says for code, says in self._failed if code not in self._codes]
        errors = self._errors + (failed if self._found else [])
        if errors:
            return (
                f"of the site's answers, {len(errors)} ended with an error in place of "
                f"further results ('{errors[0]}'), so that some were not read; run it again"
            )
        if self._partial:
            return (
                "the site says of its own answers that a part of its index did not answer "
                f"(answers: {self._partial}), so that some results were not read; run it again"
            )
        usual = (self._where_none.get(kind, set()) for kind in self._kinds)
        beside = self._beside.union(*usual) - self._read
        for unread, why in (
            (self._other, "have none of the declared 'fields'; add further queries for them"),
            (beside, "are in another list; fix 'results', or leave them out on purpose with [?…]"),
        ):
            if len(unread) >= ENOUGH and len(unread) >= MANY * (len(self._read) + len(unread)):
                return f"{len(unread)} results beside those read ({len(self._read)}) {why}"
        return ""

    def note(self) -> str:
        """A sentence if many entries of the lists of results are not results, else ""."""
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


def _error(entry: Any) -> str:
    """What an entry says that is an error of the site; "" if it is none.

    >>> _error({"code": 429, "msg": "too many requests"}), _error({"code": 0, "msg": "advert"})
    ('too many requests', '')
    """
    if not isinstance(entry, Mapping) or len(entry) > _KEYS:
        return ""
    return _said(_plain(entry))


def _is_partial(answer: Any) -> bool:
    """Whether an answer of Elasticsearch or Solr says that it is not whole.

    >>> _is_partial({"timed_out": True}), _is_partial({"_shards": {"failed": 0}})
    (True, False)
    """
    if not isinstance(answer, Mapping):
        return False
    header = answer.get("responseHeader")
    shards = answer.get("_shards")
    return (
        answer.get("timed_out") is True
        or (isinstance(shards, Mapping) and bool(shards.get("failed")))
        or (isinstance(header, Mapping) and header.get("partialResults") is True)
    )


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
