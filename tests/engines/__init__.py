"""Real installations of what small sites run on, on loopback, crawled as a user crawls."""
