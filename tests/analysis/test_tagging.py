"""Tagger: relevance, species, product type, age claim, and their explanation."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.tagger import explain
from wildcrawl.analysis.vocabulary import Group, Keyword, load_vocabulary
from wildcrawl.items import Relevance

TAGGER = Tagger(load_vocabulary())

LIKELY = [
    ("象牙手镯 老料", "ivory"),
    ("老象牙白菜摆件", "ivory"),
    ("犀牛角 一支", "rhino_horn"),
    ("玳瑁手镯 圈口56", "sea_turtle"),
    ("盔犀鸟头骨", "helmeted_hornbill"),
    ("虎骨酒 一瓶", "tiger"),
    ("高鼻羚羊角 原支", "saiga"),
    ("穿山甲鳞片 半斤", "pangolin"),
    ("豹骨 一副", "leopard"),
    ("抹香鲸牙 原牙", "whale"),
    ("老虎牙 银镶", "tiger"),
    ("象牙 白润 手镯", "ivory"),
    ("象牙手镯 不是猛犸", "ivory"),
    ("象牙手串 送亚克力盒", "ivory"),
    ("象牙果冻 吊坠", "ivory"),
]


@pytest.mark.parametrize(("title", "group"), LIKELY)
def test_offers_are_likely(title: str, group: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason
    assert tagging.species == (group,)


@pytest.mark.parametrize(
    "title",
    [
        "象牙白 连衣裙",
        "象牙塔 里的爱情",
        "广角 镜头 佳能",
        "虎牙直播 账号",
        "虎皮青椒 速食",
        "玳瑁猫 找领养",
        "鹤顶红 金鱼 5条",
        "白塑料 桶 20升",
        "豹纹 丝巾",
        "小叶紫檀 手串",
        "果冻",
        *(
            "玳瑁皮肤 和平精英",
            "海龟壳 书包 儿童",
            "老象牙品牌 音箱",
            "象牙丝苗米 10斤",
            "盔犀 手游角色",
        ),
        *("犀角 防撞 贴条", "象牙木 实木地板"),
    ],
)
def test_colours_brands_food_and_pets_are_none(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.NONE


@pytest.mark.parametrize(
    ("title", "description", "reason"),
    [
        ("仿象牙 观音", "", "仿象牙"),
        ("象牙手镯", "树脂。", "树脂"),
        ("象牙手镯", "牛骨材质。", "牛骨"),
        ("猛犸象牙手镯", "", "猛犸"),
        ("求购 象牙手镯", "", "求购"),
        ("收象牙章", "", "收象牙"),
        ("收 象牙 犀牛角 老件 现金", "", "收象牙"),
        ("植物象牙 戒指", "", "植物象牙"),
        ("牙雕艺术 画册 精装", "", "精装"),
        ("玳瑁手镯 维修", "", "维修"),
        ("家传的象牙章 不出", "", "不出"),
        ("海关查获象牙 剪报", "", "查获"),
    ],
)
def test_what_the_text_rules_out_is_set_aside_with_its_reason(
    title: str, description: str, reason: str
) -> None:
    tagging = TAGGER.tag(title, description)
    assert tagging.relevance is Relevance.SET_ASIDE, tagging.reason
    assert reason in tagging.reason
    assert tagging.species, "a person may still judge it valid"


@pytest.mark.parametrize(
    ("inner", "title", "group"),
    [
        ("牛角", "犀牛角手串", "rhino_horn"),
        ("羊角", "高鼻羚羊角", "saiga"),
        ("骨", "虎骨 一块", "tiger"),
    ],
)
def test_a_material_within_a_term_is_not_another_material(
    inner: str, title: str, group: str
) -> None:
    assert inner in title
    assert TAGGER.tag(title).species == (group,)


def test_plastic_within_a_code_word_does_not_count() -> None:
    assert TAGGER.tag("白塑料手镯 圈口58", category="文玩").relevance is Relevance.LIKELY
    assert TAGGER.tag("白塑料手镯 圈口58 塑料", category="文玩").relevance is not Relevance.LIKELY


@pytest.mark.parametrize("code", ["广角", "虎牙", "果冻", "白料", "XY", "黑料"])
def test_a_code_word_does_not_support_itself(code: str) -> None:
    assert TAGGER.tag(code).relevance is Relevance.NONE


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("XY手镯 网纹", ""),
        ("白料 象的", ""),
        ("果冻料 🐘", ""),
        ("XY", "牙角"),
        ("黑料 鱼子纹", ""),
    ],
)
def test_a_sign_an_animal_an_emoji_or_a_category_supports_a_code_word(
    title: str, category: str
) -> None:
    assert TAGGER.tag(title, category=category).relevance is Relevance.LIKELY


def test_marks_of_the_material_need_no_code_word_but_another_sign() -> None:
    assert TAGGER.tag("老料 牌子 牙纹 象").species == ("ivory",)
    assert TAGGER.tag("牌子 鱼子纹 犀").species == ("rhino_horn",)
    assert TAGGER.tag("牌子 鱼子纹", category="文玩").relevance is Relevance.NONE
    assert TAGGER.tag("人字纹 西装 人字纹").relevance is Relevance.NONE


def test_a_word_of_the_category_counts_only_as_a_word() -> None:
    assert TAGGER.tag("象牙茶针 一套", category="茶道具").relevance is Relevance.LIKELY
    assert TAGGER.tag("象牙茶针 一套", category="道具").relevance is Relevance.SET_ASIDE


def test_praise_is_not_imitation_and_a_sellers_past_is_not_a_wanted_notice() -> None:
    assert TAGGER.tag("老象牙手串", "象牙质感温润。").relevance is Relevance.LIKELY
    assert TAGGER.tag("骨雕 手串", "象牙质感。").relevance is Relevance.SET_ASIDE
    assert TAGGER.tag("象牙镯", "收象牙十几年，缺钱出。").relevance is Relevance.LIKELY
    assert TAGGER.tag("收象牙", "长期。").relevance is Relevance.SET_ASIDE


def test_the_keyword_that_found_it_helps_a_code_word_but_is_not_enough() -> None:
    assert TAGGER.tag("果冻", found_by=["果冻"]).relevance is Relevance.NONE
    assert TAGGER.tag("果冻 私聊", found_by=["象牙"]).relevance is Relevance.LIKELY
    assert TAGGER.tag("果冻 私聊").relevance is Relevance.NONE


def test_jade_beside_a_code_word_counts_against_it() -> None:
    assert TAGGER.tag("白料 手镯 圈口58 包浆", category="和田玉").relevance is Relevance.NONE


def test_an_exclusion_applies_only_to_what_it_covers() -> None:
    tagging = TAGGER.tag("象牙白裙配象牙胸针")
    taken = [match.excluded_by for match in tagging.matches if match.term == "象牙"]
    assert [bool(reason) for reason in taken] == [True, False]


def test_a_disguised_word_is_reported_as_the_seller_wrote_it() -> None:
    for title, shown in [
        ("出 象#牙 手镯", "象#牙"),
        ("象\u200b牙 手镯", "象\u200b牙"),
        ("xiangya 手镯 一对", "xiangya"),
        ("🐘🦷 手镯", "🐘🦷"),
        ("橡牙 手镯", "橡牙"),
        ("舊象牙鐲", "象牙"),
    ]:
        match = next(match for match in TAGGER.tag(title).matches if match.term == "象牙")
        assert match.text == shown
        assert title[match.start : match.end] == shown


def test_positions_are_those_of_the_field() -> None:
    tagging = TAGGER.tag("看详情", "是象牙的", "手串")
    match = tagging.matches[0]
    assert (match.field, match.start, match.end, match.text) == ("description", 1, 3, "象牙")


def test_characters_of_two_adjacent_words_are_not_a_term() -> None:
    assert TAGGER.tag("大象 牙齿模型").relevance is not Relevance.LIKELY
    assert TAGGER.tag("大象 牙签盒 实木").relevance is Relevance.NONE


def test_pinyin_within_a_longer_word_is_not_a_term() -> None:
    assert not TAGGER.tag("xiangyang 手镯").matches


@pytest.mark.parametrize(
    ("title", "strength", "supports"),
    [
        ("老象牙手镯 一只", "name", 0),
        ("血料 平安扣 网纹一级", "code", 1),
        ("老料手串 人字纹 网纹 顺白", "mark", 2),
        ("猛犸象牙手镯", "", 0),
        ("白色毛衣", "", 0),
    ],
)
def test_the_match_that_decides_gives_its_strength_and_supports(
    title: str, strength: str, supports: int
) -> None:
    tagging = TAGGER.tag(title)
    assert (tagging.strength, tagging.supports) == (strength, supports), tagging.reason


def test_several_species_with_the_strongest_first() -> None:
    assert TAGGER.tag("象牙犀角 筷子镯子 两样").species == ("ivory", "rhino_horn")
    assert TAGGER.tag("一白一红 手串 牙纹 盔犀的").species[0] == "helmeted_hornbill"


def test_a_stuffed_title_is_read_at_the_words_of_the_offer() -> None:
    assert TAGGER.tag("象牙 犀角 热词", "实际卖的是棉麻衬衫。").relevance is Relevance.SET_ASIDE
    tagging = TAGGER.tag("连衣裙 虎皮蛋糕 引流", "实物是象牙手镯一只。")
    assert (tagging.relevance, tagging.species) == (Relevance.LIKELY, ("ivory",))


def test_an_image_only_post_is_likely_under_its_keywords_group() -> None:
    assert TAGGER.tag("", "", "", ["犀角", "象牙"]).species == ("rhino_horn", "ivory")
    tagging = TAGGER.tag("  ", found_by=["unknown"])
    assert (tagging.relevance, tagging.reason) == (Relevance.LIKELY, "image-only post")
    assert tagging.species == ("general",)


def test_the_text_of_a_picture_names_the_group_and_rules_nothing_out() -> None:
    offered = TAGGER.tag("", found_by=["虎骨"], picture_text="象牙手镯 老料")
    assert (offered.relevance, offered.species) == (Relevance.LIKELY, ("ivory",))
    assert offered.reason == "in picture: 象牙 (name)"
    assert {match.field for match in offered.matches} == {"picture_text"}
    # It may be misread, and the pictures show more than it says.
    doubted = TAGGER.tag("", found_by=["虎骨"], picture_text="仿象牙手镯 树脂")
    assert (doubted.relevance, doubted.species) == (Relevance.LIKELY, ("tiger",))
    assert doubted.reason == "image-only post; in picture: another material is named: 仿象牙"


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("象牙原牙 一支", "raw"),
        ("象牙边角料", "raw"),
        ("犀牛角 一支", "raw"),
        ("象牙手镯坯", "semi_worked"),
        ("象牙方料 待雕", "semi_worked"),
        ("象牙雕观音", "worked_carved"),
        ("象牙貔貅 把件", "worked_carved"),
        ("象牙佛珠 108", "worked_uncarved"),
        ("象牙素面牌子", "worked_uncarved"),
        ("象牙印章 没刻过", "worked_uncarved"),
        ("虎骨酒 一瓶", "other"),
        ("羚羊角粉 药用", "other"),
        ("犀角 切片 药铺", "other"),
        ("犀角 切片 待雕", "semi_worked"),
        ("豹牙 犬齿 未打孔", "raw"),
        ("象牙珠子 未打孔", "semi_worked"),
        ("象牙小葫芦 素", "worked_uncarved"),
        ("象牙葫芦 雕龙 柄素", "worked_carved"),
        ("穿山甲鳞片", "raw"),
    ],
)
def test_product_types(title: str, product: str) -> None:
    assert TAGGER.tag(title).product_type == product


@pytest.mark.parametrize(
    ("title", "age"),
    [
        ("老象牙手镯", "old"),
        ("象牙手镯 民国", "old"),
        ("象牙手镯 1935年", "old"),
        ("象牙手镯 老", "old"),
        ("象牙舊貨 手鐲", "old"),
        ("象牙手镯 新工", "new"),
        ("象牙手镯 1985年 老货", "new"),
        ("虎骨酒 87年 老酒", "new"),
        ("象牙手镯 老藏家 出", ""),
        ("老虎牙 一颗", ""),
        ("虎骨药酒 1979 两瓶", "new"),
        ("象牙坠 1985出口", "new"),
        ("象牙段 1950克", ""),
        ("象牙镯 2019 购入", ""),
        ("象牙镯 爷爷六十年代从缅甸带回", ""),
        ("象牙镯 六十年代 缅甸带回", "new"),
        ("玳瑁发插 昭和四十年代", "new"),
        ("象牙摆件 清代风格", ""),
        ("象牙桶珠 老 三颗", "old"),
        ("象牙手镯 去年新买的", ""),
        ("象牙手镯 2015年买的", ""),
        ("象牙手镯 家传", ""),
        ("象牙手镯", ""),
    ],
)
def test_age_claims(title: str, age: str) -> None:
    assert TAGGER.tag(title).age_claim == age


def test_terms_are_spelt_as_in_the_vocabulary() -> None:
    assert set(TAGGER.tag("象*牙*手*镯").terms) >= {"象牙", "象牙手镯"}


def test_a_new_species_group_is_an_entry_in_the_vocabulary_and_nothing_else() -> None:
    vocabulary = load_vocabulary()
    keyword = Keyword("麝香", "musk_deer", "name", ambiguous=False, since="2017-01")
    group = Group("musk_deer", "Musk deer", "麝", (keyword,), exclusions={"plant": ("麝香草",)})
    tagger = Tagger(replace(vocabulary, groups={**vocabulary.groups, "musk_deer": group}))
    assert tagger.tag("天然麝香 一个").species == ("musk_deer",)
    assert tagger.tag("麝香草 种苗").relevance is Relevance.NONE


def test_the_explanation_names_each_term_its_place_its_support_and_its_exclusion() -> None:
    text = explain(TAGGER, "XY手镯 网纹", "配象牙白锦囊")
    assert "XY: title 0-2 'XY', ivory, code; supported by 网纹" in text
    assert "excluded: the word names a colour: 象牙白" in text
    assert "relevance: likely" in text
    assert "species: ivory (象牙)" in text
    assert "no term found" in explain(TAGGER, "hello")


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("羚羊角 两斤 现货 量大从优", "saiga"),
        ("羚羊角 枝货 每公斤3.2万", "saiga"),
        ("十三鳞片料 老渔家 做眼镜腿", "sea_turtle"),
        ("非洲料黑犀整根 1.5kg", "rhino_horn"),
        ("ΧΥ手排 人字纹清楚", "ivory"),
        ("相ya手牌 十片", "ivory"),
        ("血丝牙料 把件 太阳心", "ivory"),
        ("虎皮标本 带头 两米多", "tiger"),
        ("云豹皮大衣 老货", "leopard"),
    ],
)
def test_what_sellers_write_counts_for_the_group_it_means(title: str, group: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason
    assert tagging.species == (group,)


def test_a_code_of_two_groups_is_supported_by_the_signs_of_each_alone() -> None:
    assert TAGGER.tag("非料 方牌 人字纹 象的").species == ("ivory",)
    assert TAGGER.tag("非料 方牌 鱼子纹 粟眼").species == ("rhino_horn",)


@pytest.mark.parametrize(
    ("title", "claim"),
    [
        ("虎骨酒 八五年 两瓶", "new"),
        ("象牙印章 四九年前的", "old"),
        ("象牙印章 九〇年产", "new"),
        ("象牙手串 盘了七八年", ""),
        ("象牙手串 五八年买的", ""),
        ("象牙手串 二十八年", ""),
    ],
)
def test_a_year_in_characters_is_read_as_one_in_digits(title: str, claim: str) -> None:
    assert TAGGER.tag(title).age_claim == claim


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("穿山甲活体 现货", "other"),
        ("象牙粉 一小瓶 修补用", "other"),
        ("黑犀尖料 一块", "raw"),
        ("玳瑁甲片 做琴拨片剩下", "raw"),
        ("虎头骨 放柜子十几年", "raw"),
        ("玳瑁打火机壳", "worked_uncarved"),
        ("金钱豹皮大衣", "other"),
        ("牙雕梅花盆景", "worked_carved"),
        ("鹤顶红 头骨 巧雕金鱼", "worked_carved"),
    ],
)
def test_what_goods_are_named_by_decides_their_type(text: str, product: str) -> None:
    tagging = TAGGER.tag(text)
    assert (tagging.relevance, tagging.product_type) == (Relevance.LIKELY, product)


def test_what_could_be_made_of_a_piece_is_not_its_type() -> None:
    assert TAGGER.tag("象牙 牙根段 空心", "做镯子一流").product_type == "raw"
    assert TAGGER.tag("大象牙", "老师傅做的镯子").product_type == "worked_uncarved"


@pytest.mark.parametrize("title", ["对象y 手串", "豹皮大衣 女 新款"])
def test_what_only_resembles_a_disguise_or_names_a_print_does_not_count(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.NONE


@pytest.mark.parametrize(
    "title",
    [
        "大象牙膏实验 小学生科学盒",
        "犀牛角色扮演 头盔",
        "鲸鱼牙刷 幼儿园套装",
        "虎皮肤 枪战手游",
    ],
)
def test_a_term_whose_end_begins_another_word_does_not_count(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.NONE


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("因收购虎骨六公斤，两人被判缓刑", "news"),
        ("某省林草局通报：三起犀牛角案告破", "news"),
        ("美术馆新展：清代象牙席首次开放", "news"),
        ("穿山甲鳞片化学成分与炮制关系", "news"),
        ("欧盟拟收紧象牙贸易", "news"),
        ("浅谈清代犀角杯的纹饰", "a story"),
        ("老屋里那只象牙镯（散文）", "a story"),
    ],
)
def test_news_science_and_stories_are_set_aside_as_such(title: str, label: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.SET_ASIDE
    assert tagging.reason.startswith(label)


@pytest.mark.parametrize(
    "title",
    [
        "象牙案头清供 小山子",
        "象牙手镯 走私聊",
        "犀角杯 包老 现货 一口价",
        "老象牙牌 旅客带回 60克",
        "玳瑁梳 那只老的 带包浆",
    ],
)
def test_one_word_of_news_in_a_title_that_sells_goods_rules_nothing_out(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    "title",
    [
        "非洲带回来的象牙没地方放了", "朋友托我处理的象牙", "岳父留下的虎骨不知道值多少",
        "家里翻出来的羚羊角和虎骨", "这块犀牛角是爷爷行医用的", "穿山甲鳞片老家亲戚攒的",
        "喜欢象牙的朋友进来看看", "象牙怎么卖 加我", "有多少象牙出多少",
    ],
)  # fmt: skip
def test_private_sellers_who_tell_where_a_thing_is_from_offer_it(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "price"),
    [
        ("华人老板转让国外带回象牙手镯", ""),
        ("象牙手串 最后机会 老板清仓", ""),
        ("虎骨胶云南厂家直接供应", ""),
        ("诚招象牙制品各地代理", "1"),
        ("本店主营象牙犀角玳瑁等高端材质", ""),
        ("象牙佛珠戴着很舒服颜色也漂亮", ""),
        ("世界城市 象牙原料 可能影响未来", "3000元"),
        ("世界城市 象牙原料 可能影响未来", "1"),
        ("世界城市 象牙原料 可能影响未来", "面议"),
        ("世界城市 象牙原料 直销 可能影响未来", ""),
        ("小时候玩的象牙 一小截", ""),
        ("剧团解散后的象牙笏板一块", ""),
    ],
)
def test_an_offer_does_not_give_way_to_half_hints_or_unknown_words(title: str, price: str) -> None:
    tagging = TAGGER.tag(title, price=price)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize("price", ["", "暂无"])
def test_half_hints_set_aside_a_title_without_price_and_selling(price: str) -> None:
    tagging = TAGGER.tag("世界城市 象牙原料 可能影响未来", price=price)
    assert tagging.reason.startswith("news")


@pytest.mark.parametrize(
    "selling",
    [
        *("直销", "转让", "清仓", "到货", "供应", "代理", "主营", "批发", "现货", "代购", "出手"),
        *("直邮", "甩卖", "割爱"),
    ],
)
def test_a_word_of_selling_outweighs_every_half_hint(selling: str) -> None:
    hints = [word for reason in TAGGER.vocabulary.rules.reasons for word in reason.half_hints]
    alone = {hint for hint in hints if TAGGER.tag(f"象牙料 {hint}").relevance is Relevance.LIKELY}
    hidden = [
        pair
        for pair in pairwise(hints)
        if alone.issuperset(pair)
        and TAGGER.tag(f"象牙料 {pair[0]} {pair[1]} {selling}").relevance is not Relevance.LIKELY
    ]
    assert not hidden


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("象牙茶壶渣斗", "worked_uncarved"),
        ("象牙渣斗", "worked_uncarved"),
        ("象牙手串 不像豆腐渣那样散", "worked_uncarved"),
        ("象牙手串 片子", "worked_uncarved"),
        ("象牙手串 尾料做的", "worked_uncarved"),
        ("象牙渣子一袋", "raw"),
        ("新切的片子 象牙 做牌子刚好", "semi_worked"),
        ("象牙片子 三片", "semi_worked"),
    ],
)
def test_leftovers_are_raw_only_where_no_goods_are_made_of_them(title: str, product: str) -> None:
    assert TAGGER.tag(title).product_type == product


def test_a_name_that_needs_support_is_set_aside_in_news_and_absent_elsewhere() -> None:
    news = TAGGER.tag("男子花八万买虎皮 鉴定后傻眼")
    assert news.relevance is Relevance.SET_ASIDE
    assert news.reason.startswith("news")
    assert TAGGER.tag("虎皮").relevance is Relevance.NONE


def test_codes_of_three_groups_speak_for_each_other() -> None:
    assert TAGGER.tag("白料 黑料 红料 各有一串").relevance is Relevance.LIKELY
    assert TAGGER.tag("白料 黑料 各有一串").relevance is Relevance.NONE


def test_a_lot_of_unlike_goods_names_all_its_species_and_is_another_type() -> None:
    tagging = TAGGER.tag("象牙+犀角 一起出")
    assert tagging.species == ("ivory", "rhino_horn")
    assert tagging.product_type == "other"
    assert TAGGER.tag("象牙筷一双、犀角杯一只").product_type == "worked_uncarved"


@pytest.mark.parametrize(
    ("title", "claim"),
    [
        ("虎骨酒 八几年 一坛", "new"),
        ("解放初 象牙章", "new"),
        ("象牙簪 料子老", "old"),
        ("海龟标本 老酒店拆的", ""),
        ("象牙章 家里清货", ""),
    ],
)
def test_ages_are_read_in_the_words_of_sellers(title: str, claim: str) -> None:
    assert TAGGER.tag(title).age_claim == claim


@pytest.mark.parametrize(
    ("title", "description", "category", "price"),
    [
        ("象牙手镯 售价3800", "圈口56", "论坛", ""),
        ("出一条犀牛角珠子", "15颗", "论坛", ""),
        ("[转让] 象牙筷", "两双", "论坛", ""),
        ("谈个价，象牙印章", "两方空白", "论坛/印石", ""),
        ("", "轉一對玳瑁梳", "论坛", ""),
        ("楼主退坑，牙牌两块打包", "人字纹明显", "论坛/文玩", ""),
        ("鲸齿料两块", "抹香鲸，外皮已去", "论坛/印石", "900"),
        ("鲸齿料两块", "抹香鲸，外皮已去", "论坛交易区", ""),
        ("象牙手镯 圈口56", "网纹清晰", "服装", ""),
        ("象牙手镯 圈口56", "网纹清晰", "五金", ""),
        ("渔具 老鱼竿", "手把是玳瑁包的", "渔具", ""),
        ("羚羊角 退烧", "赛加，每份3克", "母婴团购", ""),
        ("直播回放：盔犀鸟三通", "红黄分明", "直播回放", ""),
        ("云豹皮的刀鞘，刀不卖，鞘卖", "铜口", "", ""),
        ("小说里的虎骨扳指，现实里长这样", "内径20", "", ""),
        ("看完纪录片决定不留了，象牙手链转出", "十四颗珠", "", ""),
        ("寻找下一位主人：祖母的玳瑁梳", "梳齿完好", "", ""),
        ("出羚羊角一根，孩子大了用不上", "磨过一点，还剩九十克", "", ""),
        ("高鼻羚羊角 手串", "", "", ""),
        ("虎睛一对 泡制干品", "酒制过", "药材", ""),
    ],
)
def test_offers_on_boards_on_wrong_shelves_and_in_prose_are_likely(
    title: str, description: str, category: str, price: str
) -> None:
    tagging = TAGGER.tag(title, description, category, price=price)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    ("title", "description", "category"),
    [
        ("象牙手镯 圈口56", "网纹清晰", "论坛"),
        ("出土玳瑁盒", "盒面满贴玳瑁", "论坛"),
        ("象牙手镯 断了能修吗", "求推荐师傅", "问答"),
        ("[求助] 这串是象牙还是骨头？", "地摊上花了三百", "贴吧"),
        ("", "回收老药：虎骨酒、安宫，年份越早价越高", "朋友圈"),
        ("", "朋友圈卖象牙判了三年，真的别碰了", "朋友圈"),
        ("", "通报：警方从行李箱查出象牙，当事人被拘", "朋友圈"),
        ("豹骨虎骨代用 塞隆骨", "高原鼢鼠骨", "药材"),
        ("狗骨胶 替虎骨", "风湿", "药材"),
        ("柚木大象擺設一對", "象牙部份係木，已甩色", "家居"),
        ("安宫牛黄丸里再没有犀角", "如今改用水牛角", ""),
        ("清 犀角雕仙人乘槎杯", "清宫旧藏", "博物馆/藏品"),
        ("古玩鉴定师提醒：这六种牙角别碰", "象牙、犀角，看看就好", "公众号"),
        ("象牙 象牙白 象牙色 墙布", "", "家装"),
        ("虎睛石手串 10mm", "老料", "手串"),
        ("羚羊角手串", "", ""),
        ("羚羊角摆件", "高鼻梁", ""),
    ],
)
def test_what_is_shown_asked_wanted_or_denied_is_kept_out(
    title: str, description: str, category: str
) -> None:
    assert TAGGER.tag(title, description, category).relevance is not Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "description", "product", "age"),
    [
        ("亚角 碗料 打粉做小珠都行", "犀牛，颜色烟黄", "raw", ""),
        ("象牙毛料一段", "做笔筒香筒随便", "raw", ""),
        ("", "玳瑁福镯三只，56 57 58", "worked_uncarved", ""),
        ("豹头骨 标本 牙全", "", "raw", ""),
        ("羚羊角镑片", "50克1700，课后出", "other", ""),
        ("穿山甲标本", "九几年岳父单位发的", "other", ""),
        ("妈妈当年的退烧宝：半根羚羊角", "还剩七十来克", "raw", ""),
        ("玳瑁盒子", "民国的", "worked_uncarved", "old"),
        ("虎骨木瓜酒 八二年", "原箱12瓶", "other", "new"),
    ],
)
def test_uses_left_open_and_dates_of_purchases_name_no_product_and_no_age(
    title: str, description: str, product: str, age: str
) -> None:
    tagging = TAGGER.tag(title, description)
    assert (tagging.product_type, tagging.age_claim) == (product, age)


@pytest.mark.parametrize(
    ("title", "description", "category"),
    [
        # A box, a stand or a clasp is of another material than the goods.
        ("黑料手串 鱼子纹", "送实木盒", ""),
        ("XJ手串 鱼子纹", "925银隔珠", ""),
        ("XY 章料 方形 牙纹 待刻 送实木盒", "", ""),
        ("黑料手串 鱼子纹", "纯银扣，盒子花梨的", ""),
        ("黑料手串 鱼子纹", "木质盒子，外盒木质", ""),
        # What the goods lack, or are not, denies no material.
        ("虎骨酒都没有开封 两瓶", "", ""),
        ("象牙筷子都没有用过 一套", "", ""),
        ("玳瑁手镯也没有断", "", ""),
        ("象牙均无裂", "", ""),
        ("象牙手镯也不含运费", "", ""),
        ("虎牙都没有断 一对 银镶", "", ""),
        ("象牙手镯 56圈口", "象牙手镯都没有戴过", ""),
        ("没有裂的象牙", "", ""),
        ("磕碰没有 象牙手镯", "", ""),
        # Words of which the one in question is only the end.
        ("替朋友出象牙手镯", "", ""),
        ("替老人转让虎骨", "", ""),
        ("老代象牙手镯", "", ""),
        ("上代象牙手镯", "可交代象牙来源", ""),
        # Stored goods, and boxes that are not empty.
        ("家里存放虎骨多年 出", "", ""),
        ("柜子里放犀角杯一个 出", "", ""),
        ("解放象牙雕件", "", ""),
        ("象牙手镯", "家里存放象牙多年，急出", ""),
        ("象牙印章 原装锦盒空间大", "锦盒空了一角", ""),
        ("象牙印章", "送剪报一张", ""),
        # A feigned doubt beside words of selling.
        ("老人留下，像是象牙，不懂 100出", "", ""),
        ("好像象牙 不懂 便宜出", "", ""),
        ("不懂是象牙还是骨头，100出", "", ""),
        # Words that news and questions have as well.
        ("象牙手镯 老师提醒轻拿轻放", "", ""),
        ("象牙印章 藏家眼中的精品", "", ""),
        ("象牙手镯 怎么修都行", "", ""),
        ("象牙手镯 别买错", "有来源证明", ""),
        ("玳瑁梳 馆藏同款 别碰坏", "", ""),
        ("象牙手镯", "不上链接，私聊", ""),
        ("象牙手镯", "老料", "契约文书"),
        ("转让虎骨", "一副", "案例"),
    ],
)
def test_innocent_words_beside_an_offer_do_not_hide_it(
    title: str, description: str, category: str
) -> None:
    tagging = TAGGER.tag(title, description, category)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("象牙 玳瑁 都没有", "手串"),
        ("玳瑁都不是", "木头手串"),
        ("象牙部分是树脂的 摆件", ""),
        ("水牛角片 平价代犀角", ""),
        ("犀角杯锦盒 空", ""),
        ("这串是象牙还是骨头", ""),
    ],
)
def test_denials_that_end_a_clause_keep_a_material_out(title: str, description: str) -> None:
    assert TAGGER.tag(title, description).relevance is not Relevance.LIKELY


def test_ivory_named_for_its_workmanship_is_not_offered_beside_bone() -> None:
    text = ("骆驼骨 象牙工 鼻烟壶 内画", "骆驼骨的，工是象牙工，价格便宜。", "杂项")
    assert TAGGER.tag(*text).relevance == "set_aside"


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("金钱豹褥子一床，板子软", "leopard"),
        ("一颗大牙，金钱豹下巴上的，长七公分", "leopard"),
        ("绿海龟整壳 挂墙", "sea_turtle"),
        ("孟加拉虎全身标本 1937年英人猎", "tiger"),
    ],
)
def test_an_animal_near_a_word_of_its_remains_is_offered(title: str, group: str) -> None:
    tagging = TAGGER.tag(title)
    assert (tagging.relevance, tagging.species) == (Relevance.LIKELY, (group,)), tagging.reason
    animal = next(match for match in tagging.matches if match.supports)
    assert animal.strength in {"mark", "code"}


@pytest.mark.parametrize(
    "title",
    [
        "金钱豹牛皮凉席",
        "大象 摆件 木雕 长牙",
        "犀牛 摆件 铜 双角",
        "老虎头套 仿真皮毛",
        "大象生态门。犬牙交错的花纹",
        "豹子头零食",
        "东北虎林园。猎犬的犬齿",
    ],
)
def test_the_likeness_of_an_animal_is_not_offered_as_its_body(title: str) -> None:
    assert TAGGER.tag(title).relevance is not Relevance.LIKELY, TAGGER.tag(title).reason


def test_another_material_of_a_mounting_does_not_make_a_likeness_of_an_animal() -> None:
    assert TAGGER.tag("孟加拉虎全身标本", "玻璃眼，耳尖有虫蛀").relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("记者朋友别来，真心要的来：云豹皮褥子一条", ""),
        ("为何这么便宜？因为有裂。象牙手镯59圈口", ""),
        ("怎么看都喜欢的一件牙雕小鼠，不得已出", ""),
        ("犀角杯的前世今生：明末一只小杯的四百年", "口径11，雕梅枝。本件现释出，欢迎私洽。"),
        ("听说海关又查了，趁还没下架，最后两只牙镯", "象牙，圈口55和58，要的快"),
    ],
)
def test_the_form_of_an_offer_outweighs_words_of_news(title: str, description: str) -> None:
    tagging = TAGGER.tag(title, description)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    ("title", "description", "price"),
    [
        ("老师您好，孩子发烧可以用羚羊角粉吗", "八个月，38.6度", ""),
        ("拍卖行咨询：清代牙雕还能上拍吗", "据说要有批文", ""),
        ("梦见自己丢了一颗大象牙", "醒来发现是小儿子的乳牙掉在床上了。", ""),
        ("特展“角杯里的山水” 展出明清犀角器五十件", "展期至明年三月", "门票60元"),
    ],
)
def test_questions_and_what_a_description_tells_are_no_offers(
    title: str, description: str, price: str
) -> None:
    tagging = TAGGER.tag(title, description, price=price)
    assert tagging.relevance is Relevance.SET_ASIDE, tagging.reason


@pytest.mark.parametrize("title", ["私人牙雕一件", "博物馆级牙雕群仙祝寿", "同学牙章一方"])
def test_a_bare_word_may_stand_behind_any_word_that_it_does_not_end(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.LIKELY, TAGGER.tag(title).reason


@pytest.mark.parametrize("title", ["蓝牙戒指", "鳄鱼牙吊坠", "原做牙雕的店面", "车床莫氏牙板"])
def test_a_bare_word_that_ends_another_word_is_no_ivory(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.NONE, TAGGER.tag(title).reason


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("星月配盔犀隔片 六片", "星月送的，卖的是隔片"),
        ("壶钮是象牙", "壶本身不出名，就图这个钮"),
        ("羚羊角杯 高鼻羚角镶锡口 民国", "酒杯一只"),
    ],
)
def test_what_names_the_goods_again_or_better_rules_nothing_out(
    title: str, description: str
) -> None:
    tagging = TAGGER.tag(title, description)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize("category", ["教程", "鉴定", "新闻", "论坛"])
def test_the_form_of_an_offer_outweighs_a_shelf_of_talk_or_services(category: str) -> None:
    offered = TAGGER.tag("出象牙手镯一只 圈口58", "", category)
    assert offered.relevance is Relevance.LIKELY, offered.reason
    assert TAGGER.tag("象牙手镯的雕法", "", category).relevance is not Relevance.LIKELY


@pytest.mark.parametrize(
    "ending", ["有人带走吗？", "有需要的吗？", "有人买吗?", "喜欢吗", "漂亮吗?", "有人能收吗"]
)
@pytest.mark.parametrize("goods", ["豹皮褥子一床", "穿山甲片", "虎骨酒两坛", "犀角杯"])
def test_a_seller_who_asks_for_buyers_offers(goods: str, ending: str) -> None:
    assert TAGGER.tag(f"{goods} {ending}").relevance == Relevance.LIKELY


@pytest.mark.parametrize("title", ["羚羊角粉能退烧吗？", "虎骨酒是真的吗", "这是象牙吗"])
def test_who_asks_about_goods_offers_none(title: str) -> None:
    assert TAGGER.tag(title).relevance != Relevance.LIKELY


def test_an_explanation_reads_the_asked_price_as_the_tags_do() -> None:
    title = "羚羊角粉能退烧吗？"
    assert "relevance: likely" not in explain(TAGGER, title)
    assert "relevance: likely" in explain(TAGGER, title, price="2800元")


def test_a_headline_is_one_however_wide_its_marks() -> None:
    title = "走访古玩城 象牙手镯哪里去了？"
    narrow = unicodedata.normalize("NFKC", title)
    assert TAGGER.tag(title).relevance == TAGGER.tag(narrow).relevance


@pytest.mark.parametrize("title", ["虎骨:原来是爷爷的", "老象牙:原来老人留下的", "高鼻子羚羊角"])
def test_a_label_with_a_colon_is_no_headline(title: str) -> None:
    assert TAGGER.tag(title).relevance == Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "category", "likely"),
    [
        ("紫砂壶 象牙盖钮 后配铜链", "紫砂", True),
        ("钢笔 象牙笔杆 蘸水笔", "文具", True),
        ("紫砂壶 象牙色", "紫砂", False),
        ("紫砂壶 象牙", "紫砂", False),
        ("象牙柄色 雨伞", "文具", False),
    ],
)
def test_a_part_may_be_of_another_material_than_its_shelf(
    title: str, category: str, likely: bool
) -> None:
    found = TAGGER.tag(title, "", category)
    assert (found.relevance == Relevance.LIKELY) is likely, found.reason


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("京胡担子 牙轸子", "ivory"),
        ("长鼻子的牙 吊坠", "ivory"),
        ("整根牙 带皮 19.8斤", "ivory"),
        ("座头鲸 脊椎骨", "whale"),
        ("冻体穿山甲 22只", "pangolin"),
        ("玳瑁框老花镜 民国", "sea_turtle"),
        ("整根牙疼", ""),
        ("整根牙根管治疗", ""),
        ("象牙螺 壳", ""),
        ("巴西龟 乌龟壳 摆件", ""),
    ],
)
def test_words_of_parts_are_found_where_they_mean_these(text: str, group: str) -> None:
    found = TAGGER.tag(text, "", "")
    assert (found.species[:1] == (group,)) is bool(group), found.reason
    assert (found.relevance == Relevance.LIKELY) is bool(group), found.reason
