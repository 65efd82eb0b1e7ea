"""Small Discuz! forum on loopback, for tests that read boards."""

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
    """A forum: names and threads of boards by number; `asked` are the requested paths."""

    names: dict[int, str]
    threads: dict[int, list[Thread]] = field(default_factory=dict)
    members_only: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    closed: bool = False
    stuck: bool = False
    """Whether every page of a board shows its first one."""
    robots: str = ROBOTS
    asked: list[str] = field(default_factory=list)

    def post(self, fid: int, *threads: Thread) -> None:
        """Adds threads at the top of a board, the last one first."""
        board = self.threads.setdefault(fid, [])
        for thread in threads:
            board.insert(0, thread)

    def answer_in(self, fid: int, tids: Iterable[int]) -> None:
        """Adds an answer to each of these threads, which moves it to the top of its board."""
        board = self.threads[fid]
        for tid in tids:
            thread = next(thread for thread in board if thread.tid == tid)
            thread.replies += 1
            board.insert(0, board.pop(board.index(thread)))

    def reads(self) -> list[str]:
        """Paths of the requested threads."""
        return [path for path in self.asked if "viewthread" in path]

    def walked(self) -> list[str]:
        """Paths of the requested pages of boards."""
        return [path for path in self.asked if "forumdisplay" in path]

    def answer(self, path: str) -> tuple[int, str]:
        """Status and page of a path with its query."""
        self.asked.append(path)
        if any(part in path for part in self.failing):
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
        pinned = [thread for thread in threads if thread.pinned] if page == 1 else []
        others = [thread for thread in threads if not thread.pinned]
        last = max(1, -(-len(others) // PAGE_SIZE))
        page = 1 if self.stuck else min(page, last)
        rows = "".join(
            map(_row, [*pinned, *others[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]),
        )
        following = ""
        if page < last:
            url = f"forum.php?mod=forumdisplay&amp;fid={fid}&amp;page={page + 1}"
            following = f'<div class="pg"><a class="nxt" href="{url}">下一页</a></div>'
        return _page(f"<table>{rows or '<p>本版块或指定的范围内尚无主题</p>'}</table>{following}")

    def _thread(self, tid: int) -> str:
        matches = [
            thread for board in self.threads.values() for thread in board if thread.tid == tid
        ]
        if not matches or tid in self.gone:
            return _message(GONE)
        (thread,) = matches
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


def _message(text: str) -> str:
    return _page(f'<div id="messagetext" class="alert_error"><p>{text}</p></div>')


@contextmanager
def serve(forum: Forum) -> Iterator[str]:
    """Serves `forum` on loopback until the end of the block; yields its address."""

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
