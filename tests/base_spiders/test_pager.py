"""Pagers: whether a page, or a JSON answer, shows that there is a further one."""

from __future__ import annotations

from typing import Any

import pytest
from parsel import Selector

from wildcrawl.base_spiders.pager import answers_next, shows_next


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="?page=2">下一页</a>',
        '<a class="nxt" href="?page=2">下一页 »</a>',
        '<a href="javascript:go(2)">Next ›</a>',
        '<button name="page" value="2">Next</button>',
        '<button onclick="more()">加载更多</button>',
        '<link rel="next" href="?page=2">',
        '<a rel="nofollow next" href="?page=2">→</a>',
        '<ul class="pagination"><li><a href="?p=1">1</a></li><li><a href="?p=2">2</a></li></ul>',
        '<a href="?page=2" aria-label="Next page"><svg></svg></a>',
    ],
)
def test_an_active_link_to_a_further_page_is_seen(pager: str) -> None:
    assert shows_next(Selector(f"<body><p>老象牙</p>{pager}</body>"), 1)


@pytest.mark.parametrize(
    "pager",
    [
        "",
        "<span>下一页</span>",
        "<a>下一页</a>",
        '<a class="disabled" href="?page=2">下一页</a>',
        '<li class="page-item disabled"><button>Next</button></li>',
        "<button disabled>加载更多</button>",
        '<a href="/item/2">2</a>',
        '<a href="/next-gen">Next generation of carvers</a>',
        '<div class="pages"><a href="?p=1">1</a></div>',
        '<a href="?page=1">上一页</a>',
    ],
)
def test_what_leads_to_no_further_page_is_not(pager: str) -> None:
    assert not shows_next(Selector(f"<body><p>老象牙</p>{pager}</body>"), 1)


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        ({"items": [], "next": "a1b2"}, True),
        ({"data": {"has_more": True}}, True),
        ({"data": {"isEnd": False}}, True),
        ({"nextCursor": "x"}, True),
        ({"next": None}, False),
        ({"has_more": False}, False),
        ({"has_more": 0}, False),
        ({"isEnd": True}, False),
        ({"items": [{"next": "a"}]}, False),
        ([], False),
    ],
)
def test_a_json_answer_says_so_outside_of_its_lists(answer: Any, more: bool) -> None:
    assert answers_next(answer) is more
