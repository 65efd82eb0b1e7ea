"""Notice writer: a page and a CSV file for a site's operator, contacts hidden."""

from __future__ import annotations

import base64
import calendar
import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, Template

from wildcrawl.analysis.text import one_line
from wildcrawl.months import CHINA
from wildcrawl.tabular.tables import harmless
from wildcrawl.utils import atomic_write

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.items import Advertisement, Key

HIDDEN = "▒▒▒"
# Possessive quantifiers and look-behinds prevent backtracking, so that no text is slow.
_MAIL = r"(?<![a-z0-9_.+-])[a-z0-9_.+-]++@[a-z0-9-]++(?:\.[a-z0-9-]++)+"
_NUMBER = r"(?<![\w.])\+?\d(?:[ \-–.·*]?\d){6,}(?![\w.])"
_MESSENGER = (
    r"(?:微信号?|威信|薇信|v信|加v|vx|wx|wechat|weixin|q{2}号?|扣扣|电话|手机|联系|tel|phone)"
    r"[ :：=号]{0,3}[a-z0-9][\w-]{4,}"
)
_CONTACT = re.compile(f"{_MAIL}|{_MESSENGER}|{_NUMBER}", re.IGNORECASE)


def without_contacts(text: str) -> str:
    """`text` in one line, with contacts hidden.

    >>> without_contacts("象牙手串 微信：abc12345 或 138-0013-8000")
    '象牙手串 ▒▒▒ 或 ▒▒▒'
    >>> without_contacts("犀牛角 580克 16毫米 编号 20160503")
    '犀牛角 580克 16毫米 编号 ▒▒▒'
    """
    return _CONTACT.sub(HIDDEN, one_line(text))


COLUMNS = (
    "url", "title", "species", "seller", "first_seen", "last_seen",
    "captured_at", "picture_sha256", "page_sha256",
)  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """Evidence of one advertisement: a thumbnail of its first picture, and hashes of the originals.

    `picture` is the SHA-256 of the picture's bytes, `page` that of the page as text was read from
    it, `at` the moment of the capture; "" and None for what was not captured.
    """

    thumbnail: bytes = b""
    media_type: str = ""
    picture: str = ""
    page: str = ""
    at: datetime | None = None

    @property
    def source(self) -> str:
        """The thumbnail as a data: address; "" if there is none."""
        if not self.thumbnail:
            return ""
        return f"data:{self.media_type};base64,{base64.b64encode(self.thumbnail).decode()}"


@dataclass(frozen=True)
class Notice:
    """Contents of a notice: the site and its labels, the month, the advertisements.

    `contact` is the address for the operator's answer; `at` is the moment of writing; `proofs` is
    the evidence by site and ad_id.
    """

    site: str
    label: str
    label_zh: str
    month: str
    ads: Sequence[Advertisement]
    groups: Mapping[str, Group]
    contact: str
    at: datetime
    proofs: Mapping[Key, Proof] = field(default_factory=dict)

    def proof(self, ad: Advertisement) -> Proof:
        """Evidence of an advertisement."""
        return self.proofs.get((ad.site, ad.ad_id), Proof())

    def rows(self) -> list[tuple[str, ...]]:
        """Rows of the advertisements, in the order of COLUMNS; contacts in texts are hidden."""
        return [
            (
                one_line(ad.url),
                without_contacts(ad.title),
                "; ".join(map(self.species, ad.species)) or self.species("general"),
                without_contacts(ad.seller),
                _day(ad.first_seen),
                _day(ad.last_seen),
                f"{proof.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if proof.at else "",
                proof.picture,
                proof.page,
            )
            for ad in self.ads
            for proof in [self.proof(ad)]
        ]

    def species(self, name: str) -> str:
        """Label of a species group in both languages."""
        group = self.groups.get(name)
        return f"{group.label} {group.label_zh}" if group else name

    def counts(self) -> list[tuple[str, int]]:
        """Numbers of advertisements by primary species, largest first."""
        counts: dict[str, int] = {}
        for ad in self.ads:
            name = self.species(ad.species[0] if ad.species else "general")
            counts[name] = counts.get(name, 0) + 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def write_notice(notice: Notice, folder: Path) -> Path:
    """Writes SITE.csv and SITE.html to `folder`; returns the page's path. OSError on failure."""
    name = file_name(notice.site)
    page = folder / f"{name}.html"
    year, number = notice.month.split("-")
    html = _template().render(
        notice=notice,
        month=f"{calendar.month_name[int(number)]} {year}",
        month_zh=f"{year}年{int(number)}月",
        day=_day(notice.at),
        csv=f"{name}.csv",
    )
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in notice.rows())
    # The BOM makes spreadsheets read the file as UTF-8.
    atomic_write(folder / f"{name}.csv", table.getvalue().encode("utf-8-sig"))
    atomic_write(page, html.encode())
    return page


def file_name(site: str) -> str:
    """Unique file name for a site's name; only names that had to be changed have a full stop.

    >>> file_name("demo_mall"), file_name("a/b")
    ('demo_mall', 'a_b.c14cdd')
    """
    if re.fullmatch(r"[a-z0-9_-]{1,60}", site):
        return site
    digest = hashlib.sha256(site.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{re.sub(r'[^a-z0-9_-]+', '_', site.lower())[:60].strip('_') or 'site'}.{digest}"


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d}" if moment else ""


@cache
def _template() -> Template:
    loader = PackageLoader("wildcrawl", "templates")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("notice.html")
