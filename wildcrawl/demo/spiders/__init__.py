"""Spiders of the bundled marketplaces: an example of each way of working."""
