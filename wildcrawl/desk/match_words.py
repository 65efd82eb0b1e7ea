"""Match words: Chinese of why a text was tagged, set aside or put into the queue.

The templates are written as those of `message_catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

OBJECTIONS: Mapping[str, str] = {
    "another material is named": "写明是其他材质",
    "a likeness is named": "写明只是相似",
    "plastic is named": "写明是塑料",
    "extinct animal (mammoth, woolly rhino, fossil)": "已灭绝动物（猛犸、披毛犀、化石）",
    "vegetable ivory": "植物象牙",
    "another animal is named": "写明是其他动物",
    "dentistry, machines or writing goods": "牙科、机械或文具用品",
    "wanted, not offered": "求购，不是出售",
    "shown, not sold": "展示，不是出售",
    "a service": "服务",
    "a book, a picture or a recording": "书籍、图画或音像",
    "a toy, a model or a souvenir": "玩具、模型或纪念品",
    "news, law or protection": "新闻、法律或保护",
    "a story, a question or a verse, not an offer": "故事、提问或诗句，不是出售",
    "an empty bottle, box or label": "空瓶、空盒或标签",
    "a licensed medicine": "获批药品",
    "the keywords are stuffing; another thing is offered": "关键词是堆砌，出售的是其他物品",
    "the word names a colour": "该词指颜色",
    "the word names a pattern": "该词指花纹",
    "the word is part of a place name": "该词是地名的一部分",
    "a figure of speech": "比喻",
    "the word means something else": "该词另有所指",
    "the word only looks like the term": "该词只是字形相近",
    "food": "食品",
    "a plant": "植物",
    "a living pet": "活体宠物",
    "a stone": "石料",
    "a brand, a name or a make": "品牌、名称或型号",
    "clothes or cloth": "服装或布料",
    "a technical word": "技术用语",
    "the category has nothing to do with it": "类目与此无关",
    "the category is that of another craft": "属其他工艺的类目",
    "the category is that of another material": "属其他材质的类目",
    "another material is named beside a code word": "暗语旁写明是其他材质",
}
"""Labels of the reasons in keywords.yaml."""


def longest(words: Sequence[str]) -> list[str]:
    """Words in their order, each once, without those that are part of a longer one.

    >>> longest(["犀鸟", "盔犀", "犀鸟", "盔犀鸟", "红皮"])
    ['盔犀鸟', '红皮']
    """
    distinct = list(dict.fromkeys(words))
    return [word for word in distinct if not any(word in other != word for other in distinct)]


SUPPORTS: Mapping[str, str] = {
    "nothing else is named": "没有写其他物品",
    "found by a keyword of its group": "由同组关键词搜到",
}
"""Supports of a match that are not words of the text."""

TAGGING: Mapping[str, str] = {
    "no term of the vocabulary": "没有词表中的词",
    "nothing matched": "没有匹配",
    "recorded by a person": "由人工记录",
    "{term} without context": "“{term}”缺少上下文",
    "{term} is a code word and has no support": "“{term}”是暗语，没有旁证",
    "{term} ({Strength})": "{term}（{Strength}）",
    "{term} ({Strength}) with {Supports}": "{term}（{Strength}），旁有{Supports}",
    "audit of: {Why}": "抽查：{Why}",
    "in picture: {Why}": "图中文字：{Why}",
    "image-only post": "只有图片的帖子",
    "image-only post; {Other}": "只有图片的帖子；{Other}",
    "second reader {n}: {words}; the rules: {Why}": "复查模型 {n}：{words}；规则：{Why}",
    "photograph of a confirmed advertisement: {ad} ({Why})": (
        "与已确认广告的照片相同：{ad}（{Why}）"
    ),
    "photograph of a confirmed advertisement: {ad} ({Why}); {Other}": (
        "与已确认广告的照片相同：{ad}（{Why}）；{Other}"
    ),
    "picture like one of a confirmed advertisement: {ad} ({Why})": (
        "与已确认广告的图片相似：{ad}（{Why}）"
    ),
    "picture like one of a confirmed advertisement: {ad} ({Why}); {Other}": (
        "与已确认广告的图片相似：{ad}（{Why}）；{Other}"
    ),
    "Advertisements on record that were tagged by other rules than those of the vocabulary: {n}; "
    "{Parts}.": "由其他规则标注的广告共 {n} 条：{Parts}。",
    "{n} without a verdict ('scrapy retag --dry-run' shows what would change), {n2} judged, which "
    "keep their tags": (
        "{n} 条待审（用 scrapy retag --dry-run 查看会有哪些变化），{n2} 条已判定，标注不变"
    ),
    "{n} without a verdict ('scrapy retag --dry-run' shows what would change)": (
        "{n} 条待审（用 scrapy retag --dry-run 查看会有哪些变化）"
    ),
    **OBJECTIONS,
    **{f"{label}: {{word}}": f"{chinese}：{{word}}" for label, chinese in OBJECTIONS.items()},
}
"""Reasons of a tagging and of a place in the queue."""
