"""Survey entry: changes by several persons that overwrite nobody's, drafts, finished accounts."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from wildcrawl.store.base import DocumentStore
from wildcrawl.store.documents import Document
from wildcrawl.store.surveys import added, document_of, item_of, key_of, kind_of, surveys_of
from wildcrawl.tabular.surveys import (
    KINDS,
    Account,
    AccountStatus,
    Item,
    Known,
    Post,
    Survey,
)
from wildcrawl.tabular.surveys.accounts import Owners, fold_name, fold_number

DRAFTS = "survey_drafts"
"""Kind of the documents of posts that are being typed, by the token of their form."""
FINISHED = "survey_finished"
"""Kind of the documents of accounts that were gone through in a survey."""
REMOVED = "survey_removed"
"""Kind of the documents of posts that were removed and can be restored, by their key."""

_APART = ("pictures", "token")
"""Fields that are changed apart from the columns."""
_NUMBERING = threading.Lock()


class ChangedMeanwhileError(Exception):
    """Raised when another person changed an item since it was shown; nothing was changed."""


class SurveyBook:
    """All accounts, surveys and posts of a store, with who finished what, read once."""

    def __init__(self, store: DocumentStore) -> None:
        self.documents = {kind: store.documents(kind) for kind in KINDS}
        self.stored = surveys_of(self.documents)
        self.known: Known = self.stored.known
        self.dealers = Owners(self.stored.accounts, dealers=True)
        self.finished: dict[tuple[str, str], Document] = {
            (document["survey"], self.root(document["account"])): document
            for document in store.documents(FINISHED).values()
        }
        self._posts: dict[tuple[str, str], list[Post]] = {}
        for post in self.stored.posts:
            self._posts.setdefault((post.survey, self.root(post.account)), []).append(post)

    def root(self, account: str) -> str:
        """The same text for all names of an account."""
        return self.known.owners.root(account)

    def years(self) -> list[int]:
        """The years that have accounts or surveys, the last one first."""
        years = {account.year for account in self.stored.accounts}
        return sorted(years | {survey.date.year for survey in self.stored.surveys}, reverse=True)

    def accounts(self, year: int) -> list[Account]:
        """The accounts of a year, those of one dealer together, by name."""
        rows = [account for account in self.stored.accounts if account.year == year]
        return sorted(
            rows,
            key=lambda each: (
                fold_name(self.dealers.name_of(each.account)),
                bool(each.dealer),
                fold_name(each.account),
            ),
        )

    def account(self, name: str, year: int) -> Account | None:
        """The account with any of its names in a year, the name itself first."""
        found = [each for each in self.accounts(year) if self.root(each.account) == self.root(name)]
        exact = [each for each in found if each.account == name]
        return next(iter(exact + found), None)

    def surveys(self, year: int) -> list[Survey]:
        """The surveys of a year, by day."""
        return [survey for survey in self.stored.surveys if survey.date.year == year]

    def survey(self, name: str) -> Survey | None:
        """The survey of that name, in any spelling."""
        return self.known.surveys.get(self.known.survey_name(name))

    def posts(self, survey: str, account: str) -> list[Post]:
        """The posts of an account, under all its names, in a survey, by number."""
        found = self._posts.get((survey, self.root(account)), [])
        return sorted(found, key=lambda post: _rank(post.post))

    def posts_of_survey(self, survey: str) -> list[Post]:
        """All posts of a survey."""
        return [post for post in self.stored.posts if post.survey == survey]

    def is_finished(self, survey: str, account: str) -> bool:
        """Whether a person marked the account as gone through in the survey."""
        return (survey, self.root(account)) in self.finished

    def posts_that_lose(self, accounts: Iterable[Account]) -> list[Post]:
        """The posts that have an account in the year of their survey, but none among `accounts`."""
        later = list(accounts)
        owners = Owners(later)
        then = {(each.year, owners.root(each.account)) for each in later}
        dates = {survey.survey: survey.date.year for survey in self.stored.surveys}
        return [
            post
            for post in self.stored.posts
            if (year := dates.get(post.survey)) is not None
            and self.account(post.account, year)
            and (year, owners.root(post.account)) not in then
        ]

    def document(self, item: Item) -> Document:
        """The document of an item; {} if it is not stored."""
        return self.documents[kind_of(item)].get(key_of(item), {})

    def state(self, item: Item) -> str:
        """The state of a stored item, to be given back with a change of it."""
        return state_of(self.documents[kind_of(item)].get(key_of(item)))


def unfinished(store: DocumentStore) -> dict[str, tuple[int, int]]:
    """Surveys entered at a desk of which active accounts are not finished.

    By name: how many accounts are finished, and how many are active in the survey's year. Files
    do not say which accounts were looked at, so that theirs are not among them.
    """
    book = SurveyBook(store)
    found = {}
    marked = {survey for survey, _ in book.finished}
    for survey in book.stored.surveys:
        at_desk = survey.survey in marked or "at" in book.document(survey)
        if not at_desk or survey.advertisements is not None:
            continue
        active = [
            account
            for account in book.accounts(survey.date.year)
            if account.status == AccountStatus.ACTIVE
        ]
        finished = sum(book.is_finished(survey.survey, each.account) for each in active)
        if finished < len(active) or not active:
            found[survey.survey] = (finished, len(active))
    return found


def state_of(document: Document | None) -> str:
    """Hash of a document's content but for its pictures; "" if there is none.

    >>> state_of(None), len(state_of({"survey": "2016-1"}))
    ('', 16)
    """
    if document is None:
        return ""
    content = {name: value for name, value in document.items() if name not in _APART}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def save_item(
    store: DocumentStore, item: Item, seen: str, *, before: Item | None = None, **more: Any
) -> None:
    """Stores an item in place of the state `seen` ("" for a new one).

    `before` is the item that it replaces under another key. `more` are further fields of its
    document. ChangedMeanwhileError if the stored state is another one; the same content again is
    no change.
    """
    kind, key = kind_of(item), key_of(item)
    old = key_of(before) if before else key
    wanted = document_of(item)

    def change(documents: dict[str, Document]) -> None:
        if state_of(documents.get(old)) != seen or (old != key and key in documents):
            if old == key or old not in documents:
                stored = documents.get(key) or {}
                if stored | wanted == stored:
                    return
            raise ChangedMeanwhileError
        extra = added(documents.pop(old, None))
        documents[key] = extra | wanted | more

    store.revise_documents(kind, {key, old}, change)


def remove_item(store: DocumentStore, item: Item, seen: str) -> None:
    """Erases an item in the state `seen`; ChangedMeanwhileError if the state is another one."""
    key = key_of(item)

    def change(documents: dict[str, Document]) -> None:
        if key in documents and state_of(documents[key]) != seen:
            raise ChangedMeanwhileError
        documents.pop(key, None)

    store.revise_documents(kind_of(item), {key}, change)


def add_post(store: DocumentStore, post: Post, token: str, by: str, at: str) -> Post:
    """Stores a post under the next free number of its account and survey, and returns it.

    `token` is that of the form in which it was typed: the same form again, even at once, stores
    nothing twice. The pictures of its draft are its own then.
    """
    with _NUMBERING:
        book = SurveyBook(store)
        theirs = book.posts(post.survey, post.account)
        for each in theirs:
            if book.document(each).get("token") == token:
                return each
        # The numbers of removed posts stay theirs, since they may be restored.
        gone = [
            document["post"]
            for document in removed_posts(store, post.survey, book).values()
            if book.root(document["account"]) == book.root(post.account)
        ]
        taken = [*(each.post for each in theirs), *gone]
        number = 1 + max((_rank(each)[0] for each in taken), default=0)
        pictures = list(store.documents(DRAFTS, keys=[token]).get(token, {}).get("pictures") or ())
        extra = {"token": token, "by": by, "at": at, "pictures": pictures}
        while True:
            numbered = replace(post, post=str(number))
            key = key_of(numbered)
            document = document_of(numbered) | extra
            if key in store.put_documents("posts", {key: document}, replace=False):
                return numbered
            if store.documents("posts", keys=[key]).get(key, {}).get("token") == token:
                return numbered
            number += 1


def _rank(number: str) -> tuple[int, str]:
    """Order of posts: by number, those with a word instead first."""
    folded = fold_number(number)
    return (int(folded), "") if folded.isascii() and folded.isdigit() else (0, folded)


def remove_post(store: DocumentStore, post: Post, seen: str, by: str, at: str) -> None:
    """Removes a post, which can be restored; ChangedMeanwhileError if its state is not `seen`."""
    key = key_of(post)
    stored = store.documents("posts", keys=[key]).get(key)
    if stored is None:
        return
    if state_of(stored) != seen:
        raise ChangedMeanwhileError
    # The copy first: an interruption leaves the post counted, and never loses it.
    store.put_documents(REMOVED, {key: stored | {"removed_by": by, "removed_at": at}})
    try:
        remove_item(store, post, seen)
    except ChangedMeanwhileError:
        store.remove_documents(REMOVED, [key])
        raise


def removed_posts(store: DocumentStore, survey: str, book: SurveyBook) -> dict[str, Document]:
    """The removed posts of a survey by key, without those that are stored again."""
    return {
        key: document
        for key, document in store.documents(REMOVED).items()
        if document["survey"] == survey and key not in book.documents["posts"]
    }


def restore_post(store: DocumentStore, key: str) -> bool:
    """Counts a removed post again, under its number; False if it is gone or the number is taken."""
    document = store.documents(REMOVED, keys=[key]).get(key)
    if document is None:
        return False
    whole = {name: each for name, each in document.items() if not name.startswith("removed_")}
    restored = key in store.put_documents("posts", {key: whole}, replace=False)
    store.remove_documents(REMOVED, [key])
    return restored


def finish(store: DocumentStore, survey: str, account: str, by: str, at: str) -> None:
    """Notes that an account was gone through in a survey; the first note remains."""
    document = {"survey": survey, "account": account, "by": by, "at": at}
    store.put_documents(FINISHED, {_finished_key(survey, account): document}, replace=False)


def reopen(store: DocumentStore, survey: str, names: Sequence[str]) -> None:
    """Takes back that an account, which has `names`, was gone through in a survey."""
    store.remove_documents(FINISHED, [_finished_key(survey, name) for name in names])


def _finished_key(survey: str, account: str) -> str:
    return json.dumps([survey, fold_name(account)], ensure_ascii=False)


def save_draft(store: DocumentStore, token: str, draft: Document) -> None:
    """Stores what is typed in a form; the draft's pictures remain."""

    def change(documents: dict[str, Document]) -> None:
        pictures = documents.get(token, {}).get("pictures") or []
        documents[token] = {**draft, "pictures": pictures}

    store.revise_documents(DRAFTS, [token], change)


def change_pictures(
    store: DocumentStore, token: str, draft: Document, add: Sequence[str], remove: Sequence[str]
) -> list[str]:
    """Adds pictures to a draft, or removes some; returns those that it has.

    `draft` is stored if there is none yet.
    """
    pictures: list[str] = []

    def change(documents: dict[str, Document]) -> None:
        document = documents.get(token) or draft
        kept = [each for each in document.get("pictures") or () if each not in remove]
        pictures[:] = dict.fromkeys([*kept, *add])
        documents[token] = {**document, "pictures": list(pictures)}

    store.revise_documents(DRAFTS, [token], change)
    return pictures


def change_post_pictures(
    store: DocumentStore, key: str, token: str, add: Sequence[str], remove: Sequence[str]
) -> tuple[str, list[str]]:
    """Adds pictures to a stored post, or removes some; returns its token and those it has.

    `token` becomes that of a post without one, which came from a file. "" and [] if the post is
    not stored.
    """
    found: list[tuple[str, list[str]]] = []

    def change(documents: dict[str, Document]) -> None:
        found.clear()
        document = documents.get(key)
        if document is None:
            return
        kept = [each for each in document.get("pictures") or () if each not in remove]
        pictures = list(dict.fromkeys([*kept, *add]))
        documents[key] = {
            **document, "pictures": pictures, "token": document.get("token") or token
        }  # fmt: skip
        found.append((documents[key]["token"], pictures))

    store.revise_documents("posts", [key], change)
    return found[0] if found else ("", [])


def drafts_of(store: DocumentStore, survey: str) -> dict[str, Document]:
    """The drafts of a survey by token."""
    return {
        token: document
        for token, document in store.documents(DRAFTS).items()
        if document["survey"] == survey
    }


def draft_of(store: DocumentStore, token: str) -> Document:
    """The draft of a form; {} if there is none."""
    return store.documents(DRAFTS, keys=[token]).get(token, {})


def remove_draft(store: DocumentStore, token: str) -> None:
    """Erases a draft."""
    store.remove_documents(DRAFTS, [token])


def stored_item(store: DocumentStore, kind: str, key: str) -> tuple[Item | None, Document]:
    """An item and its document by its key; None and {} if it is not stored."""
    document = store.documents(kind, keys=[key]).get(key)
    return (item_of(kind, document), document) if document else (None, {})
