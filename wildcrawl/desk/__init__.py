"""Desk: pages on 127.0.0.1 for screening and for filling in worksheets."""

from wildcrawl.desk.app import close_app, create_app, warm_app
from wildcrawl.desk.drafts import Drafts
from wildcrawl.desk.model import Desk, DeskSite, ReadIn

__all__ = ["Desk", "DeskSite", "Drafts", "ReadIn", "close_app", "create_app", "warm_app"]
