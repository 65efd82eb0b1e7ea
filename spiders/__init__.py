"""One file a monitored site, each a declaration on top of a way of working."""
