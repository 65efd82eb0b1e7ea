"""Scrapy settings that differ from Scrapy's defaults, and the project's own.

Every setting of the project (WILDCRAWL_…) can come from the environment; `-s NAME=VALUE`
on the command line overrides both.
"""

import os
import sys

from scrapy.settings import default_settings

from wildcrawl import __version__

BOT_NAME = "wildcrawl"
SPIDER_MODULES = ["spiders", "wildcrawl.demo.spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "wildcrawl.commands"
TEMPLATES_DIR = os.path.join(os.path.dirname(__file__), "templates")  # noqa: PTH118, PTH120

# --- The project's own settings ---

WILDCRAWL_STORE = os.environ.get("WILDCRAWL_STORE", "sqlite:///wildcrawl.db")
# The path of a keywords.yaml; empty: the bundled one.
WILDCRAWL_KEYWORDS = os.environ.get("WILDCRAWL_KEYWORDS", "")
# Yuan for one US dollar, and the day of that rate (the briefing's, 14 April 2017).
WILDCRAWL_RATE = os.environ.get("WILDCRAWL_RATE", "6.89")
WILDCRAWL_RATE_DATE = os.environ.get("WILDCRAWL_RATE_DATE", "2017-04-14")
# The path of a YAML file of rates by day; empty: the one rate above.
WILDCRAWL_RATES = os.environ.get("WILDCRAWL_RATES", "")
# Further figures that mean "no price", besides the built-in ones.
WILDCRAWL_PLACEHOLDER_PRICES = os.environ.get("WILDCRAWL_PLACEHOLDER_PRICES", "999999, 1")
# The path of a YAML file of events for the charts' time axes; empty: exports/events.yaml.
WILDCRAWL_EVENTS = os.environ.get("WILDCRAWL_EVENTS", "")
# The model that orders the screening queue ("scrapy rank" makes it); empty: the tagger's strength.
WILDCRAWL_RANKING = os.environ.get("WILDCRAWL_RANKING", "")
# How many a month the second reader raises to the queue of what the rules passed over; 0: none.
WILDCRAWL_SECOND_LOOK = os.environ.get("WILDCRAWL_SECOND_LOOK") or "50"
# Its model ("scrapy second-look --train" makes it); empty: the one that is shipped.
WILDCRAWL_SECOND_READER = os.environ.get("WILDCRAWL_SECOND_READER", "")
# A callable that scores pictures, as module:name; see docs/pictures.md. Empty: none.
WILDCRAWL_PICTURE_MODEL = os.environ.get("WILDCRAWL_PICTURE_MODEL", "")
# The path of a YAML file with the sender of letters to operators; empty: letters without a sender.
WILDCRAWL_NOTICES = os.environ.get("WILDCRAWL_NOTICES", "")
# An address at which a site's operator can reach whoever runs the crawl; real sites need it.
WILDCRAWL_CONTACT = os.environ.get("WILDCRAWL_CONTACT", "")
# Names of sites that are off until somebody with permission switches them on here.
WILDCRAWL_SWITCHED_ON = os.environ.get("WILDCRAWL_SWITCHED_ON", "")
# The folder of the browser profiles in which a person has signed in ("scrapy login").
WILDCRAWL_PROFILES = os.environ.get("WILDCRAWL_PROFILES", "profiles")
# Hosts that may be requested although they are not public (HOST or HOST:PORT, with commas).
WILDCRAWL_LOCAL_HOSTS = os.environ.get("WILDCRAWL_LOCAL_HOSTS", "")
# The browser for sites that need one; empty: the first Chromium on PATH.
WILDCRAWL_BROWSER = os.environ.get("WILDCRAWL_BROWSER", "")
# The folder in which the desk keeps worksheets while they are filled in.
WILDCRAWL_WORKSHEETS = os.environ.get("WILDCRAWL_WORKSHEETS", "worksheets")
# The folder in which reports/ and notices/ are written; empty: the current one.
WILDCRAWL_OUTPUT = os.environ.get("WILDCRAWL_OUTPUT", "")
# The folder of the desk's accounts and of the log of who signed in; others cannot read it.
WILDCRAWL_DESK_DIR = os.environ.get("WILDCRAWL_DESK_DIR") or "desk"
# The share of advertisements that two persons judge without seeing each other's verdict.
WILDCRAWL_SHARED_SAMPLE = os.environ.get("WILDCRAWL_SHARED_SAMPLE") or "0.03"
# Whether a crawl on a terminal shows a progress bar in place of its log: 1 or 0.
WILDCRAWL_PROGRESS = os.environ.get("WILDCRAWL_PROGRESS") or "1"
# What is captured of likely advertisements: pictures (and their pages), pages, or off.
WILDCRAWL_EVIDENCE = os.environ.get("WILDCRAWL_EVIDENCE") or "pictures"
# The folder of the captures, or the address of another place (s3://…).
WILDCRAWL_EVIDENCE_DIR = os.environ.get("WILDCRAWL_EVIDENCE_DIR") or "evidence"
# The most pictures of an advertisement, the most bytes and the most pixels of a picture.
WILDCRAWL_EVIDENCE_PICTURES = os.environ.get("WILDCRAWL_EVIDENCE_PICTURES") or "5"
WILDCRAWL_EVIDENCE_PICTURE_BYTES = os.environ.get("WILDCRAWL_EVIDENCE_PICTURE_BYTES") or "10000000"
WILDCRAWL_EVIDENCE_PIXELS = os.environ.get("WILDCRAWL_EVIDENCE_PIXELS") or "50000000"
# The months for which captures are kept, by verdict (irrelevant=12, fake=24); empty: for ever.
WILDCRAWL_EVIDENCE_KEEP = os.environ.get("WILDCRAWL_EVIDENCE_KEEP", "")
# The months without a sighting after which "scrapy forget --retention" leaves only a count of an
# advertisement (set_aside=12, irrelevant=12, fake=24, old=60); empty: none.
WILDCRAWL_KEEP = os.environ.get("WILDCRAWL_KEEP", "")
# The RFC 3161 authority that time-stamps the custody log after each run; empty: none.
WILDCRAWL_TIMESTAMP_URL = os.environ.get("WILDCRAWL_TIMESTAMP_URL", "")
# Whether a crawl stops if the site's server has another day than this machine: 1 or 0.
WILDCRAWL_CLOCK_CHECK = os.environ.get("WILDCRAWL_CLOCK_CHECK") or "1"
# How a crawl logs: text, or json for programs that collect logs.
WILDCRAWL_LOG_FORMAT = os.environ.get("WILDCRAWL_LOG_FORMAT") or "text"
# The folder of a text file of metrics for each site, for Prometheus's node exporter; empty: none.
WILDCRAWL_METRICS = os.environ.get("WILDCRAWL_METRICS", "")
# Where an alert goes when a run fails or a disk nears full: a webhook, a mail; empty: nowhere.
WILDCRAWL_ALERT_URL = os.environ.get("WILDCRAWL_ALERT_URL", "")
WILDCRAWL_ALERT_MAIL = os.environ.get("WILDCRAWL_ALERT_MAIL", "")
# Where the bundled marketplaces listen.
WILDCRAWL_DEMO_URL = os.environ.get("WILDCRAWL_DEMO_URL", "http://127.0.0.1:8765")

# --- Scrapy: protection of the monitored site ---

# A site's spider adds the contact.
USER_AGENT = f"wildcrawl/{__version__} (wildlife trade monitoring)"
ROBOTSTXT_OBEY = True  # default False
ROBOTSTXT_USER_AGENT = "wildcrawl"  # default: the whole user agent, contact and all
DOWNLOADER_MIDDLEWARES = {
    "wildcrawl.crawl.store_wait.StoreWaitMiddleware": 10,
    "wildcrawl.crawl.clock.ClockMiddleware": 20,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "wildcrawl.crawl.addresses.AddressMiddleware": 80,
    "wildcrawl.crawl.picture_requests.PictureRequestsMiddleware": 90,
    "wildcrawl.crawl.robots.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "wildcrawl.crawl.shared_pace.SharedPaceMiddleware": 540,
    "wildcrawl.crawl.middlewares.RetryAfterMiddleware": 550,
    "wildcrawl.crawl.middlewares.SiteThrottleMiddleware": 560,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "wildcrawl.crawl.middlewares.RefreshMiddleware": 579,
    # After Scrapy's decoding, which is 590.
    "wildcrawl.crawl.cut_pages.WholePageMiddleware": 580,
    "wildcrawl.crawl.text_codecs.TextCodecMiddleware": 585,
    # Before Scrapy's decoding, which is 590.
    "wildcrawl.crawl.compression.WholeBodyMiddleware": 595,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "wildcrawl.crawl.cookies.CookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "wildcrawl.crawl.request_stats.RequestStats": 850,
}
SPIDER_MIDDLEWARES = {
    "wildcrawl.crawl.store_wait.AskAgainMiddleware": 40,
    "wildcrawl.crawl.stopping.StopMiddleware": 45,
    "wildcrawl.crawl.received.ReceivedMiddleware": 950,
}
# One request at a time across all hosts of a site, also while one waits.
CONCURRENT_REQUESTS = 1  # default 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
DOWNLOAD_DELAY = 2  # default 0; AutoThrottle never goes below it
AUTOTHROTTLE_ENABLED = True  # default False
AUTOTHROTTLE_MAX_DELAY = 60
DOWNLOAD_TIMEOUT = 60  # default 180
METAREFRESH_MAXDELAY = 15  # default 100; what is shown for longer is read itself
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # default 1 GiB; far above any search page
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_HANDLERS = {
    "http": "wildcrawl.crawl.downloads.GuardedDownloads",
    "https": "wildcrawl.crawl.downloads.GuardedDownloads",
    # A page must not lead to files of this machine.
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False
# A host is looked up once: the address that was checked is the one that is connected to, although a
# page in a browser may name thousands of hosts.
DNSCACHE_SIZE = sys.maxsize  # default 10000
TWISTED_DNS_RESOLVER = "wildcrawl.crawl.addresses.OneSpellingResolver"
RETRY_TIMES = 3  # default 2
# The spider says so of each page, in a sentence.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # default ERROR
# Scrapy leaves longer addresses out, and counts them nowhere.
URLLENGTH_LIMIT = 0  # default 2083

# --- Scrapy: processing of advertisements ---

# Scrapy parses the source of a callback for each answer; callbacks are those of the base classes.
WARN_ON_GENERATOR_RETURN_VALUE = False  # default True

ITEM_PROCESSOR = "wildcrawl.crawl.item_processor.ItemProcessor"
ITEM_PIPELINES = {
    "pipelines.clean.CleanPipeline": 100,
    "pipelines.dedupe.DedupePipeline": 200,
    "pipelines.species.SpeciesPipeline": 300,
    "pipelines.price.PricePipeline": 400,
    "pipelines.second_reader.SecondReaderPipeline": 800,
    "pipelines.store.StorePipeline": 900,
    "pipelines.evidence.EvidencePipeline": 950,
    "pipelines.custody.CustodyPipeline": 960,
}
# Without the unused servers: those that EXTENSIONS turns off are imported all the same, which takes
# 8 MB and 0.3 s. ITEM_PROCESSOR counts items, which takes less time than a signal for each.
EXTENSIONS_BASE = {
    "wildcrawl.crawl.item_processor.CrawlStats": 0,
    **{
        name: order
        for name, order in default_settings.EXTENSIONS_BASE.items()
        if not name.startswith(
            (
                "scrapy.extensions.telnet.",
                "scrapy.extensions.remote_control.",
                "scrapy.extensions.corestats.",
            )
        )
    },
}
EXTENSIONS = {
    "wildcrawl.crawl.logs.JsonLog": 50,
    # Opens the store, so that an unreachable one stops a crawl before its first request.
    "wildcrawl.crawl.run_recorder.RunRecorder": 100,
    "wildcrawl.crawl.heartbeat.Heartbeat": 150,
    # After the recorder has judged the run.
    "wildcrawl.crawl.metrics.MetricsFile": 160,
    "wildcrawl.crawl.alerts.RunAlert": 170,
    "wildcrawl.crawl.progress.ProgressBar": 200,
}
LOG_LEVEL = "INFO"  # default DEBUG
STATS_CLASS = "wildcrawl.crawl.stats.PlainStats"
LOG_FORMATTER = "wildcrawl.crawl.run_recorder.PlainLog"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
