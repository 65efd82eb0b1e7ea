"""Keyboard keys of the desk: one for each action, changed or switched off by each person."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, request
from markupsafe import Markup

from wildcrawl.items import Verdict
from wildcrawl.labels import FIELDS, VERDICTS

COOKIE = "keys"
OFF = "off"
ACTIONS: Mapping[str, tuple[str, str, str]] = {
    "valid": ("v", *VERDICTS[Verdict.VALID]),
    "irrelevant": ("i", *VERDICTS[Verdict.IRRELEVANT]),
    "fake": ("f", *VERDICTS[Verdict.FAKE]),
    "unsure": ("q", "Unsure: ask a second person", "不确定，请第二人判定"),
    "later": ("l", "Later", "稍后"),
    "undo": ("u", "Undo", "撤销"),
    "redo": ("y", "Redo", "重做"),
    "species": ("s", *FIELDS["species"]),
    "product_type": ("p", *FIELDS["product_type"]),
    "age_claim": ("a", *FIELDS["age_claim"]),
    "note": ("n", *FIELDS["note"]),
    "criteria": ("c", "Criteria", "判定标准"),
    "zoom": ("z", "Zoom", "放大"),
    "group": ("b", "Near-duplicates", "近似广告"),
    "language": ("g", "The other language", "切换语言"),
}
"""Actions with their default key and their names in English and Chinese."""
DEFAULTS = {action: key for action, (key, _, _) in ACTIONS.items()}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class KeysError(ValueError):
    """Raised when chosen keys are not valid; `action` is the first one at fault."""

    def __init__(self, action: str, other: str = "") -> None:
        super().__init__(action)
        self.action = action
        self.other = other


def keys_of(cookie: str) -> dict[str, str]:
    """Action to key of a cookie's text; "" for all if keys are off, the defaults if it is damaged.

    >>> keys_of("valid=x")["valid"], keys_of("off")["valid"], keys_of("valid=xx")["valid"]
    ('x', '', 'v')
    """
    if cookie == OFF:
        return dict.fromkeys(ACTIONS, "")
    pairs = (part.partition("=") for part in cookie.split("&") if part)
    try:
        return checked({action: key for action, _, key in pairs})
    except KeysError:
        return dict(DEFAULTS)


def checked(chosen: Mapping[str, str]) -> dict[str, str]:
    """The keys with `chosen` over the defaults; KeysError unless each is a letter of its own.

    Digits are not free: they give reasons.
    """
    keys = DEFAULTS | {
        action: key.strip().lower() for action, key in chosen.items() if action in ACTIONS
    }
    used: dict[str, str] = {}
    for action, key in keys.items():
        if len(key) != 1 or key not in _LETTERS:
            raise KeysError(action)
        if key in used:
            raise KeysError(action, used[key])
        used[key] = action
    return keys


def cookie_of(keys: Mapping[str, str]) -> str:
    """Text of the cookie for the keys: those that are not the defaults."""
    return "&".join(
        f"{action}={key}" for action, key in keys.items() if key != DEFAULTS.get(action)
    )


def keys_of_request() -> dict[str, str]:
    """Action to key for the current request's person; "" for all if keys are off."""
    if "keys" not in g:
        g.keys = keys_of(request.cookies.get(COOKIE, ""))
    keys: dict[str, str] = g.keys
    return keys


def key_attributes(key: str) -> Markup:
    """Attributes by which the script lets `key` press an element; nothing for ""."""
    return Markup(' data-key="{0}" aria-keyshortcuts="{0}"').format(key) if key else Markup("")
