"""Tests of wildcrawl.commands."""
