"""Helpers that the tests share: servers, sites, stores and saved data."""
