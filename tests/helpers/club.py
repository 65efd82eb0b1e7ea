"""Club: a site on loopback with results for members only, and a slider after some pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

PAGES = 3
LOGIN = """<form method="post"><input name="name"><input type="password" name="word">
<button>登录</button></form>"""
SHELL = """<!DOCTYPE html><meta charset="utf-8"><style>.card{height:500px}</style>
<div id="results"></div><script>
let goods = [], shown = 0;
const box = document.getElementById("results");
function draw() {
  for (const each of goods.slice(shown, shown + 2)) {
    box.insertAdjacentHTML("beforeend", `<div class="card" data-id="${each.id}">
      <a href="/item/${each.id}">${each.title}</a> <b class="price">${each.price}</b></div>`);
    shown++;
  }
}
addEventListener("scroll", draw);
fetch("/data" + location.search).then(answer => answer.json()).then(data => {
  goods = data.goods;
  if (!goods.length) box.innerHTML = "<p class='none'>没有找到</p>";
  draw();
  if (data.tired) document.body.insertAdjacentHTML("beforeend",
    "<div class='baxia-dialog' style='position:fixed;top:0'>请拖动滑块</div>");
});</script>"""


@dataclass
class Club:
    """What the site was asked for, and after how many pages of results it shows a slider."""

    base: str = ""
    patience: int = 1000
    searched: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)


def create_app(club: Club) -> Flask:
    app = Flask("club", static_folder=None)

    @app.before_request
    def note() -> None:
        if request.path != "/robots.txt":
            club.agents.add(request.headers["User-Agent"])

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /private\n", mimetype="text/plain")

    @app.route("/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        if request.method == "GET":
            return LOGIN
        answer = redirect("/")
        answer.set_cookie("member", request.form["name"])
        return answer

    @app.get("/")
    def home() -> str:
        return "<h1>home</h1>"

    add_goods(app, club)
    return app


def add_goods(app: Flask, club: Club) -> None:
    @app.get("/search")
    def search() -> ResponseReturnValue:
        if "member" not in request.cookies:
            return redirect("/login?next=search")
        club.searched.append(request.query_string.decode())
        return SHELL

    @app.get("/private")
    def private() -> str:
        raise AssertionError("robots.txt forbids this")

    @app.get("/data")
    def data() -> Response:
        word, page = request.args["q"], int(request.args["page"])
        goods = [
            {
                "id": f"{word}-{page}-{number}",
                "title": f"{word} 老象牙手镯 {number}",
                "price": "￥1,200",
                "by": f"藏友{number}",
            }
            for number in range(5 if page <= PAGES else 0)
        ]
        return jsonify(goods=goods, tired=len(club.searched) >= club.patience)

    @app.get("/item/<ad_id>")
    def item(ad_id: str) -> ResponseReturnValue:
        if "member" not in request.cookies:
            return redirect("/login")
        club.opened.append(ad_id)
        return f"<p class='text'>一件 {ad_id}</p>"


@contextmanager
def open_club() -> Iterator[Club]:
    """Serves the club until the end of the block."""
    club = Club()
    server = make_server("127.0.0.1", 0, create_app(club), threaded=True)
    club.base = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield club
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
