"""Tests of wildcrawl.analysis."""
