"""Records typed or kept elsewhere: `scrapy crawl records -a file=FILE`."""

from wildcrawl.spider import RecordsSpider


class RecordsFileSpider(RecordsSpider):
    name = "records"
