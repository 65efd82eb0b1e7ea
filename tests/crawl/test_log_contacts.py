"""Contacts of sellers are hidden in messages of the log."""

from __future__ import annotations

import io
import logging

from wildcrawl.crawl.log_contacts import ContactFilter, hide_contacts_in_logs


def test_a_message_that_quotes_a_seller_has_no_contacts() -> None:
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    root.addHandler(handler)
    try:
        hide_contacts_in_logs()
        hide_contacts_in_logs()
        root.error("line %d: '%s' is not a price; 50%% of it", 7, "加薇abc12345")
        root.error("%s: %d new", "mall", 13)
    finally:
        root.removeHandler(handler)
    assert written.getvalue() == ("line 7: '加薇▒▒▒' is not a price; 50% of it\nmall: 13 new\n")
    assert len([each for each in handler.filters if isinstance(each, ContactFilter)]) == 1
