"""Spiders of the members-only site of tests/helpers/club.py."""

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.demo.site import DemoSite


class ClubSpider(DemoSite, ProfileBrowserSpider):
    name = "club"
    label = "Club"
    kind = "antiques"
    home = "/"
    entry = "/login"
    search_url = "/search?q={keyword}&page={page}"
    card = "#results .card"
    wait_ms = 5_000
    empty = "#results .none"
    fields = {
        "ad_id": "::attr(data-id)",
        "url": "a::attr(href)",
        "title": "a::text",
        "price": ".price::text",
    }
    other_layouts = (
        Layout("[]", {"ad_id": "id", "seller": "by", "title": "title"}, data='"goods"'),
    )
    answers = "/data"
    steps = ("Sign in, type the keyword, write down what is shown.",)
    expect = {"advertisements": 1, "title": 1.0}


class ClubPagesSpider(ClubSpider):
    """Spider that also opens the page of each advertisement."""

    name = "club_pages"
    detail = {"description": ".text::text"}
    ready = ".text"


class ClubTiredSpider(ClubPagesSpider):
    name = "club_tired"
    run_pages = 3


class ClubForbiddenSpider(ClubSpider):
    name = "club_forbidden"
    search_url = "/private?q={keyword}&page={page}"


class RealClubSpider(ClubSpider):
    name = "real_club"
    demo = False
