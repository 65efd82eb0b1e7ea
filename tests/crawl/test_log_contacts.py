"""Messages of the log: contacts of sellers are hidden, and nouns agree with a count of one."""

from __future__ import annotations

import io
import logging

from wildcrawl.crawl.log_contacts import ContactFilter, hide_contacts_in_logs
from wildcrawl.crawl.logs import NumberFilter, agree_in_logs


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


def test_a_message_with_one_thing_names_one() -> None:
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    root.addHandler(handler)
    try:
        agree_in_logs()
        agree_in_logs()
        logging.getLogger("survey").warning("%s: %d posts (%d new)", "book.xlsx", 1, 1)
        logging.getLogger("survey").warning("%d accounts (%d new)", 11, 1)
        logging.getLogger("scrapy.core").warning("1 pages")
    finally:
        root.removeHandler(handler)
    assert written.getvalue() == "book.xlsx: 1 post (1 new)\n11 accounts (1 new)\n1 pages\n"
    assert len([each for each in handler.filters if isinstance(each, NumberFilter)]) == 1
