"""Reads an advertisement: relevance, species groups, product type and age claim, explained."""

from wildcrawl.analysis.tagging.result import Match, Tagging
from wildcrawl.analysis.tagging.tagger import Tagger

__all__ = ["Match", "Tagger", "Tagging"]
