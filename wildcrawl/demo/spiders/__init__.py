"""The spiders of the bundled marketplaces: examples of each way of working."""
