"""The project's Scrapy commands, in the user's habit: `scrapy NAME …`."""

from wildcrawl.utils import exit_quietly_on_broken_pipe

# Scrapy imports this package before it runs any command, its own among them.
exit_quietly_on_broken_pipe()
