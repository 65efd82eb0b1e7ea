"""People at the desk: who sends a request, by Flask-Login, and what their role lets them do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, abort, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from wildcrawl.desk.accounts.book import AccountRole, DeskAccount
from wildcrawl.desk.languages import say

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wildcrawl.desk.accounts.access import Access

ENTRANCES = frozenset(
    {"static", "icon", "entrance.enter", "entrance.sign_in", "preferences.choose_language"}
)
"""Endpoints that need no session; they show nothing of the store."""
_ALWAYS = frozenset(
    {"entrance.sign_in", "entrance.sign_out", "preferences.choose_language", "preferences.save"}
)
"""Endpoints at which every role may send forms."""
READING = ("GET", "HEAD", "OPTIONS")
"""Methods of requests that change nothing."""


class Person(UserMixin):  # type: ignore[misc]
    """The person who sends a request; `name` is "" for a person alone without an account."""

    def __init__(self, token: str, name: str, role: AccountRole) -> None:
        self._token = token
        self.name = name
        self.role = role

    def get_id(self) -> str:
        """The session's token, so that a session can end before its cookie does."""
        return self._token

    @property
    def may_change(self) -> bool:
        """Whether the person may judge and fill in worksheets."""
        return self.role is not AccountRole.VIEWER


def person() -> Person:
    """The person who sends the current request."""
    found: Person = current_user._get_current_object()
    return found


def person_name() -> str:
    """The account's name of the current request; "" for a person alone without an account."""
    return person().name if current_user.is_authenticated else ""


def let_in(access: Access, account: DeskAccount | None = None) -> None:
    """Begins a session for the browser that sends the current request."""
    # An earlier session of this browser ends, so that nobody can prepare one for another person.
    let_out(access)
    if account:
        token = access.sessions.begin(account.name, account.hash)
        login_user(Person(token, account.name, account.role))
    else:
        login_user(Person(access.sessions.begin(), "", AccountRole.ADMIN))


def let_out(access: Access) -> None:
    """Ends the session of the current request, if there is one."""
    if current_user.is_authenticated:
        access.sessions.end(person().get_id())
        logout_user()
    session.clear()


def admit_people(app: Flask, access: Access) -> None:
    """Refuses requests of `app` without a session, and changes that a role does not allow."""
    app.config.update(
        SESSION_COOKIE_NAME=access.cookie,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=access.secure,
        SESSION_COOKIE_PATH="/",
    )
    manager = LoginManager(app)
    # A session belongs to its token; addresses change on a phone.
    manager.session_protection = None
    manager.user_loader(lambda token: _load(access, token))

    def admitted() -> ResponseReturnValue | None:
        if request.endpoint in ENTRANCES:
            return None
        if not current_user.is_authenticated:
            return _refused(access)
        may = request.method in READING or person().may_change or request.endpoint in _ALWAYS
        if not may:
            access.log.add("refused", person().name, request.remote_addr or "", "role viewer")
            text = say(
                "Your account may only read; ask an admin for the role screener.",
                "您的账号只能查看；请向管理员申请 screener 角色。",
            )
            abort(403, text)
        return None

    app.before_request(admitted)
    app.jinja_env.globals["person_name"] = person_name
    app.jinja_env.globals["signed_in"] = lambda: current_user.is_authenticated
    app.jinja_env.globals["may_change"] = lambda: person().may_change


def _load(access: Access, token: str) -> Person | None:
    found = access.sessions.get(token)
    if found is None:
        return None
    if access.book is None:
        return Person(token, "", AccountRole.ADMIN)
    account = access.book.get(found.name)
    # A removed account and a changed password or role end the sessions at once.
    if account is None or account.hash != found.stamp:
        access.sessions.end(token)
        return None
    return Person(token, account.name, account.role)


def _refused(access: Access) -> tuple[str, int]:
    # Everybody who signs in sees the sign-in page first: that is not a refusal.
    event = "sign-in page" if access.book and request.method in READING else "refused"
    why = f"no session: {request.path}"
    access.log.add(event, "", request.remote_addr or "", why, seldom=True)
    if access.book is None:
        page = render_template(
            "problem.html",
            title=say("Not signed in", "未登录"),
            text=_lost()
            + say(
                "Open the address with the token that 'scrapy desk' printed; start it again for "
                "another one.",
                "请打开 scrapy desk 打印的带令牌的网址；重新启动可得到新的网址。",
            ),
        )
        return page, 401
    to = request.full_path if request.method == "GET" else _way_back()
    return render_template("sign_in.html", to=to, problem=_lost(), name=""), 401


def _lost() -> str:
    """What a form that came after its session lost, with the note in it; "" for a page."""
    if request.method in READING:
        return ""
    text = say("Not saved: your session has ended. ", "未保存：登录已失效。")
    note = request.form.get("note", "").strip()
    return text + (say("Your note was: {} ", "您的备注：{} ").format(note) if note else "")


def _way_back() -> str:
    """Where to go on after a form: its card, if it was one."""
    site, ad_id = request.form.get("site", ""), request.form.get("ad_id", "")
    is_card = request.path.startswith("/screen/") and site and ad_id
    return url_for("screen.one", site=site, ad_id=ad_id) if is_card else "/"
