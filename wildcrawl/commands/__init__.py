"""The project's Scrapy commands, in the user's habit: `scrapy NAME …`."""

from wildcrawl.utils import end_quietly_without_reader

# Scrapy imports this package before it runs any command, its own among them.
end_quietly_without_reader()
