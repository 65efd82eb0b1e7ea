"""The desk: pages on 127.0.0.1 for the work that only a person can do."""

from wildcrawl.desk.app import create_app
from wildcrawl.desk.drafts import Drafts
from wildcrawl.desk.model import Desk, DeskSite, ReadIn

__all__ = ["Desk", "DeskSite", "Drafts", "ReadIn", "create_app"]
