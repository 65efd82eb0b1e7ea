"""What the commands have in common; not in their package, where Scrapy would take it for one."""

from scrapy.commands import ScrapyCommand


class PlainCommand(ScrapyCommand):
    """A command that crawls nothing in its own process, and itself says what it has to say."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012
