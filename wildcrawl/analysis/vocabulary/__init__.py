"""Vocabulary of keywords.yaml: what is searched for, and the rules by which texts are tagged."""

from wildcrawl.analysis.vocabulary.loader import load_vocabulary
from wildcrawl.analysis.vocabulary.model import (
    AgeRule,
    Group,
    Keyword,
    ProductRule,
    Reason,
    Rules,
    Support,
    Vocabulary,
    VocabularyError,
)

__all__ = [
    "AgeRule",
    "Group",
    "Keyword",
    "ProductRule",
    "Reason",
    "Rules",
    "Support",
    "Vocabulary",
    "VocabularyError",
    "load_vocabulary",
]
