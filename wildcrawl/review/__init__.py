"""Review: the screening queue, what verdicts teach, and notices to the operators of sites."""
