"""Searches that run at set times on scrapyd: its nodes, their jobs, and what becomes of them.

`nodes` finds them in scrapy.cfg, `api` asks them, `jobs` and `turn` keep two schedulers and two
jobs of a site apart, `plan` decides what is to run where, `status` tells how it went, `check`
proves a deployment by a job.
"""
