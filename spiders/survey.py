"""Surveys of social media accounts: `scrapy crawl survey -a file=FILE`."""

from wildcrawl.base_spiders.file_import import SurveySpider


class SurveyFileSpider(SurveySpider):
    name = "survey"
