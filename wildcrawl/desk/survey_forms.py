"""Survey forms: typed fields of accounts, surveys and posts, their choices and mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import abort, g, request
from markupsafe import Markup

from wildcrawl.desk.goods_names import goods_name
from wildcrawl.desk.languages import language, say
from wildcrawl.desk.messages import fault_text
from wildcrawl.desk.moments import time_element
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.labels import ACCOUNT_STATES, FIELDS, PRODUCT_TYPES, labels_in
from wildcrawl.months import CHINA
from wildcrawl.store.survey_entry import SurveyBook
from wildcrawl.store.surveys import key_of, kind_of
from wildcrawl.tabular.records import RowError
from wildcrawl.tabular.surveys import AccountStatus, Item
from wildcrawl.tabular.surveys.model import COLUMNS, MOST_IN_POST
from wildcrawl.tabular.surveys.reader import read_item

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from wildcrawl.desk.model import Desk
    from wildcrawl.store import Store
    from wildcrawl.store.documents import Document
    from wildcrawl.tabular.surveys import Account, Post, Survey
    from wildcrawl.tabular.tables import Fault

Typed = dict[str, str]
"""Texts of a form by column."""

POST_FIELDS = (
    "advertisements", "images", "videos", "species", "product_type", "price", "title", "url",
    "note",
)  # fmt: skip
"""Columns of a post in its form."""

LABELS: Mapping[str, tuple[str, str]] = {
    "account": ("Account", "账号"),
    "year": ("Year", "年份"),
    "status": ("State", "状态"),
    "platform": ("Platform", "平台"),
    "formerly": ("Former names", "曾用名"),
    "dealer": ("Dealer or main account", "所属卖家或主账号"),
    **{
        name: FIELDS[name] for name in ("videos", "note", "species", "product_type", "price", "url")
    },
    "survey": ("Name of the survey", "调查名称"),
    "date": ("Day on which it began", "开始日期"),
    "start": ("Hour at which it began", "开始时间"),
    "accounts": ("Number of accounts", "账号数"),
    "advertisements": ("Advertisements", "广告数"),
    "images": ("Images", "图片数"),
    "title": ("Text of the post", "帖子文字"),
}
"""Labels of the columns in English and Chinese."""

_MISTAKES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("accounts", "account"): ("Write the account's name.", "请填写账号名。"),
    ("accounts", "year"): ("Write a year, such as 2016; not one to come.", "请填写年份，如 2016。"),
    ("accounts", "status"): ("Choose the account's state.", "请选择账号状态。"),
    ("surveys", "date"): (
        "Write the day, such as 2016-05-12; not a day to come.",
        "请填写日期，如 2016-05-12，不能是将来。",
    ),
    ("surveys", "start"): ("Write a time of day, such as 09:00.", "请填写时间，如 09:00。"),
    ("surveys", "survey"): (
        "Write a name that no other survey has, such as 2016-1; a survey with the same day and "
        "totals is entered once.",
        "请填写未用过的名称，如 2016-1；同一天、总数相同的调查只填一次。",
    ),
    ("surveys", "advertisements"): (
        "Write the number of advertisements; a survey has posts or totals, not both.",
        "请填写广告总数；一次调查要么逐帖填写，要么只填总数。",
    ),
    ("posts", "survey"): (
        "The survey has totals; empty them first, or enter no posts.",
        "该调查已填总数；请先清空总数，或不再逐帖填写。",
    ),
    ("posts", "account"): (
        "The account is not in the list of the survey's year; add it there.",
        "该账号不在当年的名单中，请先添加。",
    ),
    ("posts", "species"): ("Choose the species.", "请选择物种。"),
    ("posts", "advertisements"): (
        f"Write how many advertisements the post has, from 1 to {MOST_IN_POST}.",
        f"请填写该帖的广告数（1 至 {MOST_IN_POST}）。",
    ),
}
_NUMBER = ("Write a whole number from 0, or nothing.", "请填写 0 以上的整数，或留空。")
_NUMBERS = frozenset({"accounts", "advertisements", "images", "videos"})


class MistakesError(Exception):
    """Raised for typed fields with mistakes: sentences by column, in the request's language."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        super().__init__("; ".join(mistakes.values()))
        self.mistakes = dict(mistakes)


def typed_of(kind: str, form: MultiDict[str, str]) -> Typed:
    """The columns of a kind in a form, without empty ones."""
    fields = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in COLUMNS[kind]}
    return {name: text for name, text in fields.items() if text}


def checked(desk: Desk, kind: str, typed: Mapping[str, str], book: SurveyBook) -> Item:
    """The item that is typed, read by the rules of survey files; MistakesError otherwise."""
    try:
        return read_item(kind, typed, book.known, list(desk.vocabulary.groups), desk.today())
    except RowError as error:
        raise MistakesError(
            {fault.column: _mistake(kind, fault) for fault in error.faults}
        ) from None


def _mistake(kind: str, fault: Fault) -> str:
    """A sentence on a fault; as the reader says it if the form has none for the column."""
    if (kind, fault.column) in _MISTAKES:
        return say(*_MISTAKES[kind, fault.column])
    return say(*_NUMBER) if fault.column in _NUMBERS else fault_text(fault)


def as_typed(item: Item) -> Typed:
    """An item as it is shown in its form; a post's counts of 0 are left out."""
    # The totals of a survey may be 0, which is not the same as none.
    left_out = (None, "", 0) if kind_of(item) == "posts" else (None, "")
    values = {name: getattr(item, name) for name in COLUMNS[kind_of(item)]}
    return {name: str(value) for name, value in values.items() if value not in left_out}


def choices(desk: Desk, name: str) -> list[tuple[str, str]]:
    """The words of a closed column with their names in the request's language."""
    if name == "status":
        return list(labels_in(language(), ACCOUNT_STATES).items())
    if name == "species":
        groups = desk.vocabulary.groups.values()
        return [(each.name, goods_name(each)) for each in groups]
    if name == "product_type":
        return list(labels_in(language(), PRODUCT_TYPES).items())
    return []


def label(name: str) -> str:
    """The label of a column in the request's language."""
    return say(*LABELS[name])


def opened(desk: Desk) -> tuple[Store, SurveyBook]:
    """The request's store, and its surveys; a request that changes nothing reads them once."""
    store = store_of_request(desk)
    if request.method == "POST":
        return store, SurveyBook(store)
    if "survey_book" not in g:
        g.survey_book = SurveyBook(store)
    book: SurveyBook = g.survey_book
    return store, book


def words(desk: Desk) -> dict[str, Any]:
    """Template variables of every survey page: labels and choices in the request's language."""
    return {
        "choices": lambda name: choices(desk, name),
        "label": label,
        "statuses": labels_in(language(), ACCOUNT_STATES),
        "species": dict(choices(desk, "species")),
        "products": dict(choices(desk, "product_type")),
        "key_of_item": key_of,
    }


def survey_or_404(book: SurveyBook, name: str) -> Survey:
    """The survey of that name; aborts with 404 if there is none."""
    survey = book.survey(name) if name else None
    if survey is None:
        abort(404, say("There is no survey of this name.", "没有这个名称的调查。"))
    return survey


def listed_or_404(book: SurveyBook, survey: Survey, name: str) -> Account:
    """The account, by any of its names, in the survey's year; aborts with 404 without one."""
    account = book.account(name, survey.date.year) if name else None
    if account is None:
        abort(404, say("The account is not in the list of that year.", "该账号不在当年的名单中。"))
    return account


def place_of_form(book: SurveyBook) -> tuple[Survey, Account]:
    """The survey and the account of a form."""
    survey = survey_or_404(book, request.form.get("survey", ""))
    return survey, listed_or_404(book, survey, request.form.get("account", ""))


def moment() -> str:
    """The present moment, as documents have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def when(document: Document) -> str:
    """Who saved a document and when, in China's time; "" if a file gave it."""
    if not document.get("at"):
        return ""
    at = datetime.fromisoformat(document["at"]).astimezone(CHINA)
    return f"{document.get('by') or ''} {at:%Y-%m-%d %H:%M}".strip()


def saved(document: Document) -> Markup:
    """Who saved a document and when, for a page; "" if a file gave it."""
    if not document.get("at"):
        return Markup("")
    return Markup("{} {}").format(document.get("by") or "", time_element(document["at"]))


def gone() -> str:
    """A sentence on what is not stored any more."""
    return say("Another person removed or renamed it meanwhile.", "其他人已将其删除或改名。")


def conflict(item: Account | Survey | Post, document: Document | None = None) -> str:
    """A sentence on a change by another person, with what is stored now."""
    content = ", ".join(
        f"{label(name)}: {text}" for name, text in as_typed(item).items() if name in _SHOWN
    )
    text = say(
        "{} changed it meanwhile to: {}. Yours is below; save again to replace it.",
        "{}已将其改为：{}。下面是您填写的内容，再次保存将替换它。",
    )
    who = when(document or {}) or say("Another person", "其他人")
    return text.format(who, content)


_SHOWN = frozenset(
    {
        "account", "status", "platform", "formerly", "dealer", "date", "start", "accounts",
        "advertisements", "images", "videos", "species", "product_type", "price", "title",
    }
)  # fmt: skip


def following(book: SurveyBook, survey: Survey, after: str) -> Account | None:
    """The next active account behind `after` that is not finished, from the top at the end."""
    accounts = [
        each for each in book.accounts(survey.date.year) if each.status == AccountStatus.ACTIVE
    ]
    place = next((n for n, each in enumerate(accounts, 1) if each.account == after), 0)
    for each in [*accounts[place:], *accounts[:place]]:
        if each.account != after and not book.is_finished(survey.survey, each.account):
            return each
    return None
