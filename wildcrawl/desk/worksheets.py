"""Worksheet pages: filling in a site's worksheet keyword by keyword, and importing it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from wildcrawl.analysis.ids import find_address
from wildcrawl.desk import row_pictures
from wildcrawl.desk.drafts import Written, key_of, put, remove
from wildcrawl.desk.home import month_or_404
from wildcrawl.desk.languages import say
from wildcrawl.desk.messages import message
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.shared_texts import read_shared, row_of, sentences
from wildcrawl.desk.team import remember_typed_name
from wildcrawl.desk.uploads import (
    is_token,
    keep_uploads,
    new_token,
    pictures_of,
    remove_uploads,
    token_of_form,
)
from wildcrawl.desk.views import KeywordView, RowView, SheetView, fields_of, sheet_view, written
from wildcrawl.months import CHINA
from wildcrawl.tabular.worksheet import WorksheetError, is_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wildcrawl.desk.model import Desk, DeskSite
    from wildcrawl.tabular.worksheet import Filled

_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the worksheet pages."""
    sheets = Blueprint("sheets", __name__, url_prefix="/worksheets/<site>/<month>")
    _add_reading(sheets, desk)
    _add_saving(sheets, desk)
    _add_pictures(sheets, desk)
    _add_sharing(sheets, desk)
    _add_handing_in(sheets, desk)
    sheets.after_request(remember_typed_name)
    return sheets


def _add_reading(sheets: Blueprint, desk: Desk) -> None:
    @sheets.get("/")
    def worksheet(site: str, month: str) -> str:
        place = _Place(desk, site, month)
        left = request.args.get("show") == "left"
        return render_template("worksheet.html", **place.context(), left=left, notes=[])

    @sheets.get("/keyword")
    def keyword(site: str, month: str) -> str:
        place = _Place(desk, site, month)
        return place.keyword_page(request.args.get("term", ""))

    @sheets.get("/rows")
    def rows(site: str, month: str) -> str:
        return render_template("rows.html", **_Place(desk, site, month).context())


def _add_saving(sheets: Blueprint, desk: Desk) -> None:
    @sheets.post("/tick")
    def tick(site: str, month: str) -> ResponseReturnValue:
        place = _Place(desk, site, month)
        term = place.term_or_404(request.form.get("term", ""))
        with desk.drafts.change(place.site.site, month) as filled:
            if request.form.get("tick"):
                filled.ticks[term] = "x"
            else:
                filled.ticks.pop(term, None)
        sheet = place.sheet()
        keyword = sheet.keyword(term)
        if wants_json() and keyword:
            mistakes, done = {"": keyword.mistake}, keyword.searched
            return jsonify(saved=now(), mistakes=mistakes, done=done, searched=sheet.searched)
        return redirect(place.back())

    @sheets.post("/row")
    def row(site: str, month: str) -> ResponseReturnValue:
        place = _Place(desk, site, month)
        typed, key = _save_row(place)
        if not wants_json():
            refused = _take_pictures(place, key)
            return (place.refused_page(refused), 422) if refused else redirect(place.back())
        sheet = place.sheet()
        view = next((row_view for row_view in sheet.rows if row_view.key == key), None)
        mistakes = view.mistakes if view else {}
        found_at = typed.get("found_at", "") if key else ""
        return jsonify(
            saved=now(), key=key, found_at=found_at, mistakes=mistakes, searched=sheet.searched
        )

    @sheets.post("/remove")
    def remove_row(site: str, month: str) -> ResponseReturnValue:
        place = _Place(desk, site, month)
        with desk.drafts.change(place.site.site, month) as filled:
            taken = remove(filled, request.form.get("key", ""))
        row = RowView("", 0, taken) if taken else None
        return render_template("removed.html", **place.context(), taken=row, back=place.back())


def _add_sharing(sheets: Blueprint, desk: Desk) -> None:
    @sheets.post("/shared")
    def shared(site: str, month: str) -> ResponseReturnValue:
        """Adds the row of a pasted share text, and says what could not be read in it."""
        place = _Place(desk, site, month)
        term = place.term_or_404(request.form.get("from", ""))
        text = request.form.get("shared", "")
        read = read_shared(text, desk.sites)
        row = row_of(read, term)
        if row and f"{desk.today():%Y-%m}" == month:
            row["found_at"] = desk.today().isoformat()
        if row:
            with desk.drafts.change(place.site.site, month) as filled:
                put(filled, "", row)
        said = sentences(read, place.site.site)
        page = place.keyword_page(
            term, shared=text if not row else "", said=said, added=key_of(row) if row else ""
        )
        return page, 200 if row else 422


def _save_row(place: _Place) -> tuple[Written, str]:
    """Saves the row of the form; returns it and its key, "" if nothing is written in it."""
    desk, typed, key = place.desk, written(request.form), request.form.get("key", "")
    if not key and is_written(typed) and f"{desk.today():%Y-%m}" == place.month:
        # Rows count in the month they were found in, even if imported later.
        typed.setdefault("found_at", desk.today().isoformat())
    with desk.drafts.change(place.site.site, place.month) as filled:
        if is_written(typed):
            put(filled, key, typed)
        else:
            remove(filled, key)
        saved = key_of(typed) if is_written(typed) else ""
        token = request.form.get("token", "")
        if is_token(token):
            tokens = place.tokens()
            tokens.saved(token, saved, request.form.get("from", ""))
            row_pictures.save(desk, place.site.site, place.month, tokens)
    return typed, saved


def _take_pictures(place: _Place, key: str) -> list[str]:
    """Keeps the request's pictures for the row with `key`, or a new row; returns the refused."""
    if not any(file.filename for file in request.files.getlist("pictures")):
        return []
    desk, site, month, token = place.desk, place.site.site, place.month, token_of_form()
    store = store_of_request(desk)
    owner = row_pictures.evidence_key(site, month, token)
    url = find_address(request.form.get("url", ""))
    done = keep_uploads(desk, store, owner, url, len(pictures_of(desk, store, owner)))
    if done.captures:
        with desk.drafts.locked(site, month):
            tokens = place.tokens()
            tokens.pictured(token, key, request.form.get("from", ""))
            row_pictures.save(desk, site, month, tokens)
    return done.refused


def _add_pictures(sheets: Blueprint, desk: Desk) -> None:
    @sheets.post("/pictures")
    def add_pictures(site: str, month: str) -> ResponseReturnValue:
        place = _Place(desk, site, month)
        # Without the script, what is typed in the row comes with the pictures and is saved too.
        key = request.form.get("key", "") if wants_json() else _save_row(place)[1]
        return _after_pictures(place, _take_pictures(place, key))

    @sheets.post("/pictures/remove")
    def remove_picture(site: str, month: str) -> ResponseReturnValue:
        place = _Place(desk, site, month)
        if not wants_json():
            _save_row(place)
        owner = row_pictures.evidence_key(place.site.site, month, token_of_form())
        remove_uploads(desk, store_of_request(desk), owner, [request.form.get("payload", "")])
        return _after_pictures(place, [])


def _after_pictures(place: _Place, refused: list[str]) -> ResponseReturnValue:
    if not wants_json():
        return (place.refused_page(refused), 422) if refused else redirect(place.back())
    pictures = place.pictures(token_of_form())
    html = render_template("pictures_list.html", pictures=pictures, **place.addresses())
    return jsonify(html=html, refused=refused, number=len(pictures))


def _add_handing_in(sheets: Blueprint, desk: Desk) -> None:
    @sheets.get("/worksheet.<ending>")
    def download(site: str, month: str, ending: str) -> Response:
        place = _Place(desk, site, month)
        if ending not in _TYPES:
            abort(404)
        content = desk.drafts.export(place.site.site, month, ending)
        name = f"worksheet-{desk.drafts.path(place.site.site, month, ending).name}"
        return send_file(
            BytesIO(content), mimetype=_TYPES[ending], as_attachment=True, download_name=name
        )

    @sheets.post("/take-in")
    def take_in(site: str, month: str) -> ResponseReturnValue:
        place = _Place(desk, site, month)
        given = request.files.get("file")
        if given is None or not given.filename:
            abort(400, say("No file was uploaded; choose an XLSX or CSV file.", "请先选择文件。"))
        try:
            notes = desk.drafts.take_in(place.site.site, month, given.filename, given.read())
        except WorksheetError as error:
            abort(400, message(str(error)))
        if notes:
            notes = [message(note) for note in notes]
            return render_template("worksheet.html", **place.context(), left=False, notes=notes)
        return redirect(place.back())

    @sheets.post("/read-in")
    def read_in(site: str, month: str) -> str:
        place = _Place(desk, site, month)
        filled = desk.drafts.load(place.site.site, month)
        done = desk.read_in(site, filled)
        store = store_of_request(desk)
        tied = row_pictures.tie(desk, store, place.site.site, month, filled, done.ads)
        return render_template(
            "read_in.html", **place.context(place.view(filled)), done=done, tied=tied
        )


class _Place:
    """The worksheet of a URL; aborts with 404 if there is no such site or month."""

    def __init__(self, desk: Desk, site: str, month: str) -> None:
        desk_site = desk.site(site)
        if desk_site is None:
            abort(404, say("There is no site '{}'.", "没有网站“{}”。").format(site))
        self.desk = desk
        self.site: DeskSite = desk_site
        self.month = month_or_404(month)
        self._tokens: row_pictures.Tokens | None = None

    def sheet(self) -> SheetView:
        """View of the worksheet's current content."""
        return self.view(self.desk.drafts.load(self.site.site, self.month))

    def view(self, filled: Filled) -> SheetView:
        """View of the worksheet with the given content."""
        return sheet_view(filled, self.site.site, self.desk.vocabulary, self.month)

    def context(self, sheet: SheetView | None = None) -> dict[str, object]:
        """Template variables of every worksheet page; `sheet` if it has been read already."""
        return {
            "site": self.site.site,
            "way": self.site.way,
            "month": self.month,
            "sheet": sheet or self.sheet(),
            "form": self.form,
            "row_pictures": self.row_pictures,
            **self.addresses(),
        }

    def addresses(self) -> dict[str, str]:
        """Addresses to which pictures are added, and from which they are removed."""
        site, month = self.site.site.name, self.month
        return {
            "add_address": url_for("sheets.add_pictures", site=site, month=month),
            "remove_address": url_for("sheets.remove_picture", site=site, month=month),
        }

    def tokens(self) -> row_pictures.Tokens:
        """The tokens of the worksheet's rows."""
        return row_pictures.load(self.desk, self.site.site, self.month)

    def pictures(self, token: str) -> list[str]:
        """The SHA-256 of each picture that a row has and that waits to be read in."""
        owner = row_pictures.evidence_key(self.site.site, self.month, token)
        found = pictures_of(self.desk, store_of_request(self.desk), owner)
        return [capture.payload for capture in found]

    def row_pictures(self, key: str, term: str) -> dict[str, object]:
        """Token, pictures and advertisement of a row, or of the new row of a keyword."""
        if self._tokens is None:
            self._tokens = self.tokens()
        token = self._tokens.of_row(key) if key else self._tokens.of_new(term)
        return {
            "token": token or new_token(),
            "pictures": self.pictures(token) if token else [],
            "ad": self._tokens.ads.get(token),
        }

    def refused_page(self, refused: list[str]) -> str:
        """The page that says which pictures were refused; what was typed is saved."""
        return render_template("refused.html", **self.context(), refused=refused, back=self.back())

    def form(self, typed: Written) -> dict[str, object]:
        """The fields of a form that holds `typed`."""
        first, others = fields_of(typed, self.desk.vocabulary.groups)
        return {"first": first, "others": others}

    def term_or_404(self, term: str) -> str:
        """`term`; aborts with 404 if it is not a keyword of the vocabulary."""
        if all(keyword.term != term for keyword in self.desk.vocabulary.searched(self.month)):
            text = say("'{}' is not a keyword of the vocabulary.", "“{}”不是词表中的关键词。")
            abort(404, text.format(term))
        return term

    def keyword_page(
        self, term: str, shared: str = "", said: Sequence[str] = (), added: str = ""
    ) -> str:
        """The page of one keyword: its rows, an empty row, and a link to the next keyword.

        `shared` is a share text that could not be read, `said` what is to be said of one, and
        `added` the key of the row that it gave.
        """
        sheet = self.sheet()
        keyword: KeywordView | None = sheet.keyword(self.term_or_404(term))
        return render_template(
            "keyword.html",
            **self.context(sheet),
            keyword=keyword,
            after=sheet.after(term),
            shared=shared,
            said=said,
            added=added,
        )

    def back(self) -> str:
        """URL of the page to return to: the keyword's, the rows' or the worksheet's."""
        site, month, term = self.site.site.name, self.month, request.form.get("from", "")
        if request.form.get("to") == "rows":
            return url_for("sheets.rows", site=site, month=month)
        if term:
            return url_for("sheets.keyword", site=site, month=month, term=term, _anchor="new")
        return url_for("sheets.worksheet", site=site, month=month)


def wants_json() -> bool:
    """Whether the request came from the page's script, which stays on the page."""
    return request.accept_mimetypes.best == "application/json"


def now() -> str:
    """The time of day in China, shown as the time of saving."""
    return f"{datetime.now(CHINA):%H:%M:%S}"
