"""Reposts: time to find nearly identical texts among many, and how many planted ones are found.

    python -m benchmarks.reposts [NUMBER…]

Among NUMBER generated titles of 15 to 40 letters (10,000, 100,000 and 1,000,000), QUERIES new
advertisements are searched for as `scrapy look` does it: half of them repeat an earlier title with
one letter changed, the others repeat none. Printed are processor milliseconds a new advertisement,
in one process, and the planted ones that were found.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta

from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.review.looking.reposts import Text, find_reposts

QUERIES = 40
START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ["老料", "包浆", "顺丰", "到付", "手工", "雕刻", "收藏", "老件", "传家", "出让"]
WORDS += ["私聊", "现货", "精品", "完整", "无裂", "包真", "支持", "鉴定"]


def titles(number: int, dice: random.Random) -> list[str]:
    """Generated titles: a keyword, words of sellers, a size and a number."""
    keywords = [keyword.term for keyword in load_vocabulary().keywords]
    return [
        " ".join(
            (
                dice.choice(keywords),
                *dice.sample(WORDS, dice.randint(3, 8)),
                f"{dice.randint(1, 400)}克",
                str(dice.randint(1000, 99999)),
            )
        )
        for _ in range(number)
    ]


def changed(title: str, dice: random.Random) -> str:
    """The title with another letter at one place."""
    place = dice.randrange(len(title))
    return f"{title[:place]}珍{title[place + 1 :]}"


def measure(number: int) -> None:
    """Prints the time and what was found among `number` titles."""
    dice = random.Random(number)
    earlier = titles(number, dice)
    known = [Text(("site", str(at)), title, "", START) for at, title in enumerate(earlier)]
    repeated = dice.sample(range(number), QUERIES // 2)
    again = [changed(earlier[at], dice) for at in repeated]
    later = START + timedelta(days=30)
    texts = (*again, *titles(QUERIES - len(again), dice))
    new = [Text(("site", f"new{at}"), title, "", later) for at, title in enumerate(texts)]
    start = time.process_time()
    links = list(find_reposts(new, known + new, {}))
    took = 1000 * (time.process_time() - start) / len(new)
    pairs = {(link.key, link.other) for link in links}
    found = sum(
        (("site", f"new{at}"), ("site", str(place))) in pairs for at, place in enumerate(repeated)
    )
    print(
        f"{number:9,} titles: {took:7.1f} ms CPU a new one; "
        f"{found} of {len(again)} planted found, {len(pairs) - found} other links",
        flush=True,
    )


if __name__ == "__main__":
    for given in sys.argv[1:] or ("10000", "100000", "1000000"):
        measure(int(given))
