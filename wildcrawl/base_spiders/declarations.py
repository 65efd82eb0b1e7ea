"""Declarations of a site, checked when its spider is made: queries, patterns, names, addresses.

A selector that cannot be translated would otherwise fail on every page of a run. Each fault names
the file and line, the attribute, its value and the fix.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.charsets import is_of_text
from wildcrawl.base_spiders.extraction import FUNCTIONS, XPATH, Layout
from wildcrawl.utils import did_you_mean

if TYPE_CHECKING:
    from parsel import Selector

    from wildcrawl.base_spiders.site import Site

PATTERNS = ("answers", "board_id", "patterns", "product_path")
"""Attributes that hold regular expressions."""
SELECTORS = ("search_form", "other_details")
"""Attributes that hold selectors even where the answers are JSON."""
GROUPED = ("board_id", "patterns", "product_path")
"""Those of them whose first group is what is read."""
NAMED = ("fields", "detail", "patterns", "expect")
"""Attributes whose keys are the names of an advertisement's fields."""
FIELDS = {
    "ad_id": "the site's own id of the advertisement",
    "url": "the address of its own page",
    "title": "its title",
    "description": "its text",
    "category": "the category, the board or the group it is in",
    "price": "the asking price, as it is written",
    "seller": "the name of the seller, the shop or the account",
    "seller_id": "the site's own id of the seller",
    "location": "where the seller or the goods are",
    "posted_at": "when it was posted, as it is written",
    "image_urls": "the addresses of its pictures: a list",
}
"""The fields that a site's pages can fill, with their meaning."""
NUMBERED = {"card_id": "./descendant-or-self::*", "detail_id": ""}
"""Attribute with pairs of a selector and a pattern, to what is written before the selector."""
PLACEHOLDERS = {
    "search_url": ("keyword", "page", "cursor"),
    "search_body": ("keyword", "page", "cursor"),
    "ambiguous_url": ("keyword", "page", "cursor"),
    "page_url": ("keyword", "page"),
    "form_data": ("keyword", "page"),
    "detail_url": ("ad_id",),
    "board_path": ("board", "page"),
}
"""Attribute to the names that may stand in braces in it."""


OF_SCRAPY = (
    *("name", "allowed_domains", "start_urls", "custom_settings", "state", "rules", "user_agent"),
    *("handle_httpstatus_list", "handle_httpstatus_all", "http_user", "http_pass"),
    *("http_auth_domain", "download_delay", "download_timeout", "download_maxsize"),
    *("download_warnsize", "max_concurrent_requests"),
)
"""Attributes of a spider that Scrapy or its middlewares read, and that its class may not have."""
LEAST = {
    "first_page": 0,
    "page_step": 1,
    "max_pages": 1,
    "max_results": 1,
    "ambiguous_pages": 1,
}
"""Attribute with a whole number, to its smallest value."""
ADDRESSES = (
    *("home", "search_url", "page_url", "first_visit", "detail_url", "ambiguous_url", "entry"),
)
"""Attributes with an address."""
_ADDRESS = re.compile(r"https?://[^/\s?#{}]", re.IGNORECASE)
TEXTS = (
    *("blocked", "gone", "ignored_tabs", "ambiguous_words", "board_words", "further_domains"),
    *("challenges", "steps", "steps_zh"),
)
"""Attributes with several texts."""


KINDS: dict[type, tuple[Any, str]] = {
    bool: (bool, "True or False"),
    str: (str, "a text"),
    int: (int | float, "a number"),
    float: (int | float, "a number"),
    # A text in place of several has a message of its own.
    tuple: ((str, list, tuple, set, frozenset), 'several values such as ("…",)'),
    dict: (Mapping, 'values by name such as {"…": "…"}'),
}
"""Type of a declared value, to the types that may take its place, and their description."""


class DeclarationError(ValueError):
    """Raised for declarations that cannot work; names each, with file, attribute and fix."""


@dataclass(frozen=True)
class DeclarationFault:
    """One declaration that cannot work: the attribute, the value, and what is wrong and the fix."""

    attribute: str
    place: str
    value: str
    why: str


def check_declarations(site: type[Site]) -> None:
    """Raises DeclarationError for declarations of `site` that cannot work on any page."""
    # The other checks read values of the right kinds.
    faults = list(_wrong_kinds(site)) or list(_faults(site))
    if faults:
        raise DeclarationError("; ".join(_sentence(site, fault) for fault in faults))


def queries_of(site: type[Site]) -> Iterator[str]:
    """The names of the attributes of `site` that hold queries, each once."""
    names = (name for base in site.__mro__ for name in vars(base).get("queries", ()))
    yield from dict.fromkeys(names)


def _faults(site: type[Site]) -> Iterator[DeclarationFault]:
    yield from _unread_attributes(site)
    yield from _unusable_queries(site)
    yield from _unusable_patterns(site)
    yield from _unknown_fields(site)
    yield from _late_ids(site)
    yield from _unusable_templates(site)
    yield from _unusable_addresses(site)
    yield from _unusable_numbers(site)
    yield from _unusable_texts(site)
    yield from _mismatches(site)


def _wrong_kinds(site: type[Site]) -> Iterator[DeclarationFault]:
    """Attributes that hold another kind of value than the base class declares: blocked = None."""
    queries = {*queries_of(site)}
    for name, default in _defaults(site).items():
        value, held = getattr(site, name), KINDS.get(type(default))
        if held is None or hasattr(value, "__get__"):
            continue
        if default == "" and name in queries and _is_query(value):
            continue
        kinds, what = held
        if not isinstance(value, kinds) or isinstance(value, bool) != isinstance(default, bool):
            why = f"it is not {what}; remove it, or correct it"
            yield DeclarationFault(name, name, str(value), why)
        elif isinstance(value, Mapping):
            yield from _wrong_values(name, value)


def _wrong_values(name: str, values: Mapping[Any, Any]) -> Iterator[DeclarationFault]:
    """Entries of an attribute with several values that cannot be read."""
    for key, value in values.items():
        if name == "expect":
            right, what = isinstance(value, int | float), "a number"
        elif name in ("fields", "detail"):
            right, what = _is_query(value), "a selector"
        else:
            right, what = isinstance(value, str), "a text"
        if not right or not isinstance(key, str):
            why = f"it is not {what} under a name; remove it, or correct it"
            yield DeclarationFault(name, f"{name}[{key!r}]", str(value), why)


def _defaults(site: type[Site]) -> dict[str, Any]:
    """The value of each attribute in the class that declares it first."""
    found: dict[str, Any] = {}
    for base in site.__mro__:
        found |= {name: value for name, value in vars(base).items() if not name.startswith("_")}
    return found


def _is_query(value: object) -> bool:
    """Whether a value may be a selector, or several that are tried one after the other."""
    return isinstance(value, str | Mapping | list | tuple)


def _unread_attributes(site: type[Site]) -> Iterator[DeclarationFault]:
    """Attributes that no base class reads: misspelt ones, and those of another way of working."""
    if site.__module__.startswith(("wildcrawl.base_spiders", "wildcrawl.platforms")):
        return
    read = {name for base in site.__mro__[1:] for name in vars(base)}
    way = site.__mro__[1].__name__
    for name, value in vars(site).items():
        if name in read or name.startswith("_") or name in OF_SCRAPY:
            continue
        if callable(value) or hasattr(value, "__get__"):
            continue
        known = (each for each in read if not each.startswith("_"))
        hint = did_you_mean(name, known)
        why = f"{way} reads no '{name}'{hint}; a name of your own begins with _"
        yield DeclarationFault(name, name, str(value), why)


def _unusable_queries(site: type[Site]) -> Iterator[DeclarationFault]:
    for name in queries_of(site):
        data = site.in_data and name not in SELECTORS
        for place, query, in_data in _walk(name, getattr(site, name), data):
            why = _jmespath_fault(query) if in_data else _selector_fault(query)
            if why:
                yield DeclarationFault(name, place, query, why)
    for name, before in NUMBERED.items():
        for query, _ in getattr(site, name, ()):
            why = _selector_fault(f"{before}{query}")
            if why:
                yield DeclarationFault(name, name, query, why)


def _unusable_patterns(site: type[Site]) -> Iterator[DeclarationFault]:
    for name in PATTERNS:
        for place, pattern, _ in _walk(name, getattr(site, name, ""), in_data=False):
            why = _pattern_fault(pattern, grouped=name in GROUPED)
            if why:
                yield DeclarationFault(name, place, pattern, why)
    for name in NUMBERED:
        for _, pattern in getattr(site, name, ()):
            why = _pattern_fault(pattern, grouped=True)
            if why:
                yield DeclarationFault(name, name, pattern, why)


def _unknown_fields(site: type[Site]) -> Iterator[DeclarationFault]:
    for name in NAMED:
        known = ("advertisements", *FIELDS) if name == "expect" else tuple(FIELDS)
        for field in getattr(site, name, {}):
            if field not in known:
                yield _unknown_field(name, name, field, known)
    for name in ("other_layouts", "other_details"):
        for index, layout in enumerate(getattr(site, name, ())):
            for field in layout.fields:
                if field not in FIELDS:
                    yield _unknown_field(name, f"{name}[{index}].fields", field, tuple(FIELDS))


def _late_ids(site: type[Site]) -> Iterator[DeclarationFault]:
    """An id on an advertisement's own page, which is fetched only once its id is known."""
    why = "an advertisement is known by its id before its own page is fetched; declare it in fields"
    if "ad_id" in getattr(site, "detail", {}):
        yield DeclarationFault("detail", 'detail["ad_id"]', str(site.detail["ad_id"]), why)
    for index, layout in enumerate(getattr(site, "other_details", ())):
        if "ad_id" in layout.fields:
            place = f'other_details[{index}].fields["ad_id"]'
            yield DeclarationFault("other_details", place, str(layout.fields["ad_id"]), why)


def _unknown_field(
    attribute: str, place: str, field: str, known: Sequence[str]
) -> DeclarationFault:
    why = f"'{field}' is not a valid field{did_you_mean(field, known)}; choose one of "
    return DeclarationFault(attribute, place, field, why + ", ".join(known))


def _unusable_templates(site: type[Site]) -> Iterator[DeclarationFault]:
    for name, words in PLACEHOLDERS.items():
        for place, text, _ in _walk(name, getattr(site, name, ""), in_data=False):
            why = _template_fault(text, words)
            if why:
                yield DeclarationFault(name, place, text, why)


def _unusable_addresses(site: type[Site]) -> Iterator[DeclarationFault]:
    """Addresses that cannot be requested, and the charset in which keywords are written there."""
    whole = site.address.__qualname__ == "Site.address"
    for name in ADDRESSES if whole else ():
        url = getattr(site, name, "")
        if url and not _ADDRESS.match(url):
            why = "it is no whole address; begin it with https:// and the site's host"
            yield DeclarationFault(name, name, url, why)
    if not is_of_text(site.charset):
        why = "Python knows no such charset of texts; write one that it knows, such as gb18030"
        yield DeclarationFault("charset", "charset", site.charset, why)


def _unusable_numbers(site: type[Site]) -> Iterator[DeclarationFault]:
    for name, least in LEAST.items():
        value = getattr(site, name)
        if not isinstance(value, int) or value < least:
            why = f"it is not a whole number from {least}; remove it, or correct it"
            yield DeclarationFault(name, name, str(value), why)


def _unusable_texts(site: type[Site]) -> Iterator[DeclarationFault]:
    for name in TEXTS:
        texts = getattr(site, name, ())
        if not isinstance(texts, Iterable):
            # Of another way of working, and named as such.
            continue
        wrong = next((each for each in texts if not isinstance(each, str)), "")
        if wrong != "":
            yield DeclarationFault(name, name, str(wrong), "it is not a text; write it in quotes")
        elif isinstance(texts, str):
            why = f'each of its letters would be a text of its own; write ("{texts}",)'
            yield DeclarationFault(name, name, texts, why)
        elif not all(texts):
            yield DeclarationFault(name, name, "", "an empty text is in every page; remove it")


def _mismatches(site: type[Site]) -> Iterator[DeclarationFault]:
    """Declarations that contradict others."""
    sent = any("{cursor}" in text for text in (site.search_url, site.search_body))
    if site.cursor and not sent:
        why = "it is never sent; write {cursor} into search_url or search_body"
        yield DeclarationFault("cursor", "cursor", site.cursor, why)
    if sent and not site.cursor:
        why = "nothing fills in {cursor}; declare 'cursor', which selects it in an answer"
        yield DeclarationFault("search_url", "search_url", site.search_url, why)
    if site.detail_url and "{ad_id}" not in site.detail_url:
        why = "it leads to one page for all advertisements; write {ad_id} into it"
        yield DeclarationFault("detail_url", "detail_url", site.detail_url, why)
    yield from _form_mismatches(site)
    yield from _without_keyword(site)
    yield from _without_list(site)
    for name in ("first_visit", "search_form"):
        if site.needs_browser and getattr(site, name):
            why = "a browser keeps its own cookies and sends no form; remove it"
            yield DeclarationFault(name, name, getattr(site, name), why)


def _without_keyword(site: type[Site]) -> Iterator[DeclarationFault]:
    """A search by address or body that never sends the keyword."""
    if not site.automated or not site.search_url or site.search_form:
        return
    if site.way not in ("html", "json") or "{keyword}" in site.search_url + site.search_body:
        return
    why = "the keyword is never sent; write {keyword} into it, or into search_body"
    yield DeclarationFault("search_url", "search_url", site.search_url, why)


def _without_list(site: type[Site]) -> Iterator[DeclarationFault]:
    """Fields that are looked up nowhere, since nothing selects the results."""
    first = next(iter(site.fields), "")
    name = "results" if site.in_data else "card"
    # Shop programs find their products without a selector.
    layouts = () if site.in_data else getattr(site, "other_layouts", ())
    elsewhere = hasattr(site, "cards") or bool(layouts)
    if first and getattr(site, name, None) == "" and not elsewhere:
        why = f"nothing selects the results in which they are looked up; declare '{name}'"
        yield DeclarationFault("fields", "fields", first, why)


def _form_mismatches(site: type[Site]) -> Iterator[DeclarationFault]:
    first = next(iter(site.form_data), "")
    if first and not site.search_form:
        why = "no form is declared; declare 'search_form', which selects it"
        yield DeclarationFault("form_data", "form_data", first, why)
    if first and not any("{keyword}" in value for value in site.form_data.values()):
        why = 'no input has the keyword; write for example form_data = {"q": "{keyword}"}'
        yield DeclarationFault("form_data", "form_data", first, why)
    for name in ("search_body", "ambiguous_url"):
        if site.search_form and getattr(site, name):
            why = f"a form is sent in its place; remove {name} or search_form"
            yield DeclarationFault(name, name, getattr(site, name), why)


def _walk(place: str, value: Any, in_data: bool) -> Iterator[tuple[str, str, bool]]:
    """Every text in a declared value, with its place and whether it is looked up in data."""
    if isinstance(value, str):
        if value:
            yield place, value, in_data
    elif isinstance(value, Layout):
        held = in_data or bool(value.data)
        yield from _walk(f"{place}.card", value.card, held)
        yield from _walk(f"{place}.fields", value.fields, held)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _walk(f'{place}["{key}"]', each, in_data)
    elif isinstance(value, Iterable):
        for index, each in enumerate(value):
            yield from _walk(f"{place}[{index}]", each, in_data)


_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"([a-zA-Z][\w.-]*(?::[\w.-]+)?)\s*\(")
_XPATH_FUNCTIONS = frozenset(
    re.findall(
        r"\S+",
        """
        last position count id local-name namespace-uri name string concat starts-with contains
        substring-before substring-after substring string-length normalize-space translate boolean
        not true false lang number sum floor ceiling round comment text processing-instruction node
        and or div mod has-class re:test re:match re:replace set:difference set:distinct
        set:intersection set:has-same-node set:leading set:trailing
        """,
    )
)
"""Functions, kinds of nodes and operators that may stand before a bracket in an XPath."""
_AXES = re.compile(r"[\w-]+::")


_NAME = re.compile(r"(?<![\w@:$-])[a-zA-Z][\w-]*(?![\w-]*[(:])")


def _sample(query: str) -> Selector:
    """A page with the elements that an XPath names, so that its conditions are evaluated."""
    from parsel import Selector

    names = ["html", "body", *_NAME.findall(query), "a"]
    opened = "".join(f"<{name} class='a' id='b' href='c'>d" for name in names)
    return Selector(opened + "".join(f"</{name}>" for name in reversed(names)), type="xml")


@lru_cache(maxsize=4096)
def _selector_fault(query: str) -> str:
    """What is wrong with a selector, and the fix; "" if it can be used."""
    if XPATH.match(query):
        plain = _AXES.sub("", _LITERAL.sub("''", query))
        unknown = [name for name in _CALL.findall(plain) if name not in _XPATH_FUNCTIONS]
        if unknown:
            hint = did_you_mean(unknown[0], _XPATH_FUNCTIONS)
            return f"XPath 1.0 has no function '{unknown[0]}'{hint}"
        try:
            _sample(plain).xpath(query)
        except ValueError as error:
            said = str(error).partition(" in ")[0].removeprefix("XPath error: ")
            return f"it is not an XPath: {said}; check its brackets, quotes and arguments"
        return ""
    from cssselect import SelectorError

    try:
        _sample("").css(query)
    except (SelectorError, ValueError) as error:
        return f"it is not a CSS selector that can be used: {error}; {_css_fix(query, str(error))}"
    return ""


def _css_fix(query: str, why: str) -> str:
    """What to write in place of a CSS selector that cannot be used."""
    if "-of-type" in why:
        bare = re.search(r"[^\s>+~,]*:[\w-]*-of-type", query)
        wrong = bare[0] if bare else ":first-of-type"
        return f"name the element before it: write div{wrong} for {wrong}"
    if "/" in _LITERAL.sub("", re.sub(r"\[[^\]]*\]", "", query)):
        return "an XPath begins with /, ./ or ("
    return "or write an XPath, which begins with /, ./ or ("


@lru_cache(maxsize=4096)
def _jmespath_fault(query: str) -> str:
    """What is wrong with a JMESPath, and the fix; "" if it can be used."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        parsed = jmespath.compile(query).parsed
    except JMESPathError as error:
        why = " ".join(str(error).splitlines()[0].split())
        return f"it is not a JMESPath: {why}; see https://jmespath.org"
    for name, given in _calls(parsed):
        function = FUNCTIONS.FUNCTION_TABLE.get(name)
        if function is None:
            hint = did_you_mean(name, FUNCTIONS.FUNCTION_TABLE)
            return f"JMESPath has no function '{name}'{hint}"
        wanted = function["signature"]
        variadic = bool(wanted) and wanted[-1].get("variadic")
        if given < len(wanted) or (given > len(wanted) and not variadic):
            return f"the function '{name}' takes {len(wanted)} arguments, {given} are given"
    return ""


def _calls(node: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The functions that a parsed JMESPath calls, with the number of arguments of each call."""
    if node.get("type") == "function_expression":
        yield node["value"], len(node["children"])
    for child in node.get("children", ()):
        if isinstance(child, Mapping):
            yield from _calls(child)


@lru_cache(maxsize=4096)
def _pattern_fault(pattern: str, *, grouped: bool) -> str:
    """What is wrong with a regular expression, and the fix; "" if it can be used."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        return f"it is not a regular expression: {error}"
    if grouped and not compiled.groups:
        return "it has no group; put the part to keep in brackets: /item/(\\d+)"
    return ""


def _template_fault(text: str, known: tuple[str, ...]) -> str:
    """What is wrong with an address or a body with names in braces; "" if it can be filled in."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        return f"its braces are not in pairs ({error}); write {{{{ for a brace that is sent"
    for name in names:
        if name not in known:
            choice = ", ".join(f"{{{each}}}" for each in known)
            return (
                f"'{{{name[:40]}}}' cannot be filled in; choose one of {choice}, and double "
                "braces that are sent: {{ and }}"
            )
    return ""


def _sentence(site: type[Site], fault: DeclarationFault) -> str:
    return f"{_where(site, fault)}: {fault.place} = {fault.value!r}: {fault.why}"


def _where(site: type[Site], fault: DeclarationFault) -> str:
    """File and line of a declaration; the site's name where it has no file."""
    owner = next((base for base in site.__mro__ if fault.attribute in vars(base)), site)
    source = getattr(sys.modules.get(owner.__module__), "__file__", None)
    if not source:
        return site.name
    path = Path(source)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else Path(path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        text = ""
    sought = fault.value if fault.value and fault.value in text else f"    {fault.attribute} = "
    before, found, _ = text.partition(sought)
    return f"{shown} line {before.count(chr(10)) + 1}" if found else str(shown)
