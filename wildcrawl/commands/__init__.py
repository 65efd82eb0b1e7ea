"""The project's Scrapy commands, in the user's habit: `scrapy NAME …`."""
