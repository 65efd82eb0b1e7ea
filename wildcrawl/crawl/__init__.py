"""Crawl components: what plugs into Scrapy, from the session of a run to the verdict on it."""
