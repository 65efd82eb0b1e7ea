"""Tests of wildcrawl.review."""
