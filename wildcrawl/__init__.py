"""wildcrawl: monthly monitoring of websites for advertisements of illegal wildlife products."""

__version__ = "0.1.0"
