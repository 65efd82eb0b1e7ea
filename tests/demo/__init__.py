"""Tests of wildcrawl.demo."""
