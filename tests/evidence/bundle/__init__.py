"""Tests of wildcrawl.evidence.bundle."""
