"""Uploaded pictures: read from a request, kept as evidence in the person's name, listed."""

from __future__ import annotations

import re
import secrets
from threading import Semaphore
from typing import TYPE_CHECKING, NamedTuple

from flask import abort, request

from wildcrawl.desk.languages import say
from wildcrawl.desk.team import name_of_request
from wildcrawl.evidence import Capture, CaptureKind, Evidence
from wildcrawl.evidence.handed_in import hand_in, take_out
from wildcrawl.pictures.decode import PictureError, PictureFault

if TYPE_CHECKING:
    from collections.abc import Collection

    from wildcrawl.desk.model import Desk
    from wildcrawl.items import Key
    from wildcrawl.store import Store

FIELD = "pictures"
MOST = 20
"""Most pictures of one row or post."""
NO_NAME = "(no name given)"

_TOKEN = re.compile(r"[0-9a-f]{32}")
_DECODING = Semaphore(1)


class Uploaded(NamedTuple):
    """What came of an upload: the captures, and a sentence on each file that was refused."""

    captures: list[Capture]
    refused: list[str]


def new_token() -> str:
    """A token for a form that holds a new row or post."""
    return secrets.token_hex(16)


def is_token(text: str) -> bool:
    """Whether a text is a token of a form."""
    return bool(_TOKEN.fullmatch(text))


def token_of_form() -> str:
    """The form's token; aborts with 400 if it has none."""
    token = request.form.get("token", "")
    if not is_token(token):
        abort(
            400, say("The form is incomplete; open the page again.", "表单不完整，请重新打开页面。")
        )
    return token


def person_or_unnamed() -> str:
    """The name for the custody log."""
    return name_of_request() or NO_NAME


def keep_uploads(desk: Desk, store: Store, key: Key, url: str, held: int) -> Uploaded:
    """Keeps the request's pictures for `key`, which has `held` pictures already.

    `url` is the address of what they show, "" if it is not known.
    """
    evidence = Evidence(store, desk.objects)
    done = Uploaded([], [])
    for file in request.files.getlist(FIELD):
        data = file.read()
        if not data and not file.filename:
            # Browsers send a field in which nothing was chosen.
            continue
        name = (file.filename or say("picture", "图片"))[:80]
        if held + len(done.captures) >= MOST:
            done.refused.append(
                say("{}: not added; the most is {} pictures", "{}：未添加，最多 {} 张").format(
                    name, MOST
                )
            )
            continue
        try:
            with _DECODING:
                capture = hand_in(
                    evidence, key, data, person_or_unnamed(), url=url, limits=desk.limits
                )
        except PictureError as error:
            done.refused.append(f"{name}: {reason_of(error)}")
            continue
        done.captures.append(capture)
    return done


def reason_of(error: PictureError) -> str:
    """Why a picture was refused, in the request's language."""
    chinese = {
        PictureFault.TYPE: "不是可读取的图片（可用 PNG、JPEG、WebP、GIF、BMP、AVIF）",
        PictureFault.BYTES: "文件太大",
        PictureFault.PIXELS: "像素太多",
        PictureFault.DAMAGED: "图片已损坏",
    }
    return say(f"not added: {error.reason}", f"未添加：{chinese[error.fault]}")


def remove_uploads(desk: Desk, store: Store, key: Key, payloads: Collection[str]) -> None:
    """Erases pictures of `key` again, in the person's name."""
    captures = pictures_of(desk, store, key, payloads)
    take_out(Evidence(store, desk.objects), captures, person_or_unnamed())


def pictures_of(
    desk: Desk, store: Store, key: Key, payloads: Collection[str] | None = None
) -> list[Capture]:
    """The pictures handed in for `key`, or those of them with one of the SHA-256 `payloads`."""
    return [
        capture
        for capture in Evidence(store, desk.objects).captures.of(*key)
        if capture.kind is not CaptureKind.PAGE
        and not capture.skipped
        and (payloads is None or capture.payload in payloads)
    ]
