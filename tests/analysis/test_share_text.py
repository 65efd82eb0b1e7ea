"""Share texts of apps: address, title, id and site, and what could not be read."""

from __future__ import annotations

import pytest

from wildcrawl.analysis.share_text import Unread, id_in, is_short, read_share_text

SITES = {"goofish.com": "xianyu", "taobao.com": "taobao", "kongfz.com": "kongfz"}
SHORT, NO_ID, PASSWORD = Unread.SHORT_LINK, Unread.NO_ID, Unread.PASSWORD

FORMS = [
    # text, url, title, id, site, app, seller, unread
    ("【闲鱼】https://m.tb.cn/h.aBcDe1?tk=Zz9yX8"
     "w7 CZ0001 「我在闲鱼发布了【老料手串 包浆】」\n点击链接直接打开",
     "https://m.tb.cn/h.aBcDe1?tk=Zz9yX8w7", "老料手串 包浆", "", "", "闲鱼", "", (SHORT,)),
    ("【闲鱼】https://www.goofish.com/item?id=7"
     "00123456789&spm=a.b 「一件老摆件🔥」 点击链接直接打开",
     "https://www.goofish.com/item?id=700123456789&spm=a.b", "一件老摆件", "700123456789",
     "xianyu", "闲鱼", "", ()),
    ("【淘宝】https://m.tb.cn/h.xYz12 MF354"
     "3 「清代摆件 手工」\n点击链接直接打开 或者 淘宝搜索直接打开",
     "https://m.tb.cn/h.xYz12", "清代摆件 手工", "", "", "淘宝", "", (SHORT,)),
    ("29 fu置这段描述￥aBc123DeF45￥打开👉淘宝👈 文玩手把件 https:"
     "//item.taobao.com/item.htm?id=600111222333",
     "https://item.taobao.com/item.htm?id=600111222333", "文玩手把件", "600111222333", "taobao",
     "淘宝", "", (PASSWORD,)),
    ("￥aBc123DeF45￥", "", "", "", "", "",
     "", (Unread.NO_URL, Unread.NO_TITLE, Unread.NO_SITE, PASSWORD)),
    ("【旧藏摆件，大家看看】http://t.cn/A6aBcDe1 (分享自 @某某工作室)",
     "http://t.cn/A6aBcDe1", "旧藏摆件，大家看看", "", "", "微博", "某某工作室", (SHORT,)),
    ("分享 @某某工作室 的微博: 新到一件 https://weibo.com/1234567890/MaBcDeFg1",
     "https://weibo.com/1234567890/MaBcDeFg1", "新到一件", "MaBcDeFg1", "", "微博",
     "某某工作室", ()),
    ("7.43 aBc:/ 复制打开抖音，看看【某某文玩的作品】新到的老料手串 # 文玩 "
     "https://v.douyin.com/iAbCdEf/ 01/23 x@Y.zz",
     "https://v.douyin.com/iAbCdEf/", "新到的老料手串 # 文玩", "", "", "抖音",
     "某某文玩", (SHORT,)),
    ("https://www.douyin.com/video/7123456789012345678 老料手串",
     "https://www.douyin.com/video/7123456789012345678", "老料手串", "7123456789012345678", "",
     "抖音", "", ()),
    ("https://v.kuaishou.com/aBcDeF 看了这么多，还是这个作品最有"
     "意思 \"老料把玩件\" 该作品在快手被播放过1.2万次，点击链接，打开【快手】直接观看！",
     "https://v.kuaishou.com/aBcDeF", "老料把玩件", "", "", "快手", "", (SHORT,)),
    ("我在转转发布了「黄铜摆件」，快来看看 https://m.zhuanzhuan."
     "com/p/detail?infoId=1234567890123456789 ！",
     "https://m.zhuanzhuan.com/p/detail?infoId=1234567890123456789", "黄铜摆件",
     "1234567890123456789", "", "转转", "", ()),
    ("41 某某手作发布了一篇小红书笔记，快来看吧！ 😆 aBcDeFgHiJkLmNo 😆 htt"
     "p://xhslink.com/a/AbCd，复制本条信息，打开【小红书】App查看精彩内容！",
     "http://xhslink.com/a/AbCd", "", "", "", "小红书", "某某手作",
     (SHORT, Unread.NO_TITLE)),
    ("手工木雕摆件 https://mobile.yangkeduo.com/goods.html?goods_id=123456789",
     "https://mobile.yangkeduo.com/goods.html?goods_id=123456789", "手工木雕摆件", "123456789", "",
     "拼多多", "", ()),
    ("【京东】https://3.cn/1a-BcDeF 「木盒 收纳」\n点击链接直接打开",
     "https://3.cn/1a-BcDeF", "木盒 收纳", "", "", "京东", "", (SHORT,)),
    ("旧书一册 https://book.kongfz.com/12345/6789012345/",
     "https://book.kongfz.com/12345/6789012345/", "旧书一册", "6789012345", "kongfz",
     "孔夫子旧书网", "", ()),
    ("https://fair.example/", "https://fair.example/", "", "", "", "",
     "", (NO_ID, Unread.NO_TITLE, Unread.NO_SITE)),
    ("", "", "", "", "", "", "", (Unread.NO_URL, Unread.NO_TITLE, Unread.NO_SITE)),
    ("只有文字，没有链接", "", "只有文字"
     "，没有链接", "", "", "", "", (Unread.NO_URL, Unread.NO_SITE)),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0][:24])
def test_a_share_text_is_read(form: tuple[object, ...]) -> None:
    text, url, title, ad_id, site, app, seller, unread = form
    found = read_share_text(str(text), SITES)
    assert (found.url, found.ad_id, found.site, found.app) == (url, ad_id, site, app)
    assert found.seller == seller
    assert found.title == title
    assert found.unread == unread
    assert bool(found.password) == (PASSWORD in found.unread)


def test_two_things_in_one_text_are_said_and_hostile_texts_are_read_in_time() -> None:
    two = read_share_text("a https://a.example/item/12345 b https://a.example/item/67890")
    assert Unread.SEVERAL_URLS in two.unread
    assert two.url.endswith("12345")
    for text in ("【" * 50_000, "https://" * 10_000, "「" + "a" * 100_000, "￥a" * 30_000,
                 "http://[::1 x", "https://例子.中国/商"
                  "品?id=1", "复制" * 20_000, "\ud83d老料"):  # fmt: skip
        read_share_text(text)


def test_short_links_hide_the_id() -> None:
    assert is_short("https://e.tb.cn/h.abc")
    assert not is_short("https://notb.cn/h.abc")
    assert id_in("https://a.example/x?id=ab c") == ""
