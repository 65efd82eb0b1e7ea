"""Written files: reports and letters that were written on the desk's machine, in the browser.

They are pages without scripts that load nothing, and answers of the desk say so too. Numbers of
reports become links to their lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request, send_file, url_for

from wildcrawl.desk.languages import say
from wildcrawl.desk.report_lists import with_lists

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk

SHOWN = {".html": "text/html", ".png": "image/png", ".jpg": "image/jpeg"}
"""Types of files that a browser shows, by ending."""
DOWNLOADED = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Types of files that a browser only stores, by ending."""
WITHHELD = "officers-only"
"""Beginning of the names of files with contacts, which never leave the machine this way."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the files in the folders of `desk.written`."""
    files = Blueprint("files", __name__)

    @files.get("/files/<kind>/<path:path>")
    def show(kind: str, path: str) -> Response:
        root = desk.written.get(kind)
        found = file_in(root, path) if root else None
        if found is None:
            abort(404, say("There is no such file.", "没有这个文件。"))
        ending = found.suffix.lower()
        if kind == "reports" and ending == ".html":
            page = found.read_text(encoding="utf-8", errors="replace")
            answer = Response(with_lists(page, request.path), mimetype=SHOWN[ending])
        else:
            answer = send_file(
                found,
                mimetype=SHOWN.get(ending) or DOWNLOADED[ending],
                as_attachment=ending not in SHOWN,
                download_name=found.name,
                etag=False,
            )
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return files


def file_in(root: Path, path: str) -> Path | None:
    """The file at a relative path within `root`; None if it is elsewhere, or not to be shown."""
    try:
        whole = root.resolve()
        found = (whole / path).resolve()
        is_file = found.is_file()
    except (OSError, ValueError):
        return None
    hidden = any(part.startswith(".") for part in Path(path).parts)
    withheld = any(part.lower().startswith(WITHHELD) for part in Path(path).parts)
    if not is_file or not found.is_relative_to(whole) or hidden or withheld:
        return None
    return found if found.suffix.lower() in (*SHOWN, *DOWNLOADED) else None


def reports_of(desk: Desk, month: str) -> list[tuple[str, str]]:
    """Names and addresses of the reports of a month that were written."""
    root = desk.written.get("reports")
    if root is None:
        return []
    pages = sorted(root.glob(f"{month}*/index.html"))
    return [
        (report_name(page.parent.name), address)
        for page in pages
        for _, address in links_to(desk, "reports", str(page))
    ]


def report_name(folder: str) -> str:
    """Period, state and language of the report in a folder of this name.

    >>> report_name("2026-11-provisional-zh"), report_name("2026-11")
    ('2026-11 (provisional, in Chinese)', '2026-11 (in English)')
    """
    rest = folder.removesuffix("-zh")
    lang = say("in English", "英文") if rest == folder else say("in Chinese", "中文")
    period = rest.removesuffix("-provisional")
    state = "" if period == rest else say("provisional, ", "暂定，")
    return say("{} ({}{})", "{}（{}{}）").format(period, state, lang)


def links_to(desk: Desk, kind: str, written: str) -> list[tuple[str, str]]:
    """Names and addresses of the pages that were written: a page, or those of a folder."""
    root, place = desk.written.get(kind), Path(written)
    if root is None:
        return []
    found = [place] if place.suffix == ".html" else sorted(place.glob("*.html"))
    whole = root.resolve()
    inside = [each.resolve() for each in found if each.resolve().is_relative_to(whole)]
    return [
        (each.name, url_for("files.show", kind=kind, path=each.relative_to(whole).as_posix()))
        for each in inside
    ]
