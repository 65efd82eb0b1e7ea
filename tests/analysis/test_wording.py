"""Wording of real texts: composed terms, negation scope, word boundaries, stories, disguises."""

from __future__ import annotations

import pytest

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.disguises import disguises
from wildcrawl.analysis.tagging.hints import lists_goods
from wildcrawl.analysis.tagging.scan import Scan
from wildcrawl.analysis.tagging.tagger import explain
from wildcrawl.analysis.tagging.terms import find_terms
from wildcrawl.analysis.vocabulary import Rules, load_vocabulary
from wildcrawl.items import Relevance

TAGGER = Tagger(load_vocabulary())


@pytest.mark.parametrize(
    ("title", "term", "group"),
    [
        ("花豹犬牙 手串", "花豹犬牙", "leopard"),
        ("雪豹的獠牙 吊坠", "雪豹獠牙", "leopard"),
        ("东北虎 膝骨 泡酒", "东北虎膝骨", "tiger"),
        ("虎犬牙 一对", "虎犬牙", "tiger"),
        ("大象嘴里的门齿", "大象门齿", "ivory"),
        ("一角鲸头上的角", "一角鲸角", "whale"),
        ("绿海龟背甲 整张", "绿海龟背甲", "sea_turtle"),
        ("穿山甲摸金符", "穿山甲摸金符", "pangolin"),
        ("豹齿项链 藏式", "豹齿", "leopard"),
        ("鹰嘴龟甲手镯", "鹰嘴龟甲", "sea_turtle"),
        ("鲸下颌骨一段", "鲸下颌骨", "whale"),
        ("鲸鱼骨臂搁", "鲸鱼骨臂搁", "whale"),
        ("穿山甲死体3只", "穿山甲死体", "pangolin"),
        ("陵鲤甲 药用", "陵鲤甲", "pangolin"),
        ("虎筋 一条", "虎筋", "tiger"),
        ("象骨手串 108颗", "象骨手串", "ivory"),
    ],
)
def test_an_animal_and_its_part_make_a_term(title: str, term: str, group: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.species == (group,)
    assert term in tagging.terms
    assert f"{term}: title 0-" in explain(TAGGER, title)


@pytest.mark.parametrize(
    "title",
    [
        "象牙手串 非猛犸",
        "真象牙牌子，不是牛骨、骆驼骨或者树脂",
        "象牙珠子 绝非塑料树脂",
        "猛犸旁边的真象牙手镯",
        "象牙佛珠 跟猛犸不一样",
        "象牙手镯 仿品勿扰",
        "象牙雕仿竹节笔筒",
        "犀角雕仿青铜觚",
        "明 仿商 犀角爵杯",
        "清 犀角仿汉玉卮杯",
        "疑似象牙手镯 一只",
        "鲸牙白料 牌子",
        "绿海龟 标本 一只",
        "黑犀整支 马牙边完整",
    ],
)
def test_a_denied_material_and_a_style_rule_nothing_out(title: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    "title",
    [
        "仿象牙手镯",
        "仿清代象牙笔筒",
        "象牙手镯 仿品",
        "这是猛犸不是象牙 手串",
        "不是象牙，是牛骨手串",
        "象牙筷子 仿",
    ],
)
def test_what_denies_or_imitates_the_material_is_set_aside(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.SET_ASIDE


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        ("蓝牙手镯 智能", False),
        ("鳄鱼牙吊坠", False),
        ("莫氏锥柄 牙板", False),
        ("乳牙戒指 纪念", False),
        ("牙镯 18K金", False),
        ("牙梳 宽齿 大号", False),
        ("牙章鱼 蓝牙音箱", False),
        ("老牙章一方", True),
        ("民国牙烟嘴", True),
        ("牙筷一双", True),
    ],
)
def test_a_bare_word_does_not_begin_within_another_word(title: str, *, likely: bool) -> None:
    assert (TAGGER.tag(title).relevance is Relevance.LIKELY) is likely


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        *(("虎牙3枚", True), ("虎皮一张", True), ("一角鲸2根", True), ("豹皮一张", True)),
        *(("虎牙", False), ("虎皮", False), ("鹤顶红3只", False), ("玳瑁眼镜一副", False)),
        *(("虎牙3枚 直播礼物", False), ("虎皮蛋糕3块", False)),
    ],
)
def test_a_name_that_is_mostly_legal_counts_with_a_number_of_parts_alone(
    title: str, *, likely: bool
) -> None:
    assert (TAGGER.tag(title).relevance is Relevance.LIKELY) is likely


def test_what_the_goods_are_compared_with_is_not_offered() -> None:
    carved = TAGGER.tag("黄杨木雕弥勒 手工", "比象牙便宜，刀工一样，摆案头好看", "摆件")
    assert carved.relevance is Relevance.SET_ASIDE
    assert TAGGER.tag("象牙手镯 比玳瑁耐戴", "自用").species == ("ivory",)


@pytest.mark.parametrize(
    "title",
    [
        "男子网购象牙手镯获刑三年",
        *("拍卖行因上拍犀角杯被立案", "检方公诉一起运输虎骨案", "医生提醒 别信虎骨酒治风湿"),
        *("海警截停渔船 起获玳瑁一批", "他靠卖虎骨膏起家 如今身陷囹圄"),
        "象牙身价暴跌 收藏者欲哭无泪",
        "村民捡到犀牛角 民警上门",
        "渔民误捕玳瑁 放归大海",
        "专家揭秘：为什么犀牛角这么贵",
        "游客国外买象牙手链回国被查",
        "象牙手镯多少钱一个",
        "上联：穿山甲钻山，求下联",
    ],
)
def test_news_stories_and_questions_are_set_aside(title: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.SET_ASIDE, tagging.reason
    assert tagging.reason.startswith(("news", "a story"))


def test_one_hint_of_a_story_is_enough_only_where_no_goods_are_named() -> None:
    assert TAGGER.tag("肯尼亚焚烧百吨象牙").relevance is Relevance.SET_ASIDE
    assert TAGGER.tag("海龟壳 42cm 渔民家里的").relevance is Relevance.LIKELY
    assert TAGGER.tag("老人传下来的象牙手镯").relevance is Relevance.LIKELY
    assert TAGGER.tag("象牙手镯 老家发现的老物件").relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    "title",
    [
        *("山里村民拿来的虎骨 问价", "原来药铺的虎骨 剩半包", "穿山甲鳞片 至今十五年了 干的"),
        *("小时候玩的象牙 一小截", "母亲留下高鼻羚羊角一支 不会磨", "机场免税店带回的象牙 一枚"),
        *("豹骨 从前打的 有一副", "抹香鲸牙 却没地方放了 出", "最后一根象牙 卖完收摊"),
        *(
            "女子陪嫁玳瑁 压箱底",
            "盔犀鸟头 后来没再去印尼 就这一个",
            "犀牛角 到底真假自己看",
        ),
    ],
)
def test_one_word_that_offers_have_as_well_sets_no_title_aside(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.LIKELY


def test_two_words_that_offers_have_as_well_or_marks_of_a_headline_are_a_hint() -> None:
    for title in ("村民发现一只玳瑁", "海滩发现：海龟壳", "后来的象牙，究竟去了何处"):
        assert TAGGER.tag(title).relevance is Relevance.SET_ASIDE


def test_a_title_with_a_price_needs_more_than_one_hint() -> None:
    title = "警察退休转让的象牙"
    assert TAGGER.tag("退休警察家的象牙").relevance is Relevance.SET_ASIDE
    for price in ("3800元", "28一克", "面议"):
        assert TAGGER.tag("退休警察家的象牙", price=price).relevance is Relevance.LIKELY
    for price in ("", "暂无", "0"):
        assert TAGGER.tag("退休警察家的象牙", price=price).relevance is Relevance.SET_ASIDE
    assert TAGGER.tag(title).relevance is Relevance.LIKELY
    caught = "游客携带象牙被海关查获"
    assert TAGGER.tag(caught, price="3800元").relevance is Relevance.SET_ASIDE


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ("150cm", "150cm"),
        ("长9.6 公分", "9.6 公分"),
        ("20mmx15mm", "20mm"),
        ("３５ＭＭ", "３５ＭＭ"),
        ("十三厘米", "十三厘米"),
    ],
)
def test_a_size_supports_in_every_writing(size: str, shown: str) -> None:
    tagging = TAGGER.tag(f"血料 {size} 家传")
    assert tagging.relevance is Relevance.LIKELY
    assert shown in tagging.matches[0].supports


@pytest.mark.parametrize("other", ["cm", "20mmol", "8gb", "cm20", "2斤"])
def test_a_unit_alone_or_within_a_word_supports_nothing(other: str) -> None:
    assert TAGGER.tag(f"血料 {other} 家传").relevance is Relevance.NONE


def test_a_size_supports_no_code_beside_no_more_than_a_new_claim() -> None:
    assert TAGGER.tag("广角 24mm 全新").relevance is Relevance.NONE
    assert TAGGER.tag("虎牙 9.6cm 老").relevance is Relevance.LIKELY


def test_a_quantity_shows_that_goods_are_meant() -> None:
    assert TAGGER.tag("警察退休 象牙").relevance is Relevance.SET_ASIDE
    for quantity in ("半斤", "80克", "两颗"):
        assert TAGGER.tag(f"警察退休 象牙 {quantity}").relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        ("羚羊角一对", True),
        ("家传羚羊角", True),
        ("豹皮 一张", True),
        ("羚羊角胶囊 12粒", False),
        ("羚羊角 蕨 盆栽", False),
        ("虎爪 键盘", False),
        ("虎牙", False),
        ("穿山甲", False),
    ],
)
def test_an_ambiguous_name_counts_where_nothing_else_is_named(title: str, *, likely: bool) -> None:
    assert (TAGGER.tag(title).relevance is Relevance.LIKELY) is likely


@pytest.mark.parametrize(
    "title",
    [
        "虎0骨 泡酒",
        "穿1山2甲 鳞片",
        "d41mao 手镯",
        "xiang4ya2 手串",
        "hu3 gu3 泡酒",
        "鱼京牙 吊坠",
        "豸勺骨 泡酒",
        "象崖手串 老料",
        "羚样角 药用",
        "象ya牌子 老料",
    ],
)
def test_disguises_are_read_by_rules(title: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    "title",
    [
        *("镶牙 手术椅", "护牙素 牙刷盒", "狐皮 大衣 皮草", "戏骨 演员 画册", "象5牙膏 药盒"),
        *("像牙齿一样白的珠子", "虎股份 戒指", "向亚洲出口 手串"),
    ],
)
def test_a_plain_word_is_not_a_disguise(title: str) -> None:
    assert TAGGER.tag(title).relevance is not Relevance.LIKELY


def test_a_rule_of_writing_gives_a_bounded_number_of_spellings() -> None:
    rules = Rules(
        sounds={"xiang": "象像橡", "ya": "牙芽"}, radicals={"瑁": "王冒"}, plain_words=("象芽",)
    )
    made = set(disguises("象牙", rules))
    assert {"像牙", "xiang牙", "xiang ya", "x14ng4", "xiang4ya2", "象0牙"} - made == {"x14ng4"}
    assert "象芽" not in made
    assert "像芽" not in made, "of two characters one remains"
    assert set(disguises("玳瑁", Rules(radicals={"瑁": "王冒"}))) >= {"玳王冒"}
    assert list(disguises("XY", rules)) == []
    most = max(
        len(list(disguises(word, TAGGER.vocabulary.rules)))
        for word in TAGGER.vocabulary.rules.spellings
    )
    assert most < 2000


def test_a_reported_code_word_needs_support_and_shows_its_source() -> None:
    assert TAGGER.tag("牙白色 茶杓").relevance is Relevance.NONE
    text = explain(TAGGER, "牙白色 茶杓 交錯紋")
    assert "relevance: likely" in text
    assert "reported (high): ltn.com.tw 2025" in text
    assert TAGGER.tag("肥肉 独角").relevance is Relevance.NONE
    assert TAGGER.tag("肥肉 独角 鱼子纹").relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "group", "product"),
    [
        ("Japanese ivory okimono of a fisherman, signed", "ivory", "worked_carved"),
        ("Pair of ivory tusks on a wooden base", "ivory", "raw"),
        ("Rhinoceros horn libation cup, 17th century", "rhino_horn", "worked_uncarved"),
        ("Tiger's tooth amulet", "tiger", "raw"),
        ("Victorian tortoiseshell comb", "sea_turtle", "worked_uncarved"),
        ("Saiga horns pair", "saiga", "raw"),
        ("leopard claws set of 4", "leopard", "raw"),
        ("鼈甲の櫛 江戸", "sea_turtle", "worked_uncarved"),
        ("本べっ甲 かんざし", "sea_turtle", "worked_uncarved"),
        ("トラの毛皮", "tiger", "other"),
        ("ウミガメ 剥製 壁掛け", "sea_turtle", "other"),
        ("old Chinese ivory chopsticks", "ivory", "worked_uncarved"),
        ("helmeted hornbill carved snuff bottle", "helmeted_hornbill", "worked_carved"),
        ("マッコウクジラの歯 彫刻", "whale", "worked_carved"),
        ("vòng tay ngà voi", "ivory", "worked_uncarved"),
        ("เขี้ยวเสือ แท้", "tiger", "raw"),
        ("nanh hổ bọc bạc", "tiger", "raw"),
        ("กำไลกระดองเต่ากระ", "sea_turtle", "raw"),
        ("Hawksbill turtle shell hair comb, Edwardian", "sea_turtle", "worked_uncarved"),
    ],
)
def test_other_languages_of_sellers_are_read(title: str, group: str, product: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.species == (group,), tagging.reason
    assert tagging.product_type == product


@pytest.mark.parametrize(
    "title",
    [
        *("ivory lace wedding dress", "Ivory Coast cocoa", "mammoth ivory beads carved"),
        *("tortoiseshell sunglasses", "tortoiseshell cat", "tiger eye bracelet", "Tiger Balm 30g"),
        *("leopard print scarf", "resin whale tooth scrimshaw replica", "鳖甲 天然 药材 500g"),
        *(
            "べっ甲風 メガネ",
            "べっこう飴",
            "ヒョウ柄 スカート",
            "象牙色 ドレス",
            "犀の角 フィギュア",
        ),
        *("áo dài màu ngà voi", "vòng đá mắt hổ", "เสื้อสีงาช้าง", "พรมลายหนังเสือ"),
        *("Rhino horn door stop rubber", "โปสเตอร์นกชนหิน"),
    ],
)
def test_colours_and_imitations_of_other_languages_are_kept_out(title: str) -> None:
    assert TAGGER.tag(title).relevance is not Relevance.LIKELY


def test_a_language_that_no_speaker_checked_is_marked_in_the_explanation() -> None:
    assert "; Vietnamese, not reviewed by a speaker" in explain(TAGGER, "nanh hổ")
    assert "; English, not reviewed by a speaker" in explain(TAGGER, "rhino horn")


def test_text_in_a_picture_is_explained_as_its_own_field() -> None:
    text = explain(TAGGER, "", picture_text="象牙手镯 老料")
    assert "象牙手镯: picture_text 0-4 '象牙手镯'" in text
    assert "relevance: likely (in picture: " in text


@pytest.mark.parametrize(
    ("title", "species"),
    [
        ("象牙+犀角+虎牙 家里清货 一起出", {"ivory", "rhino_horn", "tiger"}),
        ("象牙1段、犀牛角切块2个、虎牙1颗", {"ivory", "rhino_horn", "tiger"}),
        ("穿山甲鳞片、羚羊角、虎骨 老药打包", {"pangolin", "saiga", "tiger"}),
        ("一红二黑三白 盔犀鸟 犀牛 大象 全", {"helmeted_hornbill", "rhino_horn", "ivory"}),
        ("出虎鲸牙吊坠 纯素", {"whale"}),
        ("豹犬牙手串一条", {"leopard"}),
    ],
)
def test_a_list_names_all_its_species_and_a_name_no_other(title: str, species: set[str]) -> None:
    assert set(TAGGER.tag(title).species) == species


def test_a_name_that_is_not_listed_with_others_still_needs_support() -> None:
    assert TAGGER.tag("象牙手镯 送给外号叫虎牙的人").species == ("ivory",)
    assert TAGGER.tag("虎牙").relevance is not Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        ("虎牙项链 男款 老", True),
        ("鶴頂紅帶扣 清晚期", True),
        ("豹皮箭囊 清", True),
        ("虎牙项链 男款 新款", False),
        ("鹤顶红 口红", False),
        ("虎皮鹦鹉 老品种", False),
    ],
)
def test_goods_behind_a_name_and_an_old_age_support_it(title: str, *, likely: bool) -> None:
    assert (TAGGER.tag(title).relevance is Relevance.LIKELY) is likely


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        ("🐘佛公 细工 肥白", True),
        ("🐘手串 108颗", True),
        ("🦏杯 老的", True),
        ("象佛公 摆件", False),
        ("🐘手链 纯银", False),
        ("🐘 毛绒玩具", False),
    ],
)
def test_an_animals_emoji_before_goods_says_what_they_are_of(title: str, *, likely: bool) -> None:
    assert (TAGGER.tag(title).relevance is Relevance.LIKELY) is likely


@pytest.mark.parametrize(
    "title",
    [
        "D瑁手串 12mm",
        "像呀手链",
        "象-y-a 筷 两双",
        "x i a n g y a 手镯",
        "xiàng yá 手串",
        "象ㄚ 手镯",
    ],
)
def test_initials_lookalikes_and_spelt_letters_are_disguises(title: str) -> None:
    assert TAGGER.tag(title).relevance is Relevance.LIKELY


def test_strokes_between_characters_part_no_word() -> None:
    assert TAGGER.tag("象 丨 牙 丨 手镯").species == ("ivory",)


@pytest.mark.parametrize(
    "title",
    [
        "菩提 手串 象牙 玳瑁 虎骨 都不是",
        "核桃 三棱 象牙 鹤顶红 玳瑁 搜索",
        "木瓜酒 不含虎骨 豹骨也没有",
        "塞隆骨 代虎骨代豹骨",
        "王不留行 代山甲 下乳",
        "手镯 琉璃料 颜色像玳瑁",
    ],
)
def test_a_word_behind_or_before_a_list_rules_out_all_of_it(title: str) -> None:
    assert TAGGER.tag(title).relevance is not Relevance.LIKELY


@pytest.mark.parametrize(
    "title", ["明代象牙笏板", "现代犀角雕", "祖代虎骨酒", "鹰骨哨？不是，犀角哨子", "观音像 象牙"]
)
def test_the_end_of_another_word_or_sentence_rules_nothing_out(title: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    ("title", "description", "category"),
    [
        ("马头琴", "码子是驼骨的，弓尾镶一块玳瑁", "乐器"),
        ("老唱片机一台", "旋钮三个，其中两个原配象牙", "电器"),
        ("象牙白旗袍一件", "领口扣子象牙，雕梅花", "服饰"),
        ("象牙笔 笔杆真象牙", "", "文具"),
        ("河马牙一颗搭象牙尖一个", "河马的弯，象的直", ""),
    ],
)
def test_what_a_part_is_said_to_be_made_of_is_offered(
    title: str, description: str, category: str
) -> None:
    tagging = TAGGER.tag(title, description, category)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    ("title", "description", "category"),
    [
        ("象牙白旗袍一件", "颜色是象牙白", "服饰"),
        ("古琴", "琴轸是牛骨的，象牙色", "乐器"),
        ("玳瑁框眼镜", "镜框是玳瑁色板材", "眼镜"),
    ],
)
def test_a_colour_of_a_part_is_no_material(title: str, description: str, category: str) -> None:
    assert TAGGER.tag(title, description, category).relevance is not Relevance.LIKELY


def test_a_price_or_a_word_of_selling_outweighs_how_a_title_sounds() -> None:
    title = "法院退回来的东西，象牙筷一副"
    assert TAGGER.tag(title).relevance is Relevance.SET_ASIDE
    assert TAGGER.tag(title, price="1200").relevance is Relevance.LIKELY
    assert TAGGER.tag("男子贩卖象牙获刑三年", price="1200").relevance is Relevance.SET_ASIDE
    forum = TAGGER.tag("妆梳一把 象牙 价到就走", "", "论坛")
    assert forum.relevance is Relevance.LIKELY
    assert TAGGER.tag("妆梳一把 象牙", "", "论坛").relevance is Relevance.SET_ASIDE


@pytest.mark.parametrize(
    ("title", "description", "product"),
    [
        ("抹香鲸牙 两颗", "渔船老伯给的", "raw"),
        ("玳瑁梳篦两把", "莳绘菊花，齿全", "worked_uncarved"),
        ("犀皮料一块 做刀柄的", "", "raw"),
        ("穿山甲鳞片 十二片", "能磨挂件", "raw"),
        ("象牙牌子", "龙纹", "worked_carved"),
        ("象牙手把件", "雕的龙", "worked_carved"),
    ],
)
def test_a_noun_within_another_word_or_plan_is_no_product(
    title: str, description: str, product: str
) -> None:
    assert TAGGER.tag(title, description).product_type == product


@pytest.mark.parametrize(
    "title",
    [
        "象牙手串 男女通用 12mm",
        "象牙 犀角 老玩家 一起出",
        "象牙手镯 直播回看可看细节",
        "牙雕摆件 民间故事人物 清",
        "象牙珠子 送保养油",
        "象牙扇 嵌贝壳 螺钿",
        "商代象牙残件 学习标本",
        "老象牙牌 也没有裂",
        "高鼻羚羊角 刀柄料 一段",
        "黑豹皮 标本",
        "H D H 手串 18颗 头骨料",
        "象牙手镯 送防撞盒",
        "象牙手镯 品牌：无",
        "象牙 品牌 其他 手镯 老",
        "象牙筷子 食品级蜂蜡保养",
        "象牙章 书包浆老",
        "象牙扇 影印证书",
        "象牙雕观音 品相好 附手抄本证书",
        "象牙笔筒 刻剑谱图",
    ],
)
def test_words_of_news_services_and_other_materials_leave_these_offers(title: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason


@pytest.mark.parametrize(
    "title",
    [
        *("你看这个多像呀 手链", "虎睛石手串 银包口", "羚羊角 手串 雕工", "🐘手串 木质 小象"),
        *("犀角颜色 牛角梳子", "虎骨剑谱 手抄本", "勾子 银镶 挂件"),
        *("对象的手链", "代虎骨 塞隆骨 药材", "虎皮纹 手串 老玛瑙", "象牙 玳瑁 都没有 只有牛角梳"),
    ],
)
def test_what_only_resembles_lists_emoji_and_disguises_is_not_likely(title: str) -> None:
    assert TAGGER.tag(title).relevance is not Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "species"),
    [
        ("行李箱夹层查获象牙珠链2条", "ivory"),
        ("涉案象牙算盘1把、象牙盒3个", "ivory"),
        ("从冰柜内起获冷冻穿山甲4只", "pangolin"),
        ("邮包夹藏豹牙5枚", "leopard"),
        ("冷库内藏匿玳瑁背甲共21片", "sea_turtle"),
    ],
)
def test_a_list_of_seized_goods_is_recognised(title: str, species: str) -> None:
    tagging = TAGGER.tag(title)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason
    assert tagging.species == (species,)


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("海关查获象牙珠链2条", ""),
        ("拱北口岸查获象牙珠链2条", ""),
        ("查获象牙珠链2条 男子获刑三年", ""),
        ("集装箱内查获穿山甲鳞片", ""),
        ("集装箱夹层藏匿穿山甲鳞片11.9吨", ""),
        ("新加坡查获象牙8.8吨 穿山甲鳞片11.9吨", ""),
        ("云南查获象牙12公斤", ""),
        ("涉案象牙制品约3吨", ""),
        ("拍卖查获象牙3根", ""),
        ("被告人王某非法出售象牙手镯3只", ""),
        ("非法持有象牙手镯3只", ""),
        ("越南籍旅客携带犀牛角6根入境", ""),
        ("渔民藏匿玳瑁背甲共21片", ""),
        ("查获虎皮1张", ""),
        ("旅客行李箱内查获象牙珠链2条", "物品已移交，案件正在侦办。"),
    ],
)
def test_who_seized_what_and_what_came_of_it_is_news(title: str, description: str) -> None:
    tagging = TAGGER.tag(title, description)
    assert tagging.relevance is Relevance.SET_ASIDE
    assert tagging.reason.startswith("news")


@pytest.mark.parametrize(
    ("title", "species"),
    [
        ("塞加羚羊角 直条 清水货", "saiga"),
        ("活体穿山甲3只", "pangolin"),
        ("冷冻穿山甲 整只", "pangolin"),
        ("虎胴体一具", "tiger"),
    ],
)
def test_whole_animals_and_further_spellings_are_read(title: str, species: str) -> None:
    assert TAGGER.tag(title).species == (species,)


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("牙柄 电动牙刷 换头", ""),
        ("牙珠 假牙 充填料", ""),
        ("牙扇 齿轮 配件", ""),
        ("牙尺 牙周探针", ""),
        ("羚羊角 摆件 非洲跳羚 头骨", "挂墙装饰"),
        ("海龟壳 鱼缸造景 躲避屋", ""),
        ("豹骨架构 处理器 主机", ""),
        ("虎掌 南星 药材 饮片", ""),
        ("小象门牙贴 卡通", ""),
        ("犀角工具箱 收纳", ""),
        ("犀鸟头 口罩 骑行面罩", ""),
        ("小猫爪杯 星巴克 收藏", ""),
        ("小猫皮夹 真皮 收藏", ""),
        ("小猫骨架大 毛色好", ""),
    ],
)
def test_goods_of_dentists_machines_and_shops_are_no_offers(title: str, description: str) -> None:
    assert TAGGER.tag(title, description).relevance is not Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("牙梳 梳头用 老", ""),
        ("象牙雕五谷丰登", ""),
        ("象牙雕苏州园林 插屏", ""),
        ("老牙刷 象牙柄", ""),
        ("象牙手串 送口罩", ""),
        ("赛加羚羊角粉 现磨 加豆浆喝", ""),
        ("穿山甲鳞片 炮制 杂粮磨粉下奶", ""),
        ("海龟标本 鱼缸摆件", ""),
        ("雪豹皮 躲避检查 私聊", ""),
        ("穿山甲标本 骑行西藏带回", ""),
        ("犀牛角杯 园林工具店老板转", ""),
        ("豹牙吊坠 修枝剪换", ""),
        ("牙雕观音 口腔医生旧藏", ""),
        ("犀角杯 明代 送瓷盘", ""),
        ("象牙手串 送T恤", ""),
        ("象牙筷 附赠陶瓷筷架", ""),
        ("牙筷一双 送牙线", ""),
        ("老牙雕", "牙医世家祖传，爷爷是牙科医生"),
        ("血牙手镯", "家里开口腔门诊的"),
        ("老牙柄", "内有齿轮完好"),
    ],
)
def test_gifts_motifs_uses_and_owners_keep_these_offers(title: str, description: str) -> None:
    assert TAGGER.tag(title, description).relevance is Relevance.LIKELY


@pytest.mark.parametrize(
    ("title", "listed"),
    [
        ("行李中查获象牙手镯3只", True),
        ("涉案象牙算盘1把", True),
        ("象牙手镯3只", False),
        ("行李中查获象牙手镯", False),
        ("行李中查获象牙手镯3公斤", False),
        ("云南查获象牙手镯3只", False),
        ("张某家中查获象牙手镯3只", False),
        ("旅客行李中查获象牙手镯3只", False),
        ("行李中查获象牙手镯3只 知道吗", False),
    ],
)
def test_lists_goods_tells_a_counted_list_from_news(title: str, listed: bool) -> None:
    scan = Scan(TAGGER.patterns, title, "", "")
    assert lists_goods(scan, find_terms(scan, TAGGER.vocabulary.rules)) is listed
    told = Scan(TAGGER.patterns, title, "案件正在侦办。", "")
    assert not lists_goods(told, find_terms(told, TAGGER.vocabulary.rules))


@pytest.mark.parametrize(
    ("title", "category", "likely"),
    [("虎须 五根", "杂项", True), ("虎须", "杂项", False), ("虎须 五根", "", False)],
)
def test_a_number_of_pieces_supports_a_name(title: str, category: str, *, likely: bool) -> None:
    assert (TAGGER.tag(title, "瓶装", category).relevance is Relevance.LIKELY) is likely


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("犀牛角挂件", "rhino_horn"),
        ("豹牙刀柄 藏刀", "leopard"),
        ("老虎爪手串", "tiger"),
        ("虎骨香筒 清代", "tiger"),
        ("雪豹皮印章套", "leopard"),
    ],
)
def test_goods_that_go_on_behind_a_phrase_take_its_exclusion_away(title: str, group: str) -> None:
    tagging = TAGGER.tag(title)
    assert (tagging.relevance, tagging.species) == (Relevance.LIKELY, (group,)), tagging.reason


@pytest.mark.parametrize(
    "title",
    [
        *("犀牛角挂钩 三个", "豹牙刀 刀柄G10", "豹牙刀鞘 战术", "虎皮兰花盆", "鹤顶红菊花苗"),
        *("豹齿轮 越野", "虎齿剪", "白鲸齿刷", "鲸骨料理", "豹爪园林剪", "非犀牛角 水牛角梳"),
        *("玳瑁工艺品店被查封 店主被罚", "虎皮1张 宣纸"),
    ],
)
def test_what_such_a_phrase_names_itself_is_no_offer(title: str) -> None:
    assert TAGGER.tag(title).relevance is not Relevance.LIKELY


def test_a_gap_joins_the_ends_of_two_words_to_no_word_of_a_reason() -> None:
    assert TAGGER.tag("玳瑁手镯 56口 红底").relevance is Relevance.LIKELY
    assert TAGGER.tag("玳瑁手镯 口 红 一支").relevance is not Relevance.LIKELY
    assert TAGGER.tag("玳瑁手镯 树 脂").relevance is Relevance.SET_ASIDE


@pytest.mark.parametrize(
    ("title", "description", "likely"),
    [
        ("象牙鼻烟壶 素面", "高6.8cm，盖子是珊瑚的", True),
        ("牙雕鼻烟壶", "盖子是牛角的", True),
        ("象牙手镯", "手镯是树脂的", False),
        ("象牙盖子", "盖子是牛骨的", False),
        ("象牙平安扣", "平安扣是牛骨的", False),
        ("老玳瑁眼镜", "镜架是醋酸的", False),
    ],
)
def test_the_material_of_a_part_is_not_that_of_the_goods(
    title: str, description: str, *, likely: bool
) -> None:
    assert (TAGGER.tag(title, description).relevance is Relevance.LIKELY) is likely


@pytest.mark.parametrize("title", ["高bi羚羊角 整根", "高比羚羊角一对", "赛jia羚羊角 一根"])
def test_a_disguised_animal_of_saiga_horn_is_read_plainly(title: str) -> None:
    assert TAGGER.tag(title).species == ("saiga",)
