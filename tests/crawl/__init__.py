"""Tests of wildcrawl.crawl."""
