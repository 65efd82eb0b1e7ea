"""Tests of wildcrawl.desk."""
