"""Log filter that hides sellers' contacts, such as those of a row that a message quotes."""

from __future__ import annotations

import logging

from wildcrawl.analysis.contacts import hide_contacts


class ContactFilter(logging.Filter):
    """Log filter that passes every record, with the contacts in its message hidden."""

    def filter(self, record: logging.LogRecord) -> bool:
        hidden = hide_contacts(record.getMessage())
        if hidden.counts:
            record.msg, record.args = hidden.text, ()
        return True


def hide_contacts_in_logs() -> None:
    """Adds the filter to the handlers of all logs, once to each."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(each, ContactFilter) for each in handler.filters):
            handler.addFilter(ContactFilter())
