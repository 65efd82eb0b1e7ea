"""Accounts of the desk: who may enter, by which password or token, and the log of who did."""

from wildcrawl.desk.accounts.access import Access, AccessError
from wildcrawl.desk.accounts.book import AccountBook, AccountError, DeskAccount, Role

__all__ = ["Access", "AccessError", "AccountBook", "AccountError", "DeskAccount", "Role"]
