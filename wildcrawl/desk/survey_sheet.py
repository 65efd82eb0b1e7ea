"""Survey sheets: the posts of one account in one survey, counted by form, with pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for

from wildcrawl.desk.accounts.people import person_name
from wildcrawl.desk.languages import say
from wildcrawl.desk.survey_forms import (
    POST_FIELDS,
    MistakesError,
    Typed,
    as_typed,
    checked,
    conflict,
    following,
    gone,
    listed_or_404,
    moment,
    opened,
    place_of_form,
    saved,
    survey_or_404,
    typed_of,
    words,
)
from wildcrawl.desk.team import name_of_request
from wildcrawl.desk.uploads import keep_uploads, new_token, remove_uploads, token_of_form
from wildcrawl.desk.worksheets import now, wants_json
from wildcrawl.evidence.bundle.survey_posts import SURVEY
from wildcrawl.store.survey_entry import (
    ChangedMeanwhileError,
    SurveyBook,
    add_post,
    change_pictures,
    change_post_pictures,
    draft_of,
    drafts_of,
    finish,
    remove_draft,
    remove_post,
    removed_posts,
    reopen,
    restore_post,
    save_draft,
    save_item,
    stored_item,
)
from wildcrawl.store.surveys import key_of
from wildcrawl.tabular.surveys import Account, Post, Survey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from wildcrawl.desk.model import Desk
    from wildcrawl.store import Store
    from wildcrawl.store.documents import Document

EVIDENCE = SURVEY
"""Site under which the pictures of posts are kept as evidence; the id is the post's token."""


@dataclass(frozen=True)
class PostForm:
    """A form for a new post or a stored one: what is in it, its mistakes and its pictures.

    `post` is the key of the stored post, "" for a new one; `number` its number. `seen` is its
    state as shown. `draft` is whether what is typed is not saved as a post yet. `note` is a
    sentence on what happened to the post meanwhile.
    """

    token: str
    typed: Typed
    post: str = ""
    number: str = ""
    seen: str = ""
    draft: bool = False
    pictures: Sequence[str] = ()
    mistakes: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    saved: str = ""


def add_sheets(surveys: Blueprint, desk: Desk) -> None:
    """Adds the pages of sheets, posts and their pictures to `surveys`."""
    _add_sheets(surveys, desk)
    _add_saving(surveys, desk)
    _add_removing(surveys, desk)
    _add_pictures(surveys, desk)


def _add_sheets(surveys: Blueprint, desk: Desk) -> None:
    @surveys.get("/sheet")
    def sheet() -> str:
        survey, account = request.args.get("survey", ""), request.args.get("account", "")
        return _sheet_page(desk, survey, account)

    @surveys.post("/finished")
    def finished() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        if request.form.get("done"):
            waiting = [
                draft
                for draft in drafts_of(store, survey.survey).values()
                if book.root(draft["account"]) == book.root(account.account)
            ]
            if waiting:
                text = say(
                    "Not saved as posts yet: {} ({}). Save or discard what is typed first.",
                    "尚未保存为帖子的填写：{} 条（{}）。请先保存或放弃。",
                )
                names = ", ".join(sorted({draft["by"] or "?" for draft in waiting}))
                abort(409, text.format(len(waiting), names))
            finish(store, survey.survey, account.account, name_of_request(), moment())
        else:
            mark = book.finished.get((survey.survey, book.root(account.account)))
            reopen(store, survey.survey, [mark["account"]] if mark else [])
            return redirect(_sheet_address(survey, account))
        after = following(SurveyBook(store), survey, account.account)
        if after:
            return redirect(_sheet_address(survey, after))
        return redirect(url_for("surveys.one", survey=survey.survey))


def _sheet_page(
    desk: Desk,
    survey_name: str,
    account_name: str,
    mistakes: Mapping[str, Mapping[str, str]] | None = None,
    refused: Sequence[str] = (),
) -> str:
    store, book = opened(desk)
    survey = survey_or_404(book, survey_name)
    account = listed_or_404(book, survey, account_name)
    posts = book.posts(survey.survey, account.account)
    root = book.root(account.account)
    drafts = {
        token: draft
        for token, draft in drafts_of(store, survey.survey).items()
        if book.root(draft["account"]) == root
    }
    own = _own_drafts(drafts)
    stored, new = _forms(book, posts, own, mistakes or {})
    return render_template(
        "survey_sheet.html",
        **words(desk),
        survey=survey,
        account=account,
        dealer=book.dealers.name_of(account.account) if account.dealer else "",
        counts=(
            sum(post.advertisements for post in posts),
            sum(post.images for post in posts),
            sum(post.videos for post in posts),
            len(posts),
        ),
        finished=book.finished.get((survey.survey, root)),
        following=following(book, survey, account.account),
        new=new,
        stored=stored,
        others=[draft for token, draft in drafts.items() if token not in own],
        removed=[
            (key, each)
            for key, each in removed_posts(store, survey.survey, book).items()
            if book.root(each["account"]) == root
        ],
        refused=refused,
    )


def _own_drafts(drafts: Mapping[str, Document]) -> dict[str, Document]:
    """This person's drafts; without accounts one person has the desk, whatever name was given."""
    name = person_name()
    return {token: draft for token, draft in drafts.items() if not name or draft["by"] == name}


def _forms(
    book: SurveyBook,
    posts: Sequence[Post],
    own: Mapping[str, Document],
    mistakes: Mapping[str, Mapping[str, str]],
) -> tuple[list[PostForm], list[PostForm]]:
    """The forms of the stored posts and of new ones, the last of which is empty."""
    edits = {draft["post"]: (token, draft) for token, draft in own.items() if draft["post"]}
    stored = [_stored_form(book, post, edits, mistakes) for post in posts]
    keys = {form.post for form in stored}
    new = [
        _draft_form(token, draft, mistakes.get(token, {}), of_removed=bool(draft["post"]))
        for token, draft in own.items()
        if draft["post"] not in keys
    ]
    new.append(PostForm(new_token(), {"advertisements": "1"}))
    return stored, new


def _stored_form(
    book: SurveyBook,
    post: Post,
    edits: Mapping[str, tuple[str, Document]],
    mistakes: Mapping[str, Mapping[str, str]],
) -> PostForm:
    """The form of a stored post: as it is stored, or as a draft has it."""
    key, document = key_of(post), book.document(post)
    state = book.state(post)
    shown = PostForm(
        new_token(),
        as_typed(post),
        key,
        post.post,
        state,
        pictures=document.get("pictures") or (),
        saved=saved(document),
    )
    if key not in edits:
        return shown
    token, draft = edits[key]
    note = conflict(post, document) if draft["seen"] != state else ""
    typed: Typed = json.loads(draft["typed"])
    return replace(
        shown, token=token, typed=typed, draft=True, note=note, mistakes=mistakes.get(token, {})
    )


def _draft_form(
    token: str, draft: Document, mistakes: Mapping[str, str], *, of_removed: bool
) -> PostForm:
    note = gone() if of_removed else ""
    pictures = draft.get("pictures") or ()
    typed: Typed = json.loads(draft["typed"])
    return PostForm(
        token,
        typed,
        draft=True,
        pictures=pictures,
        mistakes=mistakes,
        note=note,
        saved=saved(draft),
    )


def _add_saving(surveys: Blueprint, desk: Desk) -> None:
    @surveys.post("/post")
    def save_post() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        token = token_of_form()
        typed = _typed_post()
        if wants_json():
            return _save_typed(store, book, survey, account, token, typed)
        refused = _take_pictures(desk, store, survey, account, token)
        draft = _draft(survey, account, typed)
        try:
            _save_post(desk, store, book, survey, account, token, typed)
        except (MistakesError, ChangedMeanwhileError) as error:
            save_draft(store, token, draft)
            found = error.mistakes if isinstance(error, MistakesError) else {}
            page = _sheet_page(desk, survey.survey, account.account, {token: found}, refused)
            return page, 422 if found else 409
        remove_draft(store, token)
        if refused:
            return _sheet_page(desk, survey.survey, account.account, refused=refused), 422
        return redirect(_sheet_address(survey, account))

    @surveys.post("/draft/discard")
    def discard() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        token = token_of_form()
        pictures = draft_of(store, token).get("pictures") or ()
        remove_uploads(desk, store, (EVIDENCE, token), pictures)
        remove_draft(store, token)
        return redirect(_sheet_address(survey, account))


def _add_removing(surveys: Blueprint, desk: Desk) -> None:
    @surveys.post("/post/remove")
    def remove() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        post, _ = stored_item(store, "posts", request.form.get("post", ""))
        if isinstance(post, Post):
            try:
                seen = request.form.get("seen", "")
                remove_post(store, post, seen, name_of_request(), moment())
            except ChangedMeanwhileError:
                abort(409, conflict(post))
            remove_draft(store, token_of_form())
        return redirect(_sheet_address(survey, account, "removed"))

    @surveys.post("/post/restore")
    def restore() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        if survey.advertisements is not None:
            abort(
                409, say("The survey has totals; empty them first.", "该调查已填总数，请先清空。")
            )
        restore_post(store, request.form.get("post", ""))
        return redirect(_sheet_address(survey, account))


def _typed_post() -> Typed:
    typed = typed_of("posts", request.form)
    return {name: text for name, text in typed.items() if name in POST_FIELDS}


def _is_empty(typed: Typed) -> bool:
    return not typed or typed == {"advertisements": "1"}


def _draft(survey: Survey, account: Account, typed: Typed) -> Document:
    return {
        "survey": survey.survey,
        "account": account.account,
        "post": request.form.get("post", ""),
        "seen": request.form.get("seen", ""),
        "typed": json.dumps(typed, ensure_ascii=False),
        "by": name_of_request(),
        "at": moment(),
    }


def _save_typed(
    store: Store, book: SurveyBook, survey: Survey, account: Account, token: str, typed: Typed
) -> ResponseReturnValue:
    """Keeps what is typed as a draft, for the page's script."""
    posts = book.posts(survey.survey, account.account)
    stored = any(book.document(post).get("token") == token for post in posts)
    if not stored and not (_is_empty(typed) and not draft_of(store, token)):
        save_draft(store, token, _draft(survey, account, typed))
    return jsonify(saved=now(), mistakes={})


def _save_post(
    desk: Desk,
    store: Store,
    book: SurveyBook,
    survey: Survey,
    account: Account,
    token: str,
    typed: Typed,
) -> None:
    """Stores what is typed as a new post, or in place of the one that was shown."""
    key = request.form.get("post", "")
    before = stored_item(store, "posts", key)[0] if key else None
    if key and before is None:
        key = ""
    place = {"survey": survey.survey, "account": account.account, "post": token}
    if isinstance(before, Post):
        place |= {"account": before.account, "post": before.post}
    post = checked(desk, "posts", {**typed, **place}, book)
    assert isinstance(post, Post)
    if isinstance(before, Post):
        # The account keeps the name under which the post was stored.
        same = replace(post, account=before.account, post=before.post)
        save_item(store, same, request.form.get("seen", ""), by=name_of_request(), at=moment())
    else:
        add_post(store, post, token, name_of_request(), moment())


def _add_pictures(surveys: Blueprint, desk: Desk) -> None:
    @surveys.post("/pictures")
    def add() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        token = token_of_form()
        refused = _take_pictures(desk, store, survey, account, token)
        return _after_pictures(desk, store, survey, account, token, refused)

    @surveys.post("/pictures/remove")
    def remove_picture() -> ResponseReturnValue:
        store, book = opened(desk)
        survey, account = place_of_form(book)
        token, payload = token_of_form(), request.form.get("payload", "")
        key = request.form.get("post", "")
        if key:
            owner, _ = change_post_pictures(store, key, token, [], [payload])
        else:
            owner = token
            change_pictures(store, token, _draft(survey, account, _typed_post()), [], [payload])
        remove_uploads(desk, store, (EVIDENCE, owner), [payload])
        return _after_pictures(desk, store, survey, account, token, [])


def _take_pictures(
    desk: Desk, store: Store, survey: Survey, account: Account, token: str
) -> list[str]:
    """Keeps the request's pictures for the post or draft of the form; returns what was refused."""
    if not any(file.filename for file in request.files.getlist("pictures")):
        return []
    key, url = request.form.get("post", ""), request.form.get("url", "").strip()
    owner, held = token, draft_of(store, token).get("pictures") or []
    if key:
        owner, held = change_post_pictures(store, key, token, [], [])
        if not owner:
            abort(409, gone())
    done = keep_uploads(desk, store, (EVIDENCE, owner), url, len(held))
    payloads = [capture.payload for capture in done.captures]
    if key:
        change_post_pictures(store, key, owner, payloads, [])
    else:
        change_pictures(store, token, _draft(survey, account, _typed_post()), payloads, [])
    return done.refused


def _after_pictures(
    desk: Desk, store: Store, survey: Survey, account: Account, token: str, refused: Sequence[str]
) -> ResponseReturnValue:
    key = request.form.get("post", "")
    document = stored_item(store, "posts", key)[1] if key else draft_of(store, token)
    pictures = list(document.get("pictures") or ())
    if wants_json():
        html = render_template(
            "pictures_list.html",
            pictures=pictures,
            remove_address=url_for("surveys.remove_picture"),
        )
        return jsonify(html=html, refused=list(refused), number=len(pictures))
    if not key or _typed_post():
        save_draft(store, token, _draft(survey, account, _typed_post()))
    if refused:
        return _sheet_page(desk, survey.survey, account.account, refused=refused), 422
    return redirect(_sheet_address(survey, account, f"f{token}"))


def _sheet_address(survey: Survey, account: Account, anchor: str = "new") -> str:
    return url_for("surveys.sheet", survey=survey.survey, account=account.account, _anchor=anchor)
