"""Fictional marketplaces with known truth, served on loopback: what the demo and the tests crawl.

Sites, sellers, advertisements and pictures are all invented. `truth` knows what was planted,
`server` serves it, one module a site says how that site is built.
"""
