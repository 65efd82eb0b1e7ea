"""Entrance pages: the one-time token of a person alone, and signing in and out with an account."""

from __future__ import annotations

import ipaddress
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    redirect,
    render_template,
    request,
)
from flask_limiter import Limiter
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from wildcrawl.desk.accounts.book import name_key
from wildcrawl.desk.accounts.people import let_in, let_out, person_name
from wildcrawl.desk.languages import say
from wildcrawl.desk.preferences import own_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from wildcrawl.desk.accounts.access import Access

    View = Callable[[], ResponseReturnValue]

BY_NAME = "10 per 15 minutes"
"""Failed attempts from one address for one name."""
BY_ADDRESS = "30 per 15 minutes"
"""Failed attempts from one address; a network of IPv6, which one person has, is one."""
ALTOGETHER = "300 per 15 minutes"
"""Failed attempts from all addresses, so that many machines together cannot guess either."""

_hashing = BoundedSemaphore(2)
"""Each password being checked takes 64 MiB."""


def add_entrance(app: Flask, access: Access) -> None:
    """Adds the entrance pages to `app`."""
    entrance = Blueprint("entrance", __name__)
    limited = _limits(app)

    @entrance.get("/enter")
    def enter() -> ResponseReturnValue:
        return _enter(access)

    @entrance.get("/sign-in")
    def sign_in_page() -> ResponseReturnValue:
        return redirect("/")

    @entrance.post("/sign-in", endpoint="sign_in")
    @limited
    def sign_in() -> ResponseReturnValue:
        return _sign_in(access)

    @entrance.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        access.log.add("signed out", person_name(), _address())
        let_out(access)
        return _without_traces(redirect("/"))

    app.register_blueprint(entrance)


def _enter(access: Access) -> ResponseReturnValue:
    if access.book is not None:
        return redirect("/")
    if access.token.use(request.args.get("token", "")):
        let_in(access)
        access.log.add("entered", "", _address(), "one-time token")
    elif not current_user.is_authenticated:
        access.log.add("refused", "", _address(), "wrong or used token")
        text = say(
            "This address was used already, or its token is wrong; open the one that 'scrapy "
            "desk' printed last, or start the desk again.",
            "此网址已用过，或令牌不正确；请打开最后打印的网址，或重新启动 scrapy desk。",
        )
        abort(401, text)
    # A page of the desk, since browsers do not send a strict cookie on a redirect from elsewhere.
    return render_template("entered.html")


def _sign_in(access: Access) -> ResponseReturnValue:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    to = own_path(request.form.get("to", "/"))
    if access.book is None:
        return redirect("/")
    with _hashing:
        account = access.book.check(name, password)
    if account is None:
        access.log.add("refused", name, _address(), "wrong name or password")
        problem = say("Wrong name or password.", "用户名或密码不正确。")
        return render_template("sign_in.html", to=to, problem=problem, name=name), 401
    let_in(access, account)
    access.log.add("signed in", account.name, _address())
    return _without_traces(redirect(to))


def _without_traces(answer: BaseResponse) -> BaseResponse:
    """The answer without the cookies of the person before: the name, and what can be undone."""
    for name, path in (("by", "/"), ("by", "/screen"), ("trail", "/screen")):
        answer.delete_cookie(name, path=path)
    return answer


def _limits(app: Flask) -> Callable[[View], View]:
    """Decorator that limits failed attempts to sign in."""
    limiter = Limiter(_network, app=app, storage_uri="memory://", strategy="moving-window")

    def failed(answer: Response) -> bool:
        return answer.status_code == 401

    def by_name() -> str:
        return f"{_network()} {name_key(request.form.get('name', ''))}"

    def message() -> str:
        return say(
            "Too many failed attempts to sign in; wait 15 minutes.",
            "尝试次数过多，请 15 分钟后再试。",
        )

    limits = (
        limiter.limit(BY_NAME, key_func=by_name, deduct_when=failed, error_message=message),
        limiter.limit(BY_ADDRESS, deduct_when=failed, error_message=message),
        limiter.limit(
            ALTOGETHER, key_func=lambda: "all", deduct_when=failed, error_message=message
        ),
    )

    def limited(view: View) -> View:
        for limit in limits:
            view = limit(view)
        return view

    return limited


def _address() -> str:
    return request.remote_addr or "127.0.0.1"


def _network() -> str:
    """The address, or of IPv6 the network, in which one machine has as many as it wants."""
    given = _address()
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given
    if address.version == 4:
        return given
    return address.ipv4_mapped.exploded if address.ipv4_mapped else f"{address.exploded[:19]}::/64"
