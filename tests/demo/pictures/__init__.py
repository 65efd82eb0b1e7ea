"""Tests of wildcrawl.demo.pictures."""
