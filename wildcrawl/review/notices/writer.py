"""Notice writer: a letter to a site's operator, its annex, and CSV files; contacts hidden."""

from __future__ import annotations

import base64
import calendar
import csv
import hashlib
import io
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path

from jinja2 import PackageLoader, StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from wildcrawl.analysis.contacts import HIDDEN, hide_contacts
from wildcrawl.analysis.text import one_line
from wildcrawl.analysis.vocabulary import Group
from wildcrawl.analysis.vocabulary.goods import goods
from wildcrawl.items import Advertisement, Key
from wildcrawl.months import CHINA, shown_moment
from wildcrawl.review.notices.follow_up import FollowUp
from wildcrawl.review.notices.letter_settings import Law, LetterError, LetterSettings, Platform
from wildcrawl.review.notices.links import PageLink, link_of
from wildcrawl.tabular.tables import harmless
from wildcrawl.utils import atomic_write

LONGEST_TITLE = 60
"""Characters of a title that a notice quotes."""
LONGEST = 40
"""Characters of a seller's name or a price that a notice quotes."""
CUT = "……"
_REPORT = "-举报.csv"
"""Ending of the file for a platform's reporting form."""


def quoted(text: str, longest: int) -> str:
    """A seller's words in one line, contacts hidden, cut after `longest` characters.

    >>> quoted("象牙手串 微信：abc12345", 60), quoted("象牙手串", 2)
    ('象牙手串 微信：▒▒▒', '象牙……')
    """
    words = hide_contacts(one_line(text)).text
    return words if len(words) <= longest else f"{words[:longest].rstrip()}{CUT}"


COLUMNS = (
    "reference", "ad_id", "url", "leads_to", "title", "species", "price", "seller", "first_seen",
    "last_seen", "captured_at", "picture_sha256", "page_sha256",
)  # fmt: skip
REPORT_COLUMNS = (
    "序号", "平台", "商品编号", "商品链接", "商品标题（卖家原文）", "卖家名称", "标价（卖家原文）",
    "涉嫌物种", "举报类型", "举报理由", "法律依据",
    "首次发现时间（北京时间）", "取证时间（北京时间）",
    "图片SHA-256", "网页SHA-256", "来函文号", "举报单位", "备注",
)  # fmt: skip
"""Columns of the file for a platform's reporting form."""


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
class NoticeRow:
    """An advertisement as a notice lists it; texts of the seller are quoted (`quoted`).

    `is_repeated` tells that an earlier letter lists it; `up_on` is the last day on which a recheck
    found it up since, None if none did.
    """

    number: int
    ad_id: str
    link: PageLink
    title: str
    species: Sequence[str]
    species_zh: Sequence[str]
    price: str
    seller: str
    first_seen: str
    last_seen: str
    proof: Proof
    is_repeated: bool = False
    up_on: date | None = None

    @property
    def captured(self) -> str:
        """The moment of the capture in China; "" if nothing was captured."""
        return shown_moment(self.proof.at)

    @property
    def first_day(self) -> str:
        """The day on which it was first seen."""
        return self.first_seen[:10]

    @property
    def last_day(self) -> str:
        """The day on which it was last seen; "" if that is the first."""
        return self.last_seen[:10] if self.last_seen[:10] != self.first_day else ""


@dataclass(frozen=True)
class Notice:
    """Contents of a notice: the site and its labels, the month, the advertisements.

    `contact` is the address for the operator's answer; `at` is the moment of writing; `proofs` is
    the evidence by site and ad_id; `is_own` tells addresses of the site itself from others;
    `number` counts the letters to the operator about the month, from 1; `earlier` is what a
    follow-up letter says of the letters before it.
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
    reference: str = ""
    settings: LetterSettings = field(default_factory=LetterSettings)
    laws: Sequence[Law] = ()
    is_own: Callable[[str], bool] = lambda _: True
    earlier: FollowUp | None = None
    number: int = 1

    def proof(self, ad: Advertisement) -> Proof:
        """Evidence of an advertisement."""
        return self.proofs.get((ad.site, ad.ad_id), Proof())

    @property
    def has_thumbnails(self) -> bool:
        """Whether it shows a picture."""
        return any(proof.thumbnail for proof in self.proofs.values())

    @property
    def day(self) -> date:
        """The day of the letter in China."""
        return self.at.astimezone(CHINA).date()

    @property
    def due(self) -> date:
        """The day by which the answer is due."""
        return self.settings.due(self.day)

    @property
    def platform(self) -> Platform:
        """The company that the letter goes to."""
        return self.settings.platform(self.site)

    @cached_property
    def rows(self) -> list[NoticeRow]:
        """The advertisements as the notice lists them."""
        before = self.earlier.up_on if self.earlier else {}
        return [
            NoticeRow(
                number=number,
                ad_id=quoted(ad.ad_id, LONGEST_TITLE),
                link=link_of(ad.url, self.is_own),
                title=quoted(ad.title, LONGEST_TITLE),
                species=[self.species(name)[0] for name in ad.species or ["general"]],
                species_zh=[self.species(name)[1] for name in ad.species or ["general"]],
                price=quoted(ad.price, LONGEST),
                seller=quoted(ad.seller, LONGEST),
                first_seen=shown_moment(ad.first_seen),
                last_seen=shown_moment(ad.last_seen),
                proof=self.proof(ad),
                is_repeated=ad.ad_id in before,
                up_on=before.get(ad.ad_id),
            )
            for number, ad in enumerate(self.ads, 1)
        ]

    def species(self, name: str) -> tuple[str, str]:
        """Labels of a species group in English and Chinese."""
        group = self.groups.get(name)
        return (goods(group.label), goods(group.label_zh)) if group else (name, name)

    def counts(self) -> list[tuple[str, str, int]]:
        """Labels of the primary species and their numbers of advertisements, largest first."""
        counts: dict[tuple[str, str], int] = {}
        for ad in self.ads:
            name = self.species(ad.species[0] if ad.species else "general")
            counts[name] = counts.get(name, 0) + 1
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(*name, number) for name, number in ordered]


def write_notice(notice: Notice, folder: Path) -> Path:
    """Writes SITE.html, SITE.csv and SITE-举报.csv to `folder`; returns the page's path.

    The second letter is SITE.2.html, so that one that was sent remains as it was.
    OSError on failure; LetterError if the user's template cannot be filled.
    """
    name = letter_name(notice.site, notice.number)
    page = folder / f"{name}.html"
    report = f"{name}{_REPORT}"
    html = _page(notice, f"{name}.csv", report)
    rows = notice.rows
    reason_zh = "涉嫌违法出售、展示受保护野生动物制品，经人工核对，是否违法以主管部门认定为准"
    laws = "；".join(law.zh for law in notice.laws)
    sender = notice.settings.sender
    table = [
        (
            notice.reference, as_text(row.ad_id), row.link.url, row.link.leads_to, row.title,
            "; ".join(f"{en} {zh}" for en, zh in zip(row.species, row.species_zh, strict=True)),
            row.price, row.seller, row.first_day, row.last_seen[:10],
            _second(row.proof.at), row.proof.picture, row.proof.page,
        )
        for row in rows
    ]  # fmt: skip
    form = [
        (
            str(row.number), notice.label_zh or notice.label, as_text(row.ad_id), row.link.url,
            row.title, row.seller, row.price, "；".join(row.species_zh),
            "违禁商品：野生动物及其制品", reason_zh, laws, row.first_seen,
            _second(row.proof.at), row.proof.picture, row.proof.page,
            notice.reference, sender.name_zh or sender.name, _remarks(row),
        )
        for row in rows
    ]  # fmt: skip
    _write_table(folder / f"{name}.csv", COLUMNS, table)
    _write_table(folder / report, REPORT_COLUMNS, form)
    atomic_write(page, html.encode())
    return page


_SHORT_NUMBER = re.compile(r"[1-9]\d{0,10}")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NUMBER_OR_DAY = re.compile(
    rf"[\d.,:/e+-]+|true|false|(?:\d{{1,4}}[-/ ]?)?(?:{_MONTHS})[a-z]{{0,6}}(?:[-/ ]?\d{{1,4}})?"
    r"|\d{1,4}[年月]\d{0,2}[月日]?(?:\d{1,2}日)?",
    re.IGNORECASE,
)


def as_text(number: str) -> str:
    """An item's number with a tab behind it if a spreadsheet would show and save another one.

    Excel keeps 15 digits of a number, drops its zeros in front and reads 3-4 and MAR5 as days;
    with the tab, as shops write it in their own lists, it is a text.

    >>> as_text("612345678901234567"), as_text("0012"), as_text("12345"), as_text("a1")
    ('612345678901234567\\t', '0012\\t', '12345', 'a1')
    >>> as_text("MAR5"), as_text("TRUE"), as_text("5月1日"), as_text("MARBLE5")
    ('MAR5\\t', 'TRUE\\t', '5月1日\\t', 'MARBLE5\\t')
    """
    plain = _SHORT_NUMBER.fullmatch(number) or not _NUMBER_OR_DAY.fullmatch(number)
    return number if plain else f"{number}\t"


def _remarks(row: NoticeRow) -> str:
    """What a reader of the reporting form cannot see: why an address is missing, what came before.

    The form has no other place for it, and a row without an address would be sent back.
    """
    remarks = []
    if row.link.leads_to:
        remarks.append(f"卖家所留链接不在本平台，指向{row.link.leads_to}，请按商品编号核查")
    if row.is_repeated and row.up_on:
        remarks.append(f"此前来函已列，{row.up_on:%Y-%m-%d}复查仍在线")
    elif row.is_repeated:
        remarks.append("此前来函已列")
    return "；".join(remarks)


def letter_files(page: Path) -> list[Path]:
    """The files of a letter by its page, which links to the others and comes last."""
    return [page.with_name(f"{page.stem}.csv"), page.with_name(f"{page.stem}{_REPORT}"), page]


def _write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    # The BOM makes spreadsheets read the file as UTF-8.
    atomic_write(path, table.getvalue().encode("utf-8-sig"))


def _page(notice: Notice, table: str, report: str) -> str:
    year, number = notice.month.split("-")
    path = notice.settings.template
    try:
        template = _own_template(Path(path)) if path else _template()
        return template.render(
            notice=notice,
            month=f"{calendar.month_name[int(number)]} {year}",
            month_zh=f"{year}年{int(number)}月",
            csv=table,
            report=report,
            hidden=HIDDEN,
        )
    except LetterError:
        raise
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        if not path:
            raise
        line = getattr(error, "lineno", None) or _line_in_template(error)
        place = f"{path}, line {line}" if line else path
        raise LetterError(f"{place}: {one_line(str(error))}; correct the template") from error


def _line_in_template(error: BaseException) -> int | None:
    """The line of the user's template at which it failed; Jinja gives it in the traceback."""
    lines = [
        number
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == "<template>"
    ]
    return lines[-1] if lines else None


def letter_name(site: str, number: int) -> str:
    """File name of a letter, without its ending.

    >>> letter_name("demo_mall", 1), letter_name("demo_mall", 2)
    ('demo_mall', 'demo_mall.2')
    """
    return file_name(site) if number == 1 else f"{file_name(site)}.{number}"


def file_name(site: str) -> str:
    """Unique file name for a site's name; only names that had to be changed have a full stop.

    >>> file_name("demo_mall"), file_name("a/b")
    ('demo_mall', 'a_b.c14cdd')
    """
    if re.fullmatch(r"[a-z0-9_-]{1,60}", site):
        return site
    digest = hashlib.sha256(site.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{re.sub(r'[^a-z0-9_-]+', '_', site.lower())[:60].strip('_') or 'site'}.{digest}"


def _second(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if moment else ""


def _day_en(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=PackageLoader("wildcrawl", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"day": _day_en, "day_zh": _day_zh}
    return environment


@cache
def _template() -> Template:
    return _environment().get_template("notice.html")


def _check_blocks(path: Path, text: str) -> None:
    """Raises LetterError for words that would be in no letter.

    They are in a block that notice.html lacks, or outside every block.
    """
    body = _environment().parse(text).body
    while body and not isinstance(body[0], nodes.Extends):
        # What precedes it is printed.
        body = body[1:]
    if not body:
        return
    blocks = _template().blocks
    for node in body:
        if isinstance(node, nodes.Block) and node.name not in blocks:
            raise LetterError(
                f"{path}, line {node.lineno}: notice.html has no block '{node.name}'; "
                f"choose one of {', '.join(blocks)}"
            )
    for output in _outside_blocks(body):
        words, line = _words(output)
        if words:
            raise LetterError(
                f"{path}, line {line}: '{one_line(words)[:40]}' is outside every block and "
                f"would be in no letter; put it into one of {', '.join(blocks)}"
            )


def _outside_blocks(body: Iterable[nodes.Node]) -> Iterator[nodes.Output | nodes.Include]:
    """What a template that extends another writes outside its blocks, which Jinja leaves out."""
    for node in body:
        if isinstance(node, nodes.Output | nodes.Include):
            yield node
        elif not isinstance(node, nodes.Block | nodes.Macro | nodes.AssignBlock):
            yield from _outside_blocks(node.iter_child_nodes())


def _words(output: nodes.Output | nodes.Include) -> tuple[str, int]:
    """The first words that are written, "{{ … }}" for an expression, and their line."""
    if isinstance(output, nodes.Include):
        return "{% include … %}", output.lineno
    for part in output.nodes:
        if not isinstance(part, nodes.TemplateData):
            return "{{ … }}", part.lineno
        if words := part.data.strip():
            before = part.data[: part.data.index(words[0])]
            return words, part.lineno + before.count("\n")
    return "", output.lineno


def _own_template(path: Path) -> Template:
    """The user's template, which may extend the bundled notice.html and replace its blocks."""
    try:
        text = path.read_text(encoding="utf-8")
        _check_blocks(path, text)
        return _environment().from_string(text)
    except OSError as error:
        raise LetterError(f"the template {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LetterError(f"the template {path} is not in UTF-8; save it as UTF-8") from error
