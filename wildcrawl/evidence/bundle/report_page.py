"""Report page: what a person reads in a bundle, in Chinese and English, without any script.

Everything that a site or seller wrote is escaped, and no address can be clicked: a visit would
show the seller that somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, Template

from wildcrawl import labels
from wildcrawl.evidence.bundle.collection import handlings, read_stated
from wildcrawl.evidence.bundle.file_names import SHOWN
from wildcrawl.evidence.bundle.survey_posts import COUNTED
from wildcrawl.evidence.handed_in import BY_HAND
from wildcrawl.months import CHINA

if TYPE_CHECKING:
    from wildcrawl.evidence.bundle.collection import Bundle, BundledCapture, Collection, PageWords
    from wildcrawl.evidence.captures import Capture
    from wildcrawl.items import Advertisement

KINDS = {
    "page": ("网页", "page"),
    "picture": ("图片", "picture"),
    "screenshot": ("截屏", "screenshot"),
    "card": ("广告截屏", "screenshot of the card"),
}
REASONS = {
    "first_sight": ("首次发现", "first sight"),
    "changed": ("内容变化", "changed"),
    "removed": ("已下架", "removed"),
    "image_only": ("仅有图片", "images only"),
}
ACTIONS = {
    "captured": ("保存", "captured"),
    "looked": ("查看", "looked at"),
    "judged": ("判定", "judged"),
    "packed": ("准备导出", "named in a bundle"),
    "exported": ("导出", "exported"),
    "lost": ("声明遗失", "declared lost"),
    "erased": ("删除", "erased"),
    "forgotten": ("按要求删除", "erased on request"),
    "sealed": ("加盖时间戳", "time-stamped"),
}
VERDICTS = {
    "": ("未判定", "not judged"),
    **{verdict: (label.chinese, label.english) for verdict, label in labels.VERDICTS.items()},
    COUNTED: ("人工计入社交媒体调查", "counted in a survey of social media"),
}


def report_page(
    collection: Collection,
    kept: Sequence[BundledCapture],
    words: Sequence[PageWords],
    bundle: Bundle,
) -> str:
    """The HTML page of a bundle.

    `kept` are its captures in order, with their files, and `words` those of each advertisement's
    page.
    """
    by_subject: list[list[BundledCapture]] = [[] for _ in collection.subjects]
    for one in kept:
        by_subject[one.subject - 1].append(one)
    return _template().render(
        collection=collection,
        facts=collection.facts,
        bundle=bundle,
        subjects=list(zip(collection.subjects, by_subject, words, strict=True)),
        skipped=sum(bool(one.capture.skipped) for one in kept),
        without=sum(not any(one.length for one in mine) for mine in by_subject),
        actions=_actions(collection),
        handled=handlings(collection.links, {one.capture.digest for one in kept}),
        by_hand=sum(one.capture.run == BY_HAND for one in kept),
    )


def _actions(collection: Collection) -> dict[str, int]:
    """Numbers of custody links by action."""
    counts: dict[str, int] = {}
    for link in collection.links:
        counts[link.action] = counts.get(link.action, 0) + 1
    return counts


def in_china(at: datetime | None) -> str:
    """A moment in China's time, to the second; "" without one."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if at else ""


def said_in_china(at: str) -> str:
    """A moment of the custody log in China's time; as it is if that is none."""
    try:
        return in_china(datetime.fromisoformat(at))
    except ValueError:
        return at


def posted_of(ad: Advertisement) -> str:
    """When it was posted, in China's time like the other moments; as it is if that is none."""
    try:
        at = datetime.fromisoformat(ad.posted_at)
    except ValueError:
        return ad.posted_at
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at.tzinfo else ad.posted_at


def shown(one: BundledCapture) -> bool:
    """Whether browsers show the capture's file."""
    return bool(one.file) and one.capture.media_type.partition(";")[0].strip().lower() in SHOWN


def title_of(ad: Advertisement) -> str:
    """The title as the seller wrote it, where that is kept; "" without one."""
    return ad.original_title or ad.title


def description_of(ad: Advertisement) -> str:
    """The description as the seller wrote it, where that is kept; "" without one."""
    return ad.original_description or ad.description


def kind_of(capture: Capture) -> tuple[str, str]:
    """What a capture is, in Chinese and English."""
    return KINDS.get(capture.view or capture.kind, (capture.kind, ""))


def plainly(value: Any) -> str:
    """A setting or a declared value as one line; a dash for an empty one.

    >>> plainly({"title": ["h3", ".name"], "price": "b"}), plainly(""), plainly(5)
    ('title: h3 | .name; price: b', '—', '5')
    """
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plainly(each)}" for name, each in value.items()) or "—"
    if isinstance(value, list):
        return " | ".join(map(plainly, value)) or "—"
    return str(value) if value != "" else "—"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("wildcrawl.evidence.bundle", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(in_china=in_china, said_in_china=said_in_china)
    environment.globals.update(action_names=ACTIONS)
    environment.globals.update(kind_of=kind_of, reasons=REASONS, verdicts=VERDICTS, shown=shown)
    environment.globals.update(
        title_of=title_of, description_of=description_of, posted_of=posted_of
    )
    environment.globals.update(read_stated=read_stated, plainly=plainly)
    return environment.get_template("report.html")
