"""Scrapy commands of the project: `scrapy NAME …`."""

from wildcrawl.crawl.command_list import list_ours_first
from wildcrawl.utils import exit_quietly_on_broken_pipe

# Scrapy imports this package before it runs any command, its own among them.
exit_quietly_on_broken_pipe()
list_ours_first()
