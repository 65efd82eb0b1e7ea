"""Tests of wildcrawl.evidence."""
