"""Withheld results: searches that a site does not answer because of its own rules or the law.

Large Chinese sites answer a search for 象牙 with "under the laws and regulations, no results can
be shown", in the place of "nothing found". Such a page does not show that nothing is offered.
Others show a part of a list, and say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wildcrawl.base_spiders.own_words import Words
from wildcrawl.utils import lazy_pattern

MOST = 0.5
"""Share of the searches from which on a run has hardly searched the site."""
_RULES = r"(?:法律|法规|法規|政策|违规|違規|违禁|違禁|敏感|禁售|社区规范|平台规则)"
_SHOWN = r"(?:显示|顯示|展示|搜索|搜尋|查看|呈现)"
_NOT = r"(?:不予|未予|无法|無法|不能|不可|禁止|暂不|不支持|不)"
_WHY = r"(?:根据|根據|依据|依據|依照|按照|因|由于|由於|涉及|涉嫌|属于|屬於|含有|包含|违反|違反)"
_WHAT = r"(?:结果|結果|内容|內容|商品|宝贝|寶貝|信息|词|詞|[“「『])"
_WITHHELD = lazy_pattern(
    rf"^(?=.*{_WHAT}).*{_WHY}.{{0,15}}{_RULES}.{{0,30}}{_NOT}[^，,]{{0,4}}{_SHOWN}(?!{_RULES})"
    rf"|{_WHAT}.{{0,10}}{_NOT}{_SHOWN}.{{0,15}}{_WHY}.{{0,10}}{_RULES}"
    r"|(?:results?|items?|content)[^.]{0,40}(?:cannot|can't|not) be (?:shown|displayed)"
    r"[^.]{0,40}(?:laws?|regulations?|polic)",
    re.IGNORECASE,
)
_SHORTENED = lazy_pattern(
    r"(?:省略|隐藏|折叠|过滤)了?[^，,]{0,12}(?:结果|内容|条目|商品|宝贝)"
    r"|(?:仅|只|最多)(?:能|可)?(?:显示|展示|查看)(?:前|部分|最近|最新)"
    r"|(?:登录|登陆|注册|下载|打开|安装|开通)[^，,]{0,10}(?:查看|浏览|显示)(?:更多|全部|完整|其余|剩余)"
    r"|omitted some|(?:log|sign) in to (?:see|view) (?:more|all)",
    re.IGNORECASE,
)
"""What a page says of a list of which it shows a part."""
_FILTERED = lazy_pattern(
    r"(?:已选(?:择|中)?|当前)的?(?:条件|筛选|选项)\s{0,2}[:：]\s{0,2}(?!无|不限|全部|暂无|关键|默认|综合|按|未选|0件)[^\s:：][^\n。]{0,20}"
)
"""What a page says of a filter that it applied; on the pages of all searches too."""
_HOUSE_RULE = lazy_pattern(r"举报|舉報|卖家|賣家|发布|發佈|联系方式|聯繫方式|微信|电话|電話|二维码")
"""What a sentence to sellers and visitors speaks of, and not one about a search."""
_FAILED = lazy_pattern(
    r"(?<!可能)(?<!可能是)(?:系统|系統|服务|服務|伺服器|网络|網絡|网站|網站|搜索|搜尋|查询|查詢)[^，,\s]{0,8}"
    r"(?:繁忙|超时|超時|异常|異常|出错|出錯|故障|暂停|暫停|维护|維護|不可用|开小差)(?!\s?[:：?？]|吗|嗎)"
    r"|次[数數][^，,\s]{0,4}(?:用完|用尽|用盡|(?:达|達|到)到?[^，,\s]{0,2}上限)"
    r"|\b(?:server|service|system|search)[^.]{0,20}(?:busy|unavailable|maintenance|timed out)",
    re.IGNORECASE,
)
"""What a page says that could not search."""
_SENTENCES = lazy_pattern(r"[。！!\n]+")
ENOUGH, ENOUGH_OF_ALL = 2, 3
"""Searches that end alike at which they show a limit; more if all have the sentence."""
_LONGEST = 40
_LONGEST_RULE = 300
_NAMED = 3


class WithheldResults:
    """Finds the searches without results whose page says that results are withheld."""

    def __init__(self) -> None:
        self.searches = 0
        self._usual: set[str] = set()
        """Such sentences on pages with results, as in a footer."""
        self._said: dict[str, str] = {}
        """Phrase to the sentence on its page."""

    def add(self, phrase: str, words: Words, *, found: bool) -> None:
        """Records the first page of a search, and whether it has results."""
        self.searches += 1
        said = next(filter(self._says, _SENTENCES.split(words.unlinked)), "").strip()
        if said and found:
            self._usual.add(_constant(said, phrase))
        elif said:
            self._said[phrase] = said

    def thin(self) -> str:
        """A sentence if the site withholds the results of most searches, else ""."""
        return self._sentence() if len(self._withheld()) > MOST * self.searches else ""

    def note(self) -> str:
        """A sentence if the site withholds the results of some searches, else ""."""
        return "" if self.thin() else self._sentence()

    def _says(self, sentence: str) -> bool:
        return _is_withheld(sentence)

    def _withheld(self) -> dict[str, str]:
        return {
            phrase: said
            for phrase, said in self._said.items()
            if _constant(said, phrase) not in self._usual
        }

    def _sentence(self) -> str:
        withheld = self._withheld()
        if not withheld:
            return ""
        named, more, said = _named(withheld)
        return (
            f"the site withholds the results of {len(withheld)} of {self.searches} searches "
            f"({named}{more}: '{said}'): not certain that it has none; search by hand in other "
            "words, or in its categories"
        )


class FailedSearches(WithheldResults):
    """Finds the searches that end at a page which says that the site could not search.

    Such a sentence on pages with results is a notice, or part of a hidden dialog.
    """

    def thin(self) -> str:
        """A sentence if there are any, else ""."""
        failed = self._withheld()
        if not failed:
            return ""
        named, more, said = _named(failed)
        return (
            f"the site says that it could not search (searches: {len(failed)}, {named}{more}: "
            f"'{said}'), so that results were not read; run it again"
        )

    def _says(self, sentence: str) -> bool:
        return could_not_search(sentence)


class ShortenedLists:
    """Finds the searches whose last page says that it shows a part of their results only.

    A sentence that all searches with results have is the site's own advertising, or names a filter.
    """

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        """Phrase to the sentence on its last page of results, "" if it has none."""
        self._lengths: dict[str, int] = {}
        """Results of each search so far."""

    def add(self, phrase: str, words: Words, length: int) -> None:
        """Records a page with results of the search for `phrase`, which has had `length`."""
        self._lengths[phrase] = length
        sentences = (each.strip() for each in _SENTENCES.split(words.all))
        short = (each for each in sentences if len(each) <= _LONGEST_RULE)
        said = next(filter(_SHORTENED.search, short), "")
        filtered = _FILTERED.search(words.all)
        if filtered and phrase not in filtered[0]:
            said = " ".join(filtered[0].split())
        self._said[phrase] = said

    def thin(self) -> str:
        """A sentence if such searches, and only the longest, all end at one number, else ""."""
        said = {phrase: says for phrase, says in self._said.items() if says}
        lengths = {self._lengths[phrase] for phrase in said}
        others = [length for phrase, length in self._lengths.items() if phrase not in said]
        enough = ENOUGH if others else ENOUGH_OF_ALL
        if len(said) < enough or len(lengths) > 1 or max(others, default=0) > max(lengths):
            return ""
        named, more, says = _named(said)
        return (
            f"the site shows the first {lengths.pop()} results only (searches: {len(said)}, "
            f"{named}{more}: '{says}'), so that others were not read"
        )

    def note(self) -> str:
        """A sentence about such searches, else ""."""
        said = {phrase: says for phrase, says in self._said.items() if says}
        everywhere = len(said) == len(self._said)
        if (
            self.thin()
            or not said
            or (everywhere and not any(map(_FILTERED.search, said.values())))
        ):
            return ""
        named, more, says = _named(said)
        return (
            f"the site says that it shows a part of the results only (searches: {len(said)}, "
            f"{named}{more}: '{says}'): not certain that these are all"
        )


def could_not_search(sentence: str) -> bool:
    """Whether a sentence of a page says that the site could not search.

    >>> could_not_search("系统繁忙，请稍后再试"), could_not_search("没有找到，请换个词再搜索")
    (True, False)
    """
    return len(sentence) <= _LONGEST_RULE and bool(_FAILED.search(sentence))


def _named(said: Mapping[str, str]) -> tuple[str, str, str]:
    """The first phrases, how many more there are, and what is said of the first, cut."""
    named = ", ".join(f"'{phrase}'" for phrase in list(said)[:_NAMED])
    more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
    first = next(iter(said.values()))
    return named, more, first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…"


def _is_withheld(sentence: str) -> bool:
    if len(sentence) > _LONGEST_RULE:
        return False
    return bool(_WITHHELD.search(sentence)) and not _HOUSE_RULE.search(sentence)


def _constant(said: str, phrase: str) -> str:
    """A sentence without digits, and without the keyword unless it quotes it.

    >>> _constant("法律 共0.2秒 象牙", "象牙") == _constant("法律 共0.35秒 虎骨酒", "虎骨酒")
    True
    """
    return re.sub(rf"(?<![“「『]){re.escape(phrase)}|\d", "", said).strip()
