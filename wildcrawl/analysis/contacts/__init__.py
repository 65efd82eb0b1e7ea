"""Contacts in sellers' texts: phones, accounts, e-mail, identity and bank numbers, hidden."""

from wildcrawl.analysis.contacts.disguises import LIKE_DIGITS, TWO_DIGITS
from wildcrawl.analysis.contacts.folding import invisible_characters, written_forms
from wildcrawl.analysis.contacts.hiding import (
    HIDDEN,
    Redacted,
    hide_contacts,
    hide_in_address,
    is_hidden,
    may_be_hidden,
)
from wildcrawl.analysis.contacts.reading import ReadContact, read_contacts
from wildcrawl.analysis.contacts.spans import Kind

__all__ = [
    "HIDDEN",
    "LIKE_DIGITS",
    "TWO_DIGITS",
    "Kind",
    "ReadContact",
    "Redacted",
    "hide_contacts",
    "hide_in_address",
    "invisible_characters",
    "is_hidden",
    "may_be_hidden",
    "read_contacts",
    "written_forms",
]
