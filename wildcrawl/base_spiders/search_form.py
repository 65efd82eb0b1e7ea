"""Search forms: a form that is fetched before each search, filled in and sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from wildcrawl.analysis.charsets import quote_keyword, widest
from wildcrawl.base_spiders.block_detection import check_blocked, check_title
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import Search, select
from wildcrawl.base_spiders.responses import PageError, readable
from wildcrawl.crawl.stats import Stat

SENT = "form_sent"
"""Key of a request's meta: how often the form of its search was sent."""
_TEXT_FIELDS = (
    "descendant::textarea[@name] | descendant::input[@name][not(@type) or @type='text' or"
    " @type='search' or @type='Text' or @type='TEXT']"
)
_SIGNING_IN = "descendant::input[translate(@type, 'PASWORD', 'pasword') = 'password']"


class NoForm(PageError):
    """A page without the declared form, or with one that cannot be filled in."""

    stat = Stat.PAGES_UNRECOGNISED


@dataclass(frozen=True)
class Submission:
    """The request that a filled-in form makes."""

    url: str
    method: str
    body: bytes
    headers: Mapping[str, str]


def submission(
    page: TextResponse, query: str, data: Mapping[str, str], keyword: str, charset: str
) -> Submission:
    """The request of the form that `query` selects, with its own inputs and `data`.

    Of several forms the first that has an input of `data` is sent, and never one for signing in.

    Without `data`, the form's only text field is set to `keyword`. The inputs are encoded in
    `charset`. NoForm, with the fix, if the page has no such form.
    """
    from form2request import form2request

    found = select(page.selector, query)
    forms = found.xpath("ancestor-or-self::form[1]")
    if not forms:
        raise NoForm(f"the page has no form '{query}'; check search_form")
    open_to_all = [form for form in forms if not form.xpath(_SIGNING_IN)]
    if not open_to_all:
        raise NoForm(f"the form '{query}' is for signing in; select that of the search")
    named = (form for form in open_to_all if set(form.xpath(".//@name").getall()) & data.keys())
    chosen = next(named, open_to_all[0])
    if not data:
        names = list(dict.fromkeys(chosen.xpath(_TEXT_FIELDS).xpath("@name").getall()))
        if len(names) != 1:
            listed = f"the text fields {', '.join(names)}" if names else "no text field"
            raise NoForm(f"the form '{query}' has {listed}; declare form_data with its {{keyword}}")
        data = {names[0]: keyword}
    try:
        made = form2request(chosen, dict(data))
    except (ValueError, NotImplementedError) as error:
        raise NoForm(f"the form '{query}' cannot be sent: {error}") from None
    url = made.url
    if made.method == "GET":
        url = urlsplit(url)._replace(query=_encoded(urlsplit(url).query, charset)).geturl()
    body = _encoded(made.body.decode(), charset).encode()
    return Submission(url, made.method, body, dict(made.headers))


def _encoded(inputs: str, charset: str) -> str:
    """Percent-encoded inputs, from UTF-8 to `charset`, as a browser sends them."""
    pairs = parse_qsl(inputs, keep_blank_values=True)
    return urlencode(pairs, encoding=widest(charset), errors="xmlcharrefreplace")


class FormSearch(CrawledSite):
    """The part of a search that sends a form; a form's token may be valid for one search only.

    So the next form is fetched when the search before it, with all its pages, has ended.
    """

    queries: ClassVar[tuple[str, ...]] = ("search_form",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.forms: deque[Request] = deque()
        self.forms_sent = 0

    def next_form(self) -> Iterator[Request]:
        """The request for the page with the form of the next search, if any is left."""
        if self.forms:
            yield self.forms.popleft()

    def form_page_request(self, search: Search, url: str) -> Request:
        """The request for the page with the form of a search."""
        return Request(
            url,
            headers=self.headers,
            callback=self.parse_form,
            errback=self.form_failed,
            cb_kwargs={"search": search},
            priority=10,
            dont_filter=True,
        )

    def parse_form(self, response: Response, search: Search) -> Iterator[Any]:
        """Fills in the form of a page and sends it."""
        quoted = quote_keyword(search.phrase, self.charset)
        assert quoted is not None
        keyword = unquote(quoted, encoding=widest(self.charset))
        page = self.page_number(search)
        data = {
            name: value.format(keyword=keyword, page=page) for name, value in self.form_data.items()
        }
        try:
            answer = readable(response, self.charset)
            check_title(answer)
            try:
                made = submission(answer, self.search_form, data, keyword, self.charset)
            except NoForm:
                check_blocked(answer, self.blocked)
                raise
        except PageError as error:
            self.lacking = self.lacking or f"{response.url}: {error}"
            self.skip_page(response, error)
            yield from self.search_lost(search)
            yield from self.next_form()
            return
        self.forms_sent += 1
        yield Request(
            made.url,
            method=made.method,
            body=made.body,
            headers={"Referer": response.url, **self.headers, **made.headers},
            callback=self.parse_form_results,
            errback=self.form_failed,
            cb_kwargs={"search": search},
            meta={**self.request_meta(), SENT: response.meta.get(SENT, 0) + 1},
            priority=10,
            dont_filter=True,
        )

    def parse_form_results(self, response: Response, search: Search) -> Iterator[Any]:
        """Reads a page of results that a form returned, or one that follows it.

        A form whose answer is not a page of results is sent once more: its token may have expired.
        """
        if response.meta.get(SENT) == 1 and not self.is_answer(response):
            self.logger.info("%s shows no results; the form is sent once more", response.url)
            again = self.search_request(search)
            if again is not None:
                yield again.replace(meta={**again.meta, SENT: 1})
                return
        yield from self.in_turn(self.parse_results(response, search))

    def is_answer(self, response: Response) -> bool:
        """Whether a page shows results, or that there are none."""
        try:
            return self.read_results(readable(response, self.charset)).recognised
        except PageError:
            return False

    def form_failed(self, failure: Failure) -> Iterator[Any]:
        """Counts a form or its results that could not be fetched; goes on to the next form."""
        return self.in_turn(self.search_failed(failure))

    def in_turn(self, produced: Iterable[Any] | None) -> Iterator[Any]:
        """What a page yields, then the next form unless the search goes on."""
        goes_on = False
        for output in produced or ():
            if isinstance(output, Request) and "search" in output.cb_kwargs:
                goes_on = True
                if output.callback == self.parse_results:
                    output = output.replace(
                        callback=self.parse_form_results, errback=self.form_failed
                    )
            yield output
        if not goes_on:
            yield from self.next_form()

    def page_number(self, search: Search) -> int:
        """The value of {page} in the request of a search."""
        return (search.page - self.first_page) * self.page_step + self.first_page + search.shift

    def search_request(self, search: Search, url: str | None = None) -> Request | None:
        """The request for a page of results; a search implements it."""
        raise NotImplementedError

    def parse_results(self, response: Response, search: Search) -> Iterator[Any]:
        """Reads one page of results; a search implements it."""
        raise NotImplementedError

    def search_failed(self, failure: Failure) -> Any:
        """Counts a search page that could not be fetched; a search implements it."""
        raise NotImplementedError

    def search_lost(self, search: Search) -> Iterator[Any]:
        """Counts a search whose form could not be filled in; a search implements it."""
        raise NotImplementedError
