"""Share texts at the desk: a pasted one as a row of a worksheet, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wildcrawl.analysis.share_text import SharedText, Unread, read_share_text
from wildcrawl.desk.languages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wildcrawl.desk.drafts import Written
    from wildcrawl.desk.model import DeskSite
    from wildcrawl.tabular.worksheet import WorksheetSite

_SENTENCES = {
    Unread.NO_URL: ("No address was found in the text.", "文字中没有网址。"),
    Unread.SEVERAL_URLS: (
        "The text has several addresses; the first was taken.",
        "文字中有多个网址，取了第一个。",
    ),
    Unread.SHORT_LINK: (
        "The address is a short link, which hides the id: open it and add the id, so that the "
        "advertisement is known again.",
        "这是短链接，看不到编号：请打开后补填编号，以便再次识别该广告。",
    ),
    Unread.NO_ID: ("No id was found in the address.", "网址中没有找到编号。"),
    Unread.NO_TITLE: ("No title was found in the text.", "文字中没有找到标题。"),
    Unread.NO_SITE: ("The text does not say which site it is from.", "看不出文字来自哪个网站。"),
    Unread.PASSWORD: (
        "The text has a code that only the app can open; it is kept in the note.",
        "文字中有只能在 App 中打开的口令，已记入备注。",
    ),
}


def read_shared(text: str, sites: Sequence[DeskSite]) -> SharedText:
    """What a share text says; its site is one of `sites`."""
    domains = {}
    for each in sites:
        host = (urlsplit(each.site.url).hostname or "").removeprefix("www.")
        if "." in host and not each.demo:
            domains[host] = each.site.name
    return read_share_text(text, domains)


def row_of(shared: SharedText, term: str) -> Written:
    """The row of a worksheet; {} if the text has neither an address nor a title."""
    if not (shared.url or shared.title):
        return {}
    note = f"{shared.app} {shared.password}".strip() if shared.password else ""
    row = {
        "found_by": term,
        "url": shared.url,
        "title": shared.title,
        "ad_id": shared.ad_id,
        "seller": shared.seller,
        "note": note,
    }
    return {name: value for name, value in row.items() if value}


def sentences(shared: SharedText, site: WorksheetSite) -> list[str]:
    """What could not be read in a share text, and whether it is of another site than `site`."""
    said = [say(*_SENTENCES[each]) for each in shared.unread]
    labels = {site.name, site.label, site.label_zh}
    other = shared.site or shared.app
    if (
        other
        and other not in labels
        and not any(shared.app and shared.app in each for each in labels)
    ):
        text = say(
            "The text is from {}, and this is the worksheet of {}: check that it belongs here.",
            "文字来自{}，而这是{}的工作表，请确认该行是否应填在此处。",
        )
        said.append(text.format(other, say(site.label, site.label_zh or site.label) or site.name))
    return said
