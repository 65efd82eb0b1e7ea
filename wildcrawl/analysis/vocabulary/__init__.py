"""Vocabulary of keywords.yaml: search keywords, and the rules for tagging texts."""

from wildcrawl.analysis.vocabulary.loader import load_vocabulary
from wildcrawl.analysis.vocabulary.model import (
    AgeRule,
    Animals,
    Group,
    Keyword,
    Language,
    ProductRule,
    Reason,
    Rules,
    Support,
    Vocabulary,
    VocabularyError,
)

__all__ = [
    "AgeRule",
    "Animals",
    "Group",
    "Keyword",
    "Language",
    "ProductRule",
    "Reason",
    "Rules",
    "Support",
    "Vocabulary",
    "VocabularyError",
    "load_vocabulary",
]
