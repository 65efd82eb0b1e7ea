"""Tests of wildcrawl.store."""
