"""Platforms: programs that many sites run; a new site on one declares its domain and labels."""
