"""Artron forum: art and antiques talked over and offered, on Discuz! X.

Built from public scripts (about 2020) that read its threads: thread-ID-PAGE-1.html, posts in
div.pcb, pictures in img[file], the next page in a.nxt. Confidence: high for the program, low for
the boards, which are found on its index by name.
"""

from wildcrawl.platforms.discuz import DiscuzSpider


class ArtronBbsSpider(DiscuzSpider):
    name = "artron_bbs"
    label = "Artron Forum"
    label_zh = "雅昌论坛"
    since = "2026-11"
    domain = "https://bbs.artron.net"
