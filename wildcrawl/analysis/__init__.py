"""Text analysis: keywords, tags, prices, dates, charsets; no Scrapy and no database."""
