"""Tagger: relevance, species groups, product type and age claim of an advertisement."""

from wildcrawl.analysis.tagging.tagger import Match, Tagger, Tagging

__all__ = ["Match", "Tagger", "Tagging"]
