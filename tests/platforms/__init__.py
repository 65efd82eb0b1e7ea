"""Tests of wildcrawl.platforms."""
