"""Crawl components that plug into Scrapy, from the session of a run to its health."""
