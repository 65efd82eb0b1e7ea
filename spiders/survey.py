"""Surveys of social media accounts: `scrapy crawl survey -a file=FILE`."""

from wildcrawl.spider.survey import SurveySpider


class SurveyFileSpider(SurveySpider):
    name = "survey"
