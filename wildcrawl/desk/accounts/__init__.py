"""Accounts of the desk: who may enter, by which password or token, and the log of who did."""

from wildcrawl.desk.accounts.access import Access, AccessError
from wildcrawl.desk.accounts.book import AccountBook, AccountError, AccountRole, DeskAccount

__all__ = ["Access", "AccessError", "AccountBook", "AccountError", "AccountRole", "DeskAccount"]
