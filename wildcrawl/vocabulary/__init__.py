"""keywords.yaml: what is searched for, and every rule by which texts are tagged."""

from wildcrawl.vocabulary.loader import load_vocabulary
from wildcrawl.vocabulary.model import (
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
