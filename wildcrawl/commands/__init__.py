"""The project's Scrapy commands, in the user's habit: `scrapy NAME …`."""

from wildcrawl.crawl.command_list import list_ours_first
from wildcrawl.utils import end_quietly_without_reader

# Scrapy imports this package before it runs any command, its own among them.
end_quietly_without_reader()
list_ours_first()
