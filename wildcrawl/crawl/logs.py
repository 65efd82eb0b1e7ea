"""Logs of a crawl: few lines, the verdict last, and as JSON for programs that collect logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from wildcrawl.analysis.singular import in_number

FORMATS = ("text", "json")
_VERBOSE = (
    "scrapy.addons",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.extensions.logstats",
    "scrapy.extensions.memusage",
    "scrapy.middleware",
    "scrapy.statscollectors",
    "scrapy.utils.log",
)
"""Loggers that describe each start and end in a hundred lines, for --loglevel DEBUG alone."""
_FIELDS = ("site", "health", "run")
"""Attributes of a log record that are fields of its JSON line, if it has them."""


def log_format_of(settings: BaseSettings) -> str:
    """The format in WILDCRAWL_LOG_FORMAT; ValueError for any other value."""
    value = str(settings.get("WILDCRAWL_LOG_FORMAT") or "text").strip().lower()
    if value not in FORMATS:
        raise ValueError(
            f"WILDCRAWL_LOG_FORMAT: '{value}' is not a valid log format; choose one of "
            f"{', '.join(FORMATS)}"
        )
    return value


def quiet_scrapy(level: str) -> None:
    """Leaves out what Scrapy logs of each start and end, unless `level` is DEBUG."""
    if level.upper() != "DEBUG":
        for name in _VERBOSE:
            # Not by its level, which Scrapy resets.
            logging.getLogger(name).addFilter(_is_warning)


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


class NumberFilter(logging.Filter):
    """Log filter that passes every record, with its message in agreement with a count of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(("scrapy.", "twisted", "py.")):
            message = record.getMessage()
            if (agreed := in_number(message)) != message:
                record.msg, record.args = agreed, ()
        return True


def agree_in_logs() -> None:
    """Adds the filter to the handlers of all logs, once to each."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(each, NumberFilter) for each in handler.filters):
            handler.addFilter(NumberFilter())


class JsonLog:
    """Extension that writes a crawl's log as JSON."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if log_format_of(crawler.settings) != "json":
            raise NotConfigured
        log = cls()
        # Not now: Scrapy installs its handler after the extensions.
        crawler.signals.connect(log.opened, signals.spider_opened)
        return log

    def opened(self) -> None:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())


class JsonFormatter(logging.Formatter):
    """Formats a log record as one line of JSON: time (UTC), level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        spider = getattr(record, "spider", None)
        if spider is not None:
            line["site"] = spider.name
        for name in _FIELDS:
            value = getattr(record, name, None)
            if isinstance(value, str):
                line[name] = value
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
