"""Tests of wildcrawl.base_spiders."""
