"""Survey pages: the accounts of a year and its 24-hour surveys, with what is still missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for

from wildcrawl.desk.languages import say
from wildcrawl.desk.survey_forms import (
    MistakesError,
    Typed,
    as_typed,
    checked,
    conflict,
    following,
    gone,
    moment,
    opened,
    survey_or_404,
    typed_of,
    words,
)
from wildcrawl.desk.survey_sheet import add_sheets
from wildcrawl.desk.team import name_of_request, remember_typed_name
from wildcrawl.store.survey_entry import (
    ChangedMeanwhileError,
    SurveyBook,
    drafts_of,
    remove_item,
    save_item,
)
from wildcrawl.store.surveys import key_of, sums_of, totals_of
from wildcrawl.tabular.surveys import Account, AccountStatus, Survey
from wildcrawl.tabular.surveys.accounts import names_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from wildcrawl.desk.model import Desk
    from wildcrawl.store import Store

USUAL = 5
"""Surveys of a year in the briefing."""


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the survey pages."""
    surveys = Blueprint("surveys", __name__, url_prefix="/surveys")
    _add_year(surveys, desk)
    _add_accounts(surveys, desk)
    _add_several_accounts(surveys, desk)
    _add_account_removal(surveys, desk)
    _add_rounds(surveys, desk)
    add_sheets(surveys, desk)
    surveys.after_request(remember_typed_name)
    return surveys


# A year


def _add_year(surveys: Blueprint, desk: Desk) -> None:
    @surveys.get("/")
    def index() -> str:
        return _year_page(desk, _year_or_404(desk, request.args.get("year", "")))

    @surveys.post("/accounts/take-over")
    def take_over() -> ResponseReturnValue:
        """Lists the accounts of an earlier year in another one, with their last state."""
        store, book = opened(desk)
        year, earlier = (
            _year_or_404(desk, request.form.get(each, "")) for each in ("year", "from")
        )
        for account in book.accounts(earlier):
            if book.account(account.account, year) is None:
                _save_or_conflict(store, replace(account, year=year, note=""), "")
        return redirect(url_for("surveys.index", year=year))


def _year_page(
    desk: Desk,
    year: int,
    typed: Mapping[str, Typed] | None = None,
    mistakes: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    store, book = opened(desk)
    surveys = book.surveys(year)
    names = {survey.survey for survey in book.stored.surveys}
    usual = next(name for n in range(1, len(names) + 2) if (name := f"{year}-{n}") not in names)
    today = desk.today()
    typed = dict(typed or {})
    mistakes = {"accounts": {}, "surveys": {}, "lines": {}, **(mistakes or {})}
    typed.setdefault("lines", {})
    typed.setdefault("accounts", {"year": str(year), "status": AccountStatus.ACTIVE})
    typed.setdefault(
        "surveys", {"survey": usual, "date": today.isoformat() if today.year == year else ""}
    )
    years = book.years()
    earlier = next((each for each in years if each < year and book.accounts(each)), None)
    return render_template(
        "surveys.html",
        **words(desk),
        year=year,
        years=sorted({*years, today.year}, reverse=True),
        rounds=[_round(book, store, survey) for survey in surveys],
        rows=[_account_row(book, account, surveys) for account in book.accounts(year)],
        usual=USUAL,
        earlier=earlier,
        typed=typed,
        mistakes=mistakes,
    )


@dataclass(frozen=True)
class Round:
    """A survey with its counts, and how many of its accounts are gone through.

    `expected` accounts are active in its year; `missing` are those of them without a post that
    are not finished either. `typing` is the number of drafts. `both` is whether it has totals
    that do not count, since it has posts.
    """

    survey: Survey
    advertisements: int
    images: int
    videos: int
    posts: int
    expected: int
    finished: int
    missing: Sequence[Account]
    typing: int
    both: bool


def _round(book: SurveyBook, store: Store, survey: Survey) -> Round:
    posts = book.posts_of_survey(survey.survey)
    expected = [
        account
        for account in book.accounts(survey.date.year)
        if account.status == AccountStatus.ACTIVE
    ]
    finished = [each for each in expected if book.is_finished(survey.survey, each.account)]
    missing = [
        each
        for each in expected
        if each not in finished and not book.posts(survey.survey, each.account)
    ]
    return Round(
        survey,
        *totals_of(survey, sums_of(posts)),
        posts=len(posts),
        expected=len(expected),
        finished=len(finished),
        missing=missing if survey.advertisements is None or posts else [],
        typing=len(drafts_of(store, survey.survey)),
        both=bool(posts) and survey.advertisements is not None,
    )


@dataclass(frozen=True)
class Cell:
    """An account in a survey: its advertisements, and one of done, begun, missing, away, totals."""

    survey: Survey
    advertisements: int
    state: str


@dataclass(frozen=True)
class AccountRow:
    """An account of a year with its surveys; `dealer` is its dealer's name, if it is another."""

    account: Account
    dealer: str
    cells: Sequence[Cell]


def _account_row(book: SurveyBook, account: Account, surveys: Sequence[Survey]) -> AccountRow:
    dealer = book.dealers.name_of(account.account) if account.dealer else ""
    return AccountRow(account, dealer, [_cell(book, account, survey) for survey in surveys])


def _cell(book: SurveyBook, account: Account, survey: Survey) -> Cell:
    posts = book.posts(survey.survey, account.account)
    number = sum(post.advertisements for post in posts)
    if book.is_finished(survey.survey, account.account):
        state = "done"
    elif posts:
        state = "begun"
    elif survey.advertisements is not None:
        state = "totals"
    else:
        state = "missing" if account.status == AccountStatus.ACTIVE else "away"
    return Cell(survey, number, state)


# Accounts


def _add_accounts(surveys: Blueprint, desk: Desk) -> None:
    @surveys.get("/account")
    def account() -> str:
        _, book = opened(desk)
        found = _account_or_404(book)
        return _account_page(desk, found, as_typed(found), book.state(found))

    @surveys.post("/account")
    def save_account() -> ResponseReturnValue:
        store, book = opened(desk)
        typed = typed_of("accounts", request.form)
        before, seen = _account_before(book), request.form.get("seen", "")
        if before:
            _keep_former_name(typed, before)
        try:
            saved = checked(desk, "accounts", typed, book)
            assert isinstance(saved, Account)
            _check_account(saved, before, book)
            _check_posts(saved, before, book)
            _save_or_conflict(store, saved, seen, before)
        except MistakesError as error:
            if before is None:
                year = _year_or_404(desk, request.form.get("year", ""))
                forms, mistakes = {"accounts": typed}, {"accounts": error.mistakes}
                return _year_page(desk, year, forms, mistakes), 422
            return _account_page(desk, before, typed, seen, error.mistakes), 422
        except ChangedMeanwhileError:
            current = before and book.account(before.account, before.year)
            if current is None:
                abort(409, gone())
            note = conflict(current)
            return _account_page(desk, current, typed, book.state(current), note=note), 409
        return redirect(url_for("surveys.index", year=saved.year, _anchor="accounts"))


def _add_several_accounts(surveys: Blueprint, desk: Desk) -> None:
    @surveys.post("/accounts")
    def add_accounts() -> ResponseReturnValue:
        """Adds an account for each line; lines with mistakes are shown again with these."""
        year = _year_or_404(desk, request.form.get("year", ""))
        left: dict[str, str] = {}
        for line in filter(str.strip, request.form.get("lines", "").splitlines()):
            try:
                _add_account(desk, year, line)
            except MistakesError as error:
                left[line] = " ".join(error.mistakes.values())
        if not left:
            return redirect(url_for("surveys.index", year=year, _anchor="accounts"))
        mistake = "\n".join(f"{line.strip()}: {text}" for line, text in left.items())
        forms, mistakes = {"lines": {"lines": "\n".join(left)}}, {"lines": {"lines": mistake}}
        return _year_page(desk, year, forms, mistakes), 422


def _add_account(desk: Desk, year: int, line: str) -> None:
    """Adds an active account: name, platform and dealer, with tabs between; MistakesError."""
    # Read anew for each line, since a line may name the dealer of an earlier one.
    store, book = opened(desk)
    cells = dict(zip(("account", "platform", "dealer"), line.split("\t"), strict=False))
    typed = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    saved = checked(
        desk, "accounts", {**typed, "year": str(year), "status": AccountStatus.ACTIVE}, book
    )
    assert isinstance(saved, Account)
    _check_account(saved, None, book)
    _save_or_conflict(store, saved, "")


def _add_account_removal(surveys: Blueprint, desk: Desk) -> None:
    @surveys.post("/account/remove")
    def remove_account() -> ResponseReturnValue:
        store, book = opened(desk)
        before = _account_before(book)
        if before is None:
            abort(404, gone())
        lost = book.posts_that_lose(each for each in book.stored.accounts if each != before)
        if lost:
            text = say(
                "Number of posts in surveys that would have no account: {}; change the account's "
                "state instead.",
                "将有 {} 个帖子失去所属账号；请改为修改其状态。",
            )
            abort(409, text.format(len(lost)))
        try:
            remove_item(store, before, request.form.get("seen", ""))
        except ChangedMeanwhileError:
            abort(409, conflict(before))
        return redirect(url_for("surveys.index", year=before.year, _anchor="accounts"))


def _account_page(
    desk: Desk,
    account: Account,
    typed: Typed,
    seen: str,
    mistakes: Mapping[str, str] | None = None,
    note: str = "",
) -> str:
    return render_template(
        "survey_account.html",
        **words(desk),
        account=account,
        typed=typed,
        seen=seen,
        mistakes=mistakes or {},
        note=note,
    )


def _account_or_404(book: SurveyBook) -> Account:
    """The account of the address, by name and year."""
    name, year = request.args.get("account", ""), request.args.get("year", "")
    for account in book.stored.accounts:
        if account.account == name and str(account.year) == year:
            return account
    return abort(404, say("There is no such account in that year.", "该年份没有这个账号。"))


def _account_before(book: SurveyBook) -> Account | None:
    """The stored account that the form shows; None for a new one, 409 if it is gone."""
    key = request.form.get("before", "")
    if not key:
        return None
    for account in book.stored.accounts:
        if key_of(account) == key:
            return account
    return abort(409, gone())


def _keep_former_name(typed: Typed, before: Account) -> None:
    """Adds the name before a change to the former names, so that both are one account."""
    former = names_in(typed.get("formerly", ""))
    if typed.get("account") and typed["account"] != before.account and before.account not in former:
        former.append(before.account)
    former = [name for name in former if name != typed.get("account")]
    typed["formerly"] = ";".join(former)


def _check_account(account: Account, before: Account | None, book: SurveyBook) -> None:
    """MistakesError if another account of the year has the name, or a survey needs the year."""
    same = book.account(account.account, account.year)
    if same and same != before and same.account == account.account:
        text = say("{} has an account of this name already.", "{} 年已有同名账号。")
        raise MistakesError({"account": text.format(account.year)})
    if before and before.year != account.year:
        text = say(
            "The year cannot be changed; add the account to the other year.",
            "年份不能改；请在另一年份中添加该账号。",
        )
        raise MistakesError({"year": text})
    if ";" in account.account.replace("；", ";"):
        text = say(
            "Write the name without semicolons, which separate names.", "账号名中不能有分号。"
        )
        raise MistakesError({"account": text})
    if account.dealer and book.root(account.dealer) == book.root(account.account):
        text = say(
            "An account is not its own dealer; leave it empty.", "账号不能属于自己，请留空。"
        )
        raise MistakesError({"dealer": text})


def _check_posts(account: Account, before: Account | None, book: SurveyBook) -> None:
    """MistakesError if posts were entered under a name that would be nobody's."""
    others = (each for each in book.stored.accounts if each != before)
    lost = book.posts_that_lose([*others, account])
    if lost:
        names = dict.fromkeys(post.account for post in lost)
        text = say(
            "Keep {}: posts in surveys were entered under this name ({}).",
            "请保留 {}：调查中有以此名录入的帖子（{} 个）。",
        )
        raise MistakesError({"formerly": text.format("; ".join(names), len(lost))})


# Surveys


def _add_rounds(surveys: Blueprint, desk: Desk) -> None:
    @surveys.get("/survey")
    def one() -> str:
        _, book = opened(desk)
        survey = survey_or_404(book, request.args.get("survey", ""))
        return _round_page(desk, survey, as_typed(survey), book.state(survey))

    @surveys.post("/survey")
    def save_survey() -> ResponseReturnValue:
        store, book = opened(desk)
        typed, seen = typed_of("surveys", request.form), request.form.get("seen", "")
        before = book.survey(typed.get("survey", "")) if seen else None
        try:
            saved = checked(desk, "surveys", typed, book)
            assert isinstance(saved, Survey)
            _check_survey(saved, before, book)
            _save_or_conflict(store, saved, seen)
        except MistakesError as error:
            if before is None:
                year = _year_or_404(desk, request.form.get("shown_year", ""))
                forms, mistakes = {"surveys": typed}, {"surveys": error.mistakes}
                return _year_page(desk, year, forms, mistakes), 422
            return _round_page(desk, before, typed, seen, error.mistakes), 422
        except ChangedMeanwhileError:
            if before is None:
                abort(409, gone())
            note = conflict(before)
            return _round_page(desk, before, typed, book.state(before), note=note), 409
        return redirect(url_for("surveys.one", survey=saved.survey))

    @surveys.post("/survey/remove")
    def remove_survey() -> ResponseReturnValue:
        store, book = opened(desk)
        survey = survey_or_404(book, request.form.get("survey", ""))
        posts = book.posts_of_survey(survey.survey)
        if posts or drafts_of(store, survey.survey):
            text = say(
                "The survey has {} posts or entries not saved yet; remove these first.",
                "该调查有 {} 个帖子或未保存的填写；请先删除。",
            )
            abort(409, text.format(len(posts)))
        try:
            remove_item(store, survey, request.form.get("seen", ""))
        except ChangedMeanwhileError:
            abort(409, conflict(survey))
        return redirect(url_for("surveys.index", year=survey.date.year))


def _round_page(
    desk: Desk,
    survey: Survey,
    typed: Typed,
    seen: str,
    mistakes: Mapping[str, str] | None = None,
    note: str = "",
) -> str:
    store, book = opened(desk)
    accounts = book.accounts(survey.date.year)
    return render_template(
        "survey.html",
        **words(desk),
        survey=survey,
        counts=_round(book, store, survey),
        rows=[_account_row(book, account, [survey]) for account in accounts],
        following=following(book, survey, ""),
        typed=typed,
        seen=seen,
        mistakes=mistakes or {},
        note=note,
    )


def _check_survey(survey: Survey, before: Survey | None, book: SurveyBook) -> None:
    if before is None and book.survey(survey.survey):
        text = say("There is a survey of this name already.", "已有同名的调查。")
        raise MistakesError({"survey": text})
    if before and before.date.year != survey.date.year and book.posts_of_survey(survey.survey):
        text = say("A survey with posts stays in its year.", "已有帖子的调查不能改到别的年份。")
        raise MistakesError({"date": text})


def _save_or_conflict(
    store: Store, item: Account | Survey, seen: str, before: Account | None = None
) -> None:
    save_item(store, item, seen, before=before, by=name_of_request(), at=moment())


def _year_or_404(desk: Desk, text: str) -> int:
    if not text:
        return desk.today().year
    if not (text.isascii() and text.isdigit() and 1990 <= int(text) <= desk.today().year):
        abort(404, say("There are no surveys of that year.", "没有该年份的调查。"))
    return int(text)
