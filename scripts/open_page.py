"""Page opener: shows a local page in the web browser of this machine, or prints its address.

Usage: python scripts/open_page.py FILE
"""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

url = Path(sys.argv[1]).resolve().as_uri()
if not webbrowser.open_new_tab(url):
    print(f"No web browser was found here; open {url} in one")
