"""A ledger made up so that every figure of TRAFFIC's briefing of 2017 comes out of it.

`plan` solves the figures as whole numbers, `records` and `social` write them out as the files
that the project reads, `facts` says what a person who holds the briefing looks up.
"""
