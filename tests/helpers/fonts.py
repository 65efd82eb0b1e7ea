"""Font sets for browsers under test, which replace the machine's fonts."""

from __future__ import annotations

import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.helpers.desk_entrance import entering

# DejaVu Sans is an extension of Bitstream Vera Sans and has its advance widths, in all weights.
_DEJAVU = tuple(("reportlab", f"fonts/{name}.ttf") for name in ("Vera", "VeraBd", "VeraIt"))
_NARROW = tuple(
    ("fontpkg_pt_sans_narrow", f"files/PT_Sans-Narrow-Web-{weight}.ttf")
    for weight in ("Regular", "Bold")
)
_CHINESE = (("paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"),)

FONT_SETS = {
    "dejavu": (_DEJAVU, "Bitstream Vera Sans"),
    "narrow": (_NARROW, "PT Sans Narrow"),
    "chinese": (_DEJAVU + _CHINESE, "Bitstream Vera Sans"),
}
"""Font sets by name: files as (package, path), and the family used for missing fonts.

- dejavu: a bare Debian; the widest Latin letters in common use; Chinese characters show as boxes.
- narrow: the narrowest Latin letters in common use.
- chinese: the widest of all, since characters take a full em beside the Latin letters of DejaVu.
"""

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
  <match>
    <edit name="family" mode="append_last" binding="weak"><string>{family}</string></edit>
  </match>
</fontconfig>
"""


def font_environment(name: str, folder: Path) -> dict[str, str]:
    """Environment of a process with only the fonts of a set, which are copied to `folder`."""
    sources, family = FONT_SETS[name]
    (folder / "fonts").mkdir(parents=True)
    for package, path in sources:
        with as_file(files(package) / path) as source:
            shutil.copy(source, folder / "fonts")
    configuration = folder / "fonts.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, family=family), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(configuration), "FONTCONFIG_PATH": str(folder)}


def launch(playwright: Playwright, browser: str, fonts: str, folder: Path) -> Browser:
    """Starts the Chromium at path `browser` with only the fonts of a set; it enters desks."""
    launched = playwright.chromium.launch(
        executable_path=browser,
        args=["--no-sandbox", "--disable-gpu"],
        env=dict(font_environment(fonts, folder)),
    )
    return entering(launched)
