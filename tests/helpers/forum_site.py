"""Forum site: a small forum on loopback for tests of boards."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 10
GONE = "抱歉，指定的主题不存在或已被删除或正在被审核"
MEMBERS = "抱歉，您没有权限访问该版块"
ROBOTS = "User-agent: *\nDisallow: /search.php\nDisallow: /member.php\n"


@dataclass
class Thread:
    """One thread of a board."""

    tid: int
    title: str
    text: str = "看图。"
    pinned: bool = False
    kind: str = ""
    author: str = "藏友甲"
    replies: int = 0


@dataclass
class Forum:
    """Boards by their numbers, each with its name and its threads; `asked` are the paths so far."""

    names: dict[int, str]
    threads: dict[int, list[Thread]] = field(default_factory=dict)
    members_only: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    closed: bool = False
    robots: str = ROBOTS
    asked: list[str] = field(default_factory=list)

    def post(self, fid: int, *threads: Thread) -> None:
        """Puts threads on top of a board, the last one uppermost."""
        board = self.threads.setdefault(fid, [])
        for thread in threads:
            board.insert(0, thread)

    def answer_in(self, fid: int, tids: Iterable[int]) -> None:
        """Gives each of these threads an answer, which brings it to the top of its board."""
        board = self.threads[fid]
        for tid in tids:
            thread = next(each for each in board if each.tid == tid)
            thread.replies += 1
            board.insert(0, board.pop(board.index(thread)))

    def reads(self) -> list[str]:
        """The threads that were asked for."""
        return [path for path in self.asked if "viewthread" in path]

    def walked(self) -> list[str]:
        """The pages of boards that were asked for."""
        return [path for path in self.asked if "forumdisplay" in path]

    def answer(self, path: str) -> tuple[int, str]:
        """Status and page for a path with its query."""
        self.asked.append(path)
        if any(each in path for each in self.failing):
            return 500, ""
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        match query.get("mod"):
            case "forumdisplay":
                return 200, self._board(int(query["fid"]), int(query.get("page", 1)))
            case "viewthread":
                return 200, self._thread(int(query["tid"]))
        if path == "/robots.txt":
            return 200, self.robots
        return 200, _message(MEMBERS) if self.closed else self._index()

    def _index(self) -> str:
        links = (
            f'<dt><a href="forum.php?mod=forumdisplay&amp;fid={fid}">{name}</a></dt>'
            for fid, name in self.names.items()
        )
        return _page(f"<dl>{''.join(links)}</dl>")

    def _board(self, fid: int, page: int) -> str:
        if fid in self.members_only:
            return _message(MEMBERS)
        threads = self.threads.get(fid, [])
        pinned = [each for each in threads if each.pinned] if page == 1 else []
        others = [each for each in threads if not each.pinned]
        last = max(1, -(-len(others) // PAGE_SIZE))
        page = min(page, last)
        rows = "".join(
            map(_row, [*pinned, *others[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]),
        )
        following = ""
        if page < last:
            url = f"forum.php?mod=forumdisplay&amp;fid={fid}&amp;page={page + 1}"
            following = f'<div class="pg"><a class="nxt" href="{url}">下一页</a></div>'
        return _page(f"<table>{rows or '<p>本版块或指定的范围内尚无主题</p>'}</table>{following}")

    def _thread(self, tid: int) -> str:
        found = [each for board in self.threads.values() for each in board if each.tid == tid]
        if not found or tid in self.gone:
            return _message(GONE)
        (thread,) = found
        return _page(
            f'<span id="thread_subject">{thread.title}</span><div id="post_{tid}9">'
            f'<div class="authi"><a href="home.php?mod=space&amp;uid=7">{thread.author}</a></div>'
            f'<em id="authorposton{tid}9">发表于 2016-5-3 14:20:00</em>'
            f'<td class="t_f" id="postmessage_{tid}9">{thread.text}</td></div>'
        )


def _row(thread: Thread) -> str:
    name = "stickthread" if thread.pinned else "normalthread"
    url = f"forum.php?mod=viewthread&amp;tid={thread.tid}"
    kind = f'<em>[<a href="forum.php?mod=forumdisplay">{thread.kind}</a>]</em>'
    return (
        f'<tbody id="{name}_{thread.tid}"><tr><th>{kind if thread.kind else ""}'
        f'<a href="{url}" class="s xst">{thread.title}</a></th>'
        f'<td class="by"><cite><a href="home.php?mod=space&amp;uid=7">{thread.author}</a></cite>'
        f'<em><span>2016-5-3</span></em></td><td class="num">{thread.replies}</td></tr></tbody>'
    )


def _page(body: str) -> str:
    login = '<form id="lsform"><input type="password" name="password"></form>'
    return f'<html><head><meta charset="utf-8"></head><body>{login}{body}</body></html>'


def _message(said: str) -> str:
    return _page(f'<div id="messagetext" class="alert_error"><p>{said}</p></div>')


@contextmanager
def serve(forum: Forum) -> Iterator[str]:
    """The address at which `forum` answers, on loopback, as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = forum.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
