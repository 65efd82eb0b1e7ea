"""Second reader: a small classifier that raises some of what the rules passed over.

It never decides: what it raises waits in the screening queue, marked with the reason, and counts
only if a person judges it valid.
"""
