"""Surveys of social media accounts: `scrapy crawl survey -a file=FILE`."""

from wildcrawl.base_spiders.survey import SurveySpider


class SurveyFileSpider(SurveySpider):
    name = "survey"
