"""Tests of wildcrawl.tabular."""
