"""Platforms: programs that many sites run; a new site on one is its domain and its labels."""
