"""Spiders of the bundled marketplaces with narrower searches for ambiguous keywords."""

from wildcrawl.demo.spiders.demo_mall import DemoMallSpider
from wildcrawl.demo.spiders.demo_market import DemoMarketSpider


class JoinedSpider(DemoMallSpider):
    name = "joined_words"
    ambiguous_words = ("手串", "珠子")
    expect = {}


class WithinSpider(DemoMarketSpider):
    name = "within_category"
    ambiguous_url = DemoMarketSpider.search_url + "&category=手串"
    expect = {}
