"""Text analysis: keywords, tags, prices, dates and charsets; plain functions without Scrapy or a database."""
