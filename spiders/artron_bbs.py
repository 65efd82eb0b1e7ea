"""Artron forum: art and antiques, discussed and offered, on Discuz! X."""

from wildcrawl.platforms.discuz import DiscuzSpider


class ArtronBbsSpider(DiscuzSpider):
    name = "artron_bbs"
    label = "Artron Forum"
    label_zh = "雅昌论坛"
    since = "2026-11"
    evidence = (
        "public scripts of about 2020 that read its threads: thread-ID-PAGE-1.html, posts in "
        "div.pcb, pictures in img[file], the next page in a.nxt"
    )
    confidence = "high for the program, low for the boards, which are found on its index by name"
    domain = "https://bbs.artron.net"
