"""Lists: the store's advertisements as a table, searched and filtered by the page's address."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wildcrawl import labels
from wildcrawl.analysis.return_keys import return_key
from wildcrawl.desk.goods_names import goods_name
from wildcrawl.desk.languages import say
from wildcrawl.desk.messages import message
from wildcrawl.desk.preferences import own_path
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.items import ADVERTISEMENT_COLUMNS, Relevance, Verdict
from wildcrawl.months import CHINA
from wildcrawl.store.listing import STATUSES
from wildcrawl.store.search import PAGE, Count, ListQuery, Sort, every
from wildcrawl.tabular.tables import KEY, harmless

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk
    from wildcrawl.items import Advertisement

RELEVANCE = {name: label for name, label in labels.RELEVANCE.items() if name != Relevance.NONE}
STATUS_NAMES = {name: labels.VERDICTS.get(name) or labels.RELEVANCE[name] for name in STATUSES}
"""Statuses by which the month and the report count, in English and Chinese."""
REPORTS = "/files/reports/"
"""Beginning of the paths of written reports, to which a list may lead back."""
SORTS = {
    Sort.NEWEST: ("newest first", "最新在前"),
    Sort.OLDEST: ("oldest first", "最早在前"),
    Sort.LIKELIEST: ("likeliest first", "最可能在前"),
    Sort.DEAREST: ("dearest first", "最贵在前"),
    Sort.CHEAPEST: ("cheapest first", "最便宜在前"),
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the lists."""
    lists = Blueprint("lists", __name__)

    @lists.get("/advertisements")
    def advertisements() -> ResponseReturnValue:
        try:
            query = ListQuery.from_parameters(request.args)
            store = store_of_request(desk)
            page = store.search(query, after=request.args.get("after", ""), most=PAGE)
        except ValueError as error:
            problem = say("Nothing is shown: {}.", "未显示：{}。").format(message(str(error)))
            return _page(desk, ListQuery(), problem=problem), 400
        number = store.count(query)
        return _page(desk, query, page.ads, page.after, number)

    @lists.get("/advertisements.csv")
    def as_csv() -> ResponseReturnValue:
        try:
            query = ListQuery.from_parameters(request.args)
        except ValueError as error:
            return _page(desk, ListQuery(), problem=message(str(error))), 400
        answer = Response(_lines(desk, query), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="advertisements.csv"'
        return answer

    return lists


def list_address(**filters: Any) -> str:
    """Address of a list; the filters are those of `ListQuery`."""
    return url_for("lists.advertisements", **filters)


def status_filters(status: str) -> dict[str, str]:
    """Filters of a status of the month's counts; none for "", all advertisements."""
    return {"statuses": status} if status else {}


@dataclass(frozen=True)
class ReportNumber:
    """The report from which a list was opened: the address of its number, and the number there.

    `number` is None once other filters were chosen.
    """

    address: str = ""
    number: int | None = None

    @classmethod
    def of_request(cls) -> ReportNumber:
        """The one that the request's address names, if it is a written report."""
        address, given = own_path(request.args.get("report", ""), ""), request.args.get("reported")
        if not address.startswith(REPORTS):
            return cls()
        number = int(given) if given and given.isascii() and given.isdigit() else None
        return cls(address, number)

    def parameters(self) -> dict[str, str]:
        """What the addresses of the list's other pages carry on."""
        carried = {"report": self.address} if self.address else {}
        return carried if self.number is None else {**carried, "reported": str(self.number)}


def _count(found: Count | None) -> str:
    if found is None:
        return ""
    form = say("more than {:,}", "超过 {:,} 条") if found.more else say("{:,}", "{:,} 条")
    return form.format(found.number)


def _page(
    desk: Desk,
    query: ListQuery,
    ads: tuple[Advertisement, ...] = (),
    after: str = "",
    number: Count | None = None,
    problem: str = "",
) -> str:
    filters = query.to_parameters()
    here = (
        f"{request.path}?{request.query_string.decode()}" if request.query_string else request.path
    )
    groups = desk.vocabulary.groups
    reported = ReportNumber.of_request()
    carried = {**filters, **reported.parameters()}
    return render_template(
        "list.html",
        query=query,
        ads=ads,
        number=_count(number),
        found=number,
        reported=reported,
        status_names=STATUS_NAMES,
        problem=problem,
        here=here,
        following=f"{request.path}?{_encoded({**carried, 'after': after})}" if after else "",
        first=f"{request.path}?{_encoded(carried)}" if request.args.get("after") else "",
        file=f"{url_for('lists.as_csv')}?{_encoded(filters)}",
        sites={
            each.site.name: say(each.site.label, each.site.label_zh) or each.site.name
            for each in sorted(desk.sites, key=lambda site: site.site.label.lower())
        },
        species={name: goods_name(group) for name, group in groups.items()},
        keywords=[keyword.term for keyword in desk.vocabulary.keywords],
        verdicts=[*Verdict],
        relevance=RELEVANCE,
        ages=labels.AGE_CLAIMS,
        health=labels.HEALTH,
        sorts=SORTS,
    )


def _encoded(filters: Mapping[str, object]) -> str:
    return urlencode(filters, doseq=True)


def _lines(desk: Desk, query: ListQuery) -> Iterator[str]:
    """The CSV file of a list, with the columns of advertisements.csv: UTF-8 with BOM, CR LF."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*ADVERTISEMENT_COLUMNS, KEY])
    yield "\ufeff"
    # The request's store is closed before the last line is sent.
    with desk.store() as store:
        for ad in every(store, query):
            row = [_cell(getattr(ad, name)) for name in ADVERTISEMENT_COLUMNS]
            writer.writerow([*row, return_key(ad.site, ad.ad_id)])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cell(value: object) -> str:
    """A cell as a spreadsheet shows it, never run as a formula; moments in China's time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    text = ";".join(value) if isinstance(value, list) else str(value)
    return harmless(_CONTROLS.sub("", text))
