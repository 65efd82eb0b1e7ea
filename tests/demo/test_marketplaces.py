"""Bundled marketplaces: planted advertisements, pages of each site, no external links."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_from_bytes
from urllib.robotparser import RobotFileParser

import opencc
import pytest
from parsel import Selector
from PIL import Image

from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.demo.broken import HUGE
from wildcrawl.demo.server import MarketplaceError, create_app, running_marketplaces
from wildcrawl.demo.truth import SITES, findable, fold, load_truth, search, summary
from wildcrawl.demo.worksheet import fair_records
from wildcrawl.items import RECORD_COLUMNS, AgeClaim, PriceKind, ProductType

if TYPE_CHECKING:
    from flask.testing import FlaskClient

TERMS = tuple(keyword.term for keyword in load_vocabulary().keywords)
TRUTH = load_truth()
TRADITIONAL = opencc.OpenCC("s2tw")


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


def page(client: FlaskClient, path: str, charset: str = "utf-8") -> Selector:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return Selector(answer.data.decode(charset))


def gbk(term: str) -> str:
    return quote_from_bytes(term.encode("gb18030"))


def big5(term: str) -> str:
    return quote_from_bytes(TRADITIONAL.convert(term).encode("big5"))


# Planted advertisements


def test_every_relevant_advertisement_is_findable_by_a_keyword_of_the_vocabulary() -> None:
    lost = [ad.key for ad in TRUTH + load_truth(2) if ad.relevant and not findable(ad, TERMS)]
    assert lost == []


def test_every_keyword_finds_something() -> None:
    idle = [term for term in TERMS if not any(findable(ad, [term]) for ad in TRUTH)]
    assert idle == []


def test_all_species_groups_are_planted_in_the_briefings_proportions() -> None:
    planted = summary(TRUTH)
    groups = [name for name in load_vocabulary().groups if name != "general"]
    assert set(planted.by_species) == set(groups)
    assert 0.5 < planted.by_species["ivory"] / planted.relevant < 0.62
    assert 0.12 < planted.by_species["rhino_horn"] / planted.relevant < 0.18
    assert min(planted.by_species.values()) >= 4


def test_summary_counts_each_advertisement_once() -> None:
    planted = summary(TRUTH)
    assert planted.relevant + planted.decoys == len(TRUTH) == 344
    assert sum(planted.by_site.values()) == sum(planted.by_species.values()) == planted.relevant
    assert set(planted.by_site) == set(planted.decoys_by_site) == set(SITES)


def test_an_advertisement_is_known_by_site_and_id() -> None:
    assert max(Counter(ad.key for ad in load_truth(2)).values()) == 1
    assert max(Counter(ad.key for ad in TRUTH).values()) == 1


def test_the_truth_uses_the_closed_words() -> None:
    for ad in TRUTH + load_truth(2):
        assert ad.price_kind in set(PriceKind)
        assert (ad.price_cny is not None) == (ad.price_kind == PriceKind.AMOUNT), ad.key
        assert ad.seller
        assert ad.seller_id
        assert ad.location
        assert ad.pictures >= 1
        if ad.relevant:
            assert ad.product_type in set(ProductType)
            assert ad.age_claim in {"", *AgeClaim}
        else:
            assert (ad.species, ad.product_type, ad.age_claim) == ((), "", "")
            assert ad.trick, f"{ad.key}: a decoy says what it is"


def test_all_sorts_of_prices_and_tricks_are_planted() -> None:
    assert {ad.price_kind for ad in TRUTH} >= set(PriceKind) - {PriceKind.INVALID}
    tricks = summary(TRUTH).by_trick
    for trick in (
        *("code_word", "image_only", "repost", "placeholder", "zero_width", "split", "traditional"),
        *("colour", "plant_ivory", "mammoth", "imitation", "wanted", "book", "lens", "medicine"),
    ):
        assert tricks[trick], trick


def test_a_repost_is_the_same_seller_with_a_new_id() -> None:
    by_key = {ad.key: ad for ad in load_truth(2)}
    reposts = [ad for ad in load_truth(2) if ad.repost_of]
    assert len(reposts) == 7
    for ad in reposts:
        first = by_key[ad.site, ad.repost_of]
        assert (first.seller_id, first.ad_id) != (ad.seller_id, ad.ad_id)
        assert first.seller_id == ad.seller_id
        assert first.posted_at < ad.posted_at


def test_the_second_month_has_new_gone_and_changed_advertisements() -> None:
    first = {ad.key: ad for ad in TRUTH}
    second = {ad.key: ad for ad in load_truth(2)}
    assert 20 <= len(second.keys() - first.keys()) <= 30
    assert 4 <= len(first.keys() - second.keys()) <= 10
    changed = [key for key in first.keys() & second.keys() if first[key] != second[key]]
    assert any(first[key].title != second[key].title for key in changed)
    assert any(first[key].price_cny != second[key].price_cny for key in changed)
    assert len(changed) == 8


def test_there_are_two_months_and_no_more() -> None:
    with pytest.raises(ValueError, match=r"'3' is not a valid month .* choose 1 or 2"):
        load_truth(3)


def test_a_known_advertisement_is_read_as_it_was_written() -> None:
    [ad] = [ad for ad in TRUTH if ad.key == ("demo_mall", "118204")]
    assert (ad.title, ad.price) == ("老象牙手镯 圆条 圈口58 包浆温润", "￥4,900")
    assert (ad.species, ad.product_type, ad.age_claim) == (("ivory",), "worked_uncarved", "old")
    assert ad.price_cny == Decimal(4900)


# Search, shared by all sites


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("象\u200b牙雕", "象牙雕"),
        ("象 牙·雕", "象牙雕"),
        ("象牙鐲", "象牙镯"),
        ("ＸＹ 手串", "xy手串"),
        ("🐘牙", "牙"),
    ],
)
def test_the_search_makes_no_difference_of_width_script_or_separators(
    text: str, same_as: str
) -> None:
    assert fold(text) == same_as


def test_nothing_is_found_by_an_empty_keyword() -> None:
    assert search(TRUTH, "") == search(TRUTH, " · ") == []


def walk(
    client: FlaskClient, path: str | None, charset: str, card: str, ad_id: str, following: str
) -> list[str]:
    found: list[str] = []
    while path:
        shown = page(client, path, charset)
        found += shown.css(card).css(ad_id).getall()
        path = shown.css(following).get()
    return found


def mall_search(client: FlaskClient, term: str) -> list[str]:
    path = f"/mall/search.asp?key={gbk(term)}"
    card = ".goods:not(.promo)"
    return walk(client, path, "gb18030", card, "::attr(data-id)", "a.next::attr(href)")


def forum_search(client: FlaskClient, term: str) -> list[str]:
    path = f"/forum/search.php?q={big5(term)}"
    return walk(client, path, "big5", "tr.thread", "::attr(data-tid)", "a.nextpage::attr(href)")


def market_search(client: FlaskClient, term: str) -> list[str]:
    found: list[str] = []
    for number in range(1, 100):
        path = f"/market/api/search?keyword={quote(term)}&page={number}&size=30"
        data = client.get(path).get_json()["data"]
        found += [str(each["id"]) for each in data["items"] if not each["recommend"]]
        if not data["hasMore"]:
            break
    return found


def shop_search(client: FlaskClient, term: str) -> list[str]:
    found: list[str] = []
    for number in range(1, 100):
        path = f"/shop/data?q={quote(term)}&page={number}"
        data = client.get(path, headers={"X-Shop": "1"}).get_json()
        found += [each["sku"] for each in data["goods"]]
        if not data["hasMore"]:
            break
    return found


@pytest.mark.parametrize(
    ("site", "searched"),
    [
        ("demo_mall", mall_search),
        ("demo_market", market_search),
        ("demo_shop", shop_search),
        ("demo_forum", forum_search),
    ],
)
def test_walking_through_all_pages_gives_exactly_what_is_findable(
    site: str, searched: Callable[[FlaskClient, str], list[str]], client: FlaskClient
) -> None:
    planted = [ad for ad in TRUTH if ad.site == site]
    for term in TERMS:
        expected = {ad.ad_id for ad in planted if findable(ad, [term])}
        found = searched(client, term)
        assert sorted(found) == sorted(expected), term


# Harbour Antiques Mall


def test_the_malls_header_lies_and_its_meta_tells_the_truth(client: FlaskClient) -> None:
    answer = client.get(f"/mall/search.asp?key={gbk('象牙')}")
    assert answer.headers["Content-Type"] == "text/html; charset=iso-8859-1"
    assert b"charset=gb2312" in answer.data
    assert "象牙" in answer.data.decode("gb18030")


def test_browsers_get_no_wrong_charset(client: FlaskClient) -> None:
    answer = client.get("/mall/", headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.headers["Content-Type"] == "text/html"


def test_the_mall_reads_keywords_in_gbk_alone(client: FlaskClient) -> None:
    assert "没有找到" in page(client, f"/mall/search.asp?key={quote('象牙')}", "gb18030").get()


def test_the_mall_repeats_its_last_page_for_ever(client: FlaskClient) -> None:
    found = [ad for ad in TRUTH if ad.site == "demo_mall" and findable(ad, ["象牙"])]
    last = -(-len(found) // 20)
    assert last >= 3
    link = f"/mall/search.asp?key={gbk('象牙')}&page="
    end, past = (page(client, f"{link}{n}", "gb18030") for n in (last, last + 7))
    assert past.css(".goods::attr(data-id)").getall() == end.css(".goods::attr(data-id)").getall()
    assert not end.css("a.next")
    assert page(client, link + "1", "gb18030").css("a.next::text").get() == "下一页"


def test_every_result_page_of_the_mall_repeats_two_promoted_advertisements(
    client: FlaskClient,
) -> None:
    for number in (1, 2):
        shown = page(client, f"/mall/search.asp?key={gbk('象牙')}&page={number}", "gb18030")
        assert shown.css(".goods.promo::attr(data-id)").getall() == ["118204", "120655"]


def test_the_mall_cuts_titles_on_cards_and_shows_all_on_the_advertisements_page(
    client: FlaskClient,
) -> None:
    long = next(ad for ad in TRUTH if ad.site == "demo_mall" and len(ad.title) > 20)
    term = next(iter(findable(long, TERMS)))
    names = [
        name
        for number in (1, 2, 3)
        for name in page(client, f"/mall/search.asp?key={gbk(term)}&page={number}", "gb18030")
        .css(f'.goods[data-id="{long.ad_id}"] .name a::text')
        .getall()
    ]
    assert long.title[:20] + "…" in names
    item = page(client, f"/mall/item-{long.ad_id}.html", "gb18030")
    assert item.css("#goods-name::text").get() == long.title


def test_an_advertisement_of_the_mall_shows_what_was_planted(client: FlaskClient) -> None:
    for ad in (ad for ad in TRUTH if ad.site == "demo_mall"):
        item = page(client, f"/mall/item-{ad.ad_id}.html", "gb18030")
        assert item.css("#goods-name::text").get("") == ad.title
        assert item.css("#goods-desc::text").get("") == ad.description
        assert item.css("#goods-price::text").get("") == ad.price
        assert item.css("a.cat::text").get() == ad.category
        assert item.css("a.seller::text").get() == ad.seller
        assert item.css("a.seller::attr(data-uid)").get() == ad.seller_id
        assert item.css("td.city::text").get() == ad.location
        assert item.css("td.posted::text").get() == ad.posted_at
        assert len(item.css(".gallery img")) == ad.pictures


# Second-hand Market


def test_the_market_answers_at_most_20_and_cuts_descriptions(client: FlaskClient) -> None:
    data = client.get(f"/market/api/search?keyword={quote('象牙')}&size=30").get_json()["data"]
    assert len(data["items"]) == 21
    assert data["hasMore"] is True
    assert data["items"][-1]["recommend"] is True
    long = next(each for each in data["items"] if each["desc"].endswith("…"))
    whole = client.get(f"/market/api/item/{long['id']}").get_json()["data"]["desc"]
    assert whole.startswith(long["desc"][:-1])
    assert len(whole) > 12


def test_the_market_gives_prices_as_numbers_and_as_texts(client: FlaskClient) -> None:
    prices = {}
    for ad in (ad for ad in TRUTH if ad.site == "demo_market"):
        data = client.get(f"/market/api/item/{ad.ad_id}").get_json()["data"]
        prices[ad.price] = data["price"]
        assert data["priceText"].removeprefix("￥") == ad.price.removeprefix("￥")
    assert prices["2600"] == 2600
    assert prices["999999.00"] == "999999.00"
    assert prices["面议"] == "面议"
    assert prices[""] is None


def test_the_market_refuses_with_status_200(client: FlaskClient) -> None:
    for path, code in (("/market/api/search", 4001), ("/market/api/item/1", 4004)):
        answer = client.get(path)
        assert (answer.status_code, answer.get_json()["code"]) == (200, code)


def test_the_markets_moments_are_chinas(client: FlaskClient) -> None:
    ad = next(ad for ad in TRUTH if ad.site == "demo_market")
    milliseconds = client.get(f"/market/api/item/{ad.ad_id}").get_json()["data"]["publishTime"]
    moment = datetime.fromisoformat(f"{ad.posted_at}+08:00")
    assert milliseconds == moment.timestamp() * 1000


# Cloud Boutique


def test_plain_fetching_sees_nothing_of_the_boutique(client: FlaskClient) -> None:
    shell = page(client, f"/shop/?q={quote('象牙')}")
    assert shell.css("#results").get() == '<div id="results"></div>'
    assert not shell.css(".card")
    assert client.get(f"/shop/data?q={quote('象牙')}").status_code == 403


def test_the_boutique_has_more_than_one_page(client: FlaskClient) -> None:
    data = client.get(f"/shop/data?q={quote('象牙')}", headers={"X-Shop": "1"}).get_json()
    assert len(data["goods"]) == 12
    assert data["hasMore"] is True


# Collectors' forum


def test_the_forum_is_big5_and_loses_no_character(client: FlaskClient) -> None:
    for ad in (ad for ad in load_truth(2) if ad.site == "demo_forum"):
        for text in (ad.title, ad.description, ad.category, ad.price, ad.seller, ad.location):
            assert text.encode("big5").decode("big5") == text
    answer = client.get("/forum/")
    assert answer.headers["Content-Type"] == "text/html; charset=big5"
    assert "&#" not in answer.data.decode("big5")


def test_replies_are_no_part_of_the_first_post(client: FlaskClient) -> None:
    for ad in (ad for ad in TRUTH if ad.site == "demo_forum"):
        thread = page(client, f"/forum/thread-{ad.ad_id}-1-1.html", "big5")
        text = "\n".join(thread.css(".post.first .message::text").getall())
        assert text.removesuffix("\n【售價】").strip() == ad.description.strip()
        assert thread.css(".post.first .ask::text").get("") == ad.price
        assert thread.css(".post.first .author::attr(data-uid)").get() == ad.seller_id
    replied = page(client, "/forum/thread-70412-1-1.html", "big5").css(".post:not(.first)")
    assert all(not reply.css(".ask, img") for reply in replied)


def test_the_forum_says_so_when_nothing_is_left(client: FlaskClient) -> None:
    for path in (f"/forum/search.php?q={big5('象牙')}&start=900", "/forum/search.php?q=qqq"):
        assert page(client, path, "big5").css("p.notice")


# Weekend fair board


def test_every_thing_of_the_fair_is_reached_by_its_links(client: FlaskClient) -> None:
    seen = []
    for stall in page(client, "/fair/").css(".stall a::attr(href)").getall():
        seen += walk(client, stall, "utf-8", ".lot", "::attr(id)", "a.more::attr(href)")
    assert sorted(seen) == sorted(ad.ad_id for ad in TRUTH if ad.site == "demo_fair")


def test_a_filled_worksheet_has_what_the_text_shows_and_where_it_stands(
    client: FlaskClient,
) -> None:
    records = fair_records(TERMS, "http://127.0.0.1:1")
    fair = [ad for ad in TRUTH if ad.site == "demo_fair"]
    noted = {record["ad_id"] for record in records}
    assert noted >= {ad.ad_id for ad in fair if ad.relevant}
    assert noted & {ad.ad_id for ad in fair if not ad.relevant}
    assert len(noted) < len(fair)
    for record in records:
        assert set(record) <= set(RECORD_COLUMNS)
        path, _, anchor = record["url"].removeprefix("http://127.0.0.1:1").partition("#")
        lot = page(client, path).css(f'[id="{anchor}"]')
        assert lot.css("h3::text").get() == record["title"]
        assert set(record["found_by"].split(";")) <= set(TERMS)


# Pictures


def picture(client: FlaskClient, prefix: str, ad_id: str, number: int = 1) -> bytes:
    answer = client.get(f"/img/{prefix}/{ad_id}/{number}.jpg")
    assert answer.content_type == "image/jpeg"
    assert answer.cache_control.max_age
    return answer.get_data()


def test_pictures_are_drawn_the_same_every_time(client: FlaskClient) -> None:
    once = picture(client, "mall", "118204")
    assert Image.open(BytesIO(once)).size == (480, 480)
    command = (
        "import sys; from wildcrawl.demo.server import create_app;"
        "sys.stdout.buffer.write(create_app().test_client().get('/img/mall/118204/1.jpg').data)"
    )
    again = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
    assert again.stdout == once
    assert picture(client, "mall", "118204", 2) != once


def test_a_repost_shows_the_same_picture(client: FlaskClient) -> None:
    for ad in (ad for ad in TRUTH if ad.repost_of):
        first = picture(client, ad.prefix, ad.repost_of)
        assert picture(client, ad.prefix, ad.ad_id) == first


def test_there_are_no_more_pictures_than_planted(client: FlaskClient) -> None:
    assert client.get("/img/mall/118204/99.jpg").status_code == 404
    assert client.get("/img/mall/nothing/1.jpg").status_code == 404


# The server


def test_requests_are_counted_by_kind_and_advertisement(client: FlaskClient) -> None:
    for path in (
        f"/mall/search.asp?key={gbk('象牙')}",
        "/mall/item-118204.html",
        "/mall/item-118204.html",
        "/market/api/item/6620114478",
        "/img/mall/118204/1.jpg",
        "/robots.txt",
    ):
        client.get(path)
    assert client.get("/_count").get_json() == {
        "search": 1,
        "searches": {"demo_mall": 1},
        "pages": {"demo_mall:118204": 2, "demo_market:6620114478": 1},
        "images": 1,
        "other": 1,
    }
    assert client.post("/_count/reset").get_json()["pages"] == {}


def test_robots_allows_what_spiders_use_and_forbids_the_rest(client: FlaskClient) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").get_data(as_text=True).splitlines())
    for path in ("/mall/search.asp?key=x", "/market/api/search", "/shop/", "/forum/search.php"):
        assert robots.can_fetch("wildcrawl", path)
    assert not robots.can_fetch("wildcrawl", "/mall/admin")


def test_no_page_points_anywhere_else(client: FlaskClient) -> None:
    paths = {"/", "/mall/", "/market/", "/shop/", "/forum/", "/fair/", "/fair/stall/B07/"}
    paths |= {f"/mall/search.asp?key={gbk('象牙')}", f"/market/search?keyword={quote('象牙')}"}
    paths |= {"/mall/item-118204.html", "/market/item/6620114478", "/shop/p/YS-0217"}
    for path in paths:
        text = client.get(path).data.decode("latin-1")
        targets = re.findall(r"""(?:src|href|action)\s*=\s*["']([^"']+)""", text)
        assert targets
        assert all(re.match(r"/(?!/)", each) for each in targets), path
        assert "url(" not in text


def test_what_is_gone_in_the_second_month_is_gone_from_its_site() -> None:
    second = create_app(load_truth(2)).test_client()
    kept = {ad.key for ad in load_truth(2)}
    for ad in (ad for ad in TRUTH if ad.key not in kept):
        paths = {
            "mall": f"/mall/item-{ad.ad_id}.html",
            "forum": f"/forum/thread-{ad.ad_id}-1-1.html",
            "shop": f"/shop/p/{ad.ad_id}",
            "market": f"/market/item/{ad.ad_id}",
        }
        assert second.get(paths[ad.prefix]).status_code == 404


def test_it_is_served_on_loopback_and_ends_when_it_should() -> None:
    with running_marketplaces() as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        port = int(address.rpartition(":")[2])
        with urllib.request.urlopen(f"{address}/_count") as answer:
            assert json.load(answer)["search"] == 0
        with (
            pytest.raises(MarketplaceError, match=f"port {port}: .*; choose another one"),
            running_marketplaces(port),
        ):
            pass
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/", timeout=2)


def test_it_serves_the_month_and_port_that_are_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    new = next(ad for ad in load_truth(2) if ad.key not in {each.key for each in TRUTH})
    with running_marketplaces(port, month=2) as address:
        assert address.endswith(f":{port}")
        with urllib.request.urlopen(f"{address}/img/{new.prefix}/{new.ad_id}/1.jpg") as answer:
            assert answer.status == 200


def test_no_other_host_is_served() -> None:
    with (
        pytest.raises(
            MarketplaceError, match=r"'0\.0\.0\.0' is not a valid host .* use 127\.0\.0\.1"
        ),
        running_marketplaces(host="0.0.0.0"),
    ):
        pass


def test_the_command_names_what_is_wrong() -> None:
    command = [sys.executable, "-m", "wildcrawl.demo", "--host", "0.0.0.0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "error: '0.0.0.0' is not a valid host" in ended.stderr


# Broken pages


def cards(html: bytes | str) -> int:
    text = html if isinstance(html, str) else html.decode("gb18030", errors="replace")
    return len(Selector(text).css("dl.goods")) if text else 0


def test_broken_pages_are_broken_as_promised(client: FlaskClient) -> None:
    asked = f"?key={gbk('象牙')}&page=1"
    got = {
        kind: client.get(f"/broken/{kind}{asked}")
        for kind in ("empty", "truncated", "not-html", "lies", "captcha", "login", "changed")
    }
    assert all(answer.status_code == 200 for answer in got.values())
    assert got["empty"].data == b""
    assert got["truncated"].data.rstrip().endswith(b"<img")
    assert got["not-html"].data.startswith(b"\x89PNG")
    assert got["not-html"].mimetype == "text/html"
    assert got["lies"].content_type == "text/html; charset=gbk"
    assert cards(got["lies"].data.decode("utf-8")) == 3
    assert "验证码" in got["captcha"].get_data(as_text=True)
    assert "请先登录" in got["login"].get_data(as_text=True)
    assert [cards(got[kind].data) for kind in ("changed", "captcha", "login")] == [0, 0, 0]
    assert "象牙" in got["changed"].data.decode("gb18030")


@pytest.mark.parametrize("status", [403, 500])
def test_refusals_carry_their_status(client: FlaskClient, status: int) -> None:
    assert client.get(f"/broken/{status}?key=x").status_code == status


def test_the_huge_page_is_50_mb_without_a_stated_length(client: FlaskClient) -> None:
    answer = client.get("/broken/huge?key=x", buffered=False)
    assert "Content-Length" not in answer.headers
    assert sum(len(part) for part in answer.iter_encoded()) == HUGE
