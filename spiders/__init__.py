"""Spiders: one file per monitored site, each a declaration on top of a base spider."""
