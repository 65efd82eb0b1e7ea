"""Site names: which monitored site a name typed in a record means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from wildcrawl.analysis.text import nfkc, normalise, one_line
from wildcrawl.utils import closest

_ENDING = re.compile(r"(.+?)(?:官网|网站|平台|商城|网|\.com\.cn|\.com|\.cn|\.net|\.org|app)")
_BRACKETS = re.compile(r"\(.*?\)")
_GENERIC = frozenset("店网商城市场站家集拍卖二手平台")
"""Characters that names of sites share without being alike: 甲店 is not 微店."""
_LONGEST = 200
"""Characters of a name; what is longer, as a damaged file has it, is none and would take long."""


class SiteNames:
    """The names by which the declared sites are known: name, label and Chinese label.

    `declared` maps the name of each site to its labels. Case, blanks, width and a closing 网,
    商城 or .com make no difference. A name that fits two sites fits none.
    """

    def __init__(self, declared: Mapping[str, Iterable[str]]) -> None:
        self._names = list(declared)
        self._by_form: dict[str, set[str]] = {}
        self._by_short_form: dict[str, set[str]] = {}
        for name, labels in declared.items():
            for text in _spellings(name, [label for label in labels if label]):
                form = _form(text)
                self._by_form.setdefault(form, set()).add(name)
                self._by_short_form.setdefault(_short(form), set()).add(name)

    @property
    def names(self) -> Collection[str]:
        """The names of the declared sites."""
        return self._names

    def find(self, typed: str) -> str:
        """The name of the declared site that `typed` means; "" if it is none of them.

        >>> SiteNames({"taobao": ["Taobao", "淘宝"]}).find("淘宝网")
        'taobao'
        """
        if typed in self._names:
            return typed
        if len(typed) > _LONGEST:
            return ""
        form = _form(typed)
        plain = _BRACKETS.sub("", form)
        for sites in (
            self._by_form.get(form),
            self._by_form.get(plain),
            self._by_short_form.get(_short(plain)),
        ):
            if sites and len(sites) == 1:
                return next(iter(sites))
        return ""

    def nearest(self, typed: str) -> str:
        """The declared site whose name resembles `typed` most; "" if none does.

        >>> SiteNames({"taobao": ["Taobao", "淘宝"]}).nearest("taobo")
        'taobao'
        """
        if len(typed) > _LONGEST:
            return ""
        form = _short(_form(typed))
        close = closest(form, self._by_short_form)
        if close and not _GENERIC.issuperset(form) and _GENERIC.issuperset({*form} & {*close[0]}):
            return ""
        return min(self._by_short_form[close[0]]) if close else ""


def _spellings(name: str, labels: list[str]) -> list[str]:
    """The texts that mean a site: each name, without its brackets too, and all in one."""
    plain = [_BRACKETS.sub("", label) for label in labels]
    joined = ["".join(labels), "".join(reversed(labels)), name + "".join(labels[1:])]
    return [text for text in (name, *labels, *plain, *joined) if _form(text)]


def _form(text: str) -> str:
    plain = one_line(nfkc(text)).casefold()
    plain = re.sub(r"^(?:https?://)?(?:www\.|m\.)?|[\s/]+", "", plain)
    # Simplified characters, without the signs between them.
    return plain if plain.isascii() else "".join(map(_simplified, re.split(r"([().])", plain)))


def _simplified(part: str) -> str:
    return part if part in ("(", ")", ".") else normalise(part).text.replace(" ", "")


def _short(form: str) -> str:
    match = _ENDING.fullmatch(form)
    return match[1] if match else form
