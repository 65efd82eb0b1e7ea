"""Browser check: starts Playwright's driver and a Chromium, and prints the Chromium's path.

Usage: python scripts/check_browser.py [PROGRAM] (default: the first Chromium on PATH)
Exit code 1, with what to install on stderr, if the driver or the Chromium does not start.
"""

from __future__ import annotations

import sys

from wildcrawl.base_spiders.browser import NoBrowser, working_browser

try:
    print(working_browser(*sys.argv[1:2]))
except NoBrowser as error:
    sys.exit(str(error))
