"""Survey posts as subjects of a bundle: the posts that a name means, with where their pictures are.

`survey:NAME` means all posts of a survey that have pictures, `survey:NAME/ACCOUNT` those of one
account, and `survey:NAME/ACCOUNT/POST` one post.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wildcrawl.items import Advertisement, Key
from wildcrawl.store.base import DocumentStore
from wildcrawl.store.documents import Document
from wildcrawl.store.survey_entry import SurveyBook
from wildcrawl.tabular.surveys import Post
from wildcrawl.utils import did_you_mean

SURVEY = "survey"
"""Site under which the pictures of posts are kept as evidence; the id is the post's token."""
COUNTED = "counted"
"""What stands for a verdict: a person counted the post in a survey."""


def posts_named(store: DocumentStore, name: str) -> Iterator[tuple[Advertisement, Key]]:
    """The posts that `name` means, without `survey:`, each with the key of its captures.

    ValueError if there is no such survey, account or post, or none of them has pictures.
    """
    book = SurveyBook(store)
    posts = book.stored.posts
    named = [post for post in posts if name in _names(post)]
    if not named:
        known = {survey.survey for survey in book.stored.surveys} | {
            each for post in posts for each in _names(post)
        }
        raise ValueError(
            f"'survey:{name}' is not a stored survey with posts{did_you_mean(name, known)}; name "
            "it as survey:SURVEY, survey:SURVEY/ACCOUNT or survey:SURVEY/ACCOUNT/POST"
        )
    documents = [(post, book.document(post)) for post in named]
    pictured = [(post, each) for post, each in documents if each.get("pictures")]
    if not pictured:
        raise ValueError(
            f"no post of 'survey:{name}' has pictures; they are added on the sheet of its account "
            "in 'scrapy desk'"
        )
    for post, document in pictured:
        yield _subject(post, document), (SURVEY, str(document.get("token")))


def _names(post: Post) -> tuple[str, ...]:
    return (
        post.survey,
        f"{post.survey}/{post.account}",
        f"{post.survey}/{post.account}/{post.post}",
    )


def _subject(post: Post, document: Document) -> Advertisement:
    at = str(document.get("at") or "")
    return Advertisement(
        SURVEY,
        "/".join(post.key),
        url=post.url,
        title=post.title,
        price=post.price,
        seller=post.account,
        species=[post.species] if post.species else [],
        product_type=post.product_type,
        verdict=COUNTED,
        screened_by=str(document.get("by") or ""),
        note=post.note,
        first_seen=datetime.fromisoformat(at) if at else None,
    )
