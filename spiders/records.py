"""Records typed or kept elsewhere: `scrapy crawl records -a file=FILE`."""

from wildcrawl.base_spiders import RecordsSpider


class RecordsFileSpider(RecordsSpider):
    name = "records"
