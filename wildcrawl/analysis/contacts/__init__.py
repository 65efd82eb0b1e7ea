"""Contacts in sellers' texts: phones, accounts, e-mail, identity and bank numbers, hidden."""

from wildcrawl.analysis.contacts.hiding import (
    HIDDEN,
    Hidden,
    hide_contacts,
    hide_in_address,
    is_hidden,
    may_be_hidden,
)
from wildcrawl.analysis.contacts.reading import Read, read_contacts
from wildcrawl.analysis.contacts.spans import Kind

__all__ = [
    "HIDDEN",
    "Hidden",
    "Kind",
    "Read",
    "hide_contacts",
    "hide_in_address",
    "is_hidden",
    "may_be_hidden",
    "read_contacts",
]
