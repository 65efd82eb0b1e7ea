"""Tests of wildcrawl.crawl.scheduling."""
