"""Scheduling: searches as jobs on scrapyd nodes.

`nodes` reads them from scrapy.cfg, `api` talks to them, `jobs` and `lock` keep two schedulers and
two jobs of a site apart, `plan` decides what runs where, `status` reports the outcome,
`deploy_check` tests a deployment with a job.
"""
