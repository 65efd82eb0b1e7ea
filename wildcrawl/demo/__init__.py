"""Fictional marketplaces with known truth, served on loopback for the demo and the tests.

Sites, sellers, advertisements and pictures are all invented. `truth` has the planted
advertisements, `server` serves them, and each site has a module that builds its pages.
"""
