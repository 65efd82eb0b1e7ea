"""Product type of texts: the title first, then what the description adds."""

from __future__ import annotations

import pytest

from benchmarks.accuracy import measure, read_rows
from tests.helpers.crawling import ROOT
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Relevance

TAGGER = Tagger(load_vocabulary())


def product(title: str, description: str = "", category: str = "") -> str:
    tagging = TAGGER.tag(title, description, category)
    assert tagging.relevance is Relevance.LIKELY, tagging.reason
    return tagging.product_type


@pytest.mark.parametrize(
    ("title", "description", "expected"),
    [
        ("玳瑁茶则一批", "片料自己压的形", "worked_uncarved"),
        ("象牙柄阳伞", "面料早烂了只剩骨架", "worked_uncarved"),
        ("犀角杯", "杯身有补，胶补的", "worked_uncarved"),
        ("象牙手镯", "毛坯时就看中了", "worked_uncarved"),
        ("象牙素方章一枚", "可以替刻名字", "worked_uncarved"),
        ("鹤顶红戒指 银托", "头骨切片，13号圈", "worked_uncarved"),
        ("象牙牌子", "正面雕观音", "worked_carved"),
        ("象牙一段", "裁好的方料", "semi_worked"),
        ("象牙书签 五片一套", "刻梅兰竹菊，薄片", "worked_carved"),
        ("蛐蛐罐盖 象牙蒙心", "光素没有雕花", "worked_uncarved"),
    ],
)
def test_a_description_refines_what_the_title_names(
    title: str, description: str, expected: str
) -> None:
    assert product(title, description) == expected


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("抹香鲸牙 两颗", "留着雕观音"),
        ("犀牛角一只", "想雕龙头拐杖的可以考虑"),
        ("抹香鲸牙 两颗", "没有雕过"),
        ("盔犀鸟头骨 一个", "没加工的，自己开料"),
        ("抹香鲸牙一颗", "未经雕刻"),
        ("犀牛角底料", "做碗剩的，打粉或者存着都行"),
        ("犀牛角一段", "够开镯子两只"),
        ("象牙料一段", "可以开手镯"),
        ("白犀牛整角 没打磨", "老摆件上换下来"),
        ("申报为工艺品的象牙一根", ""),
        ("伪装成摆件的犀牛角两支", ""),
        ("象牙切块12块", ""),
        ("象牙切段3段", ""),
    ],
)
def test_what_could_be_made_and_what_is_denied_is_no_product(title: str, description: str) -> None:
    assert product(title, description) == "raw"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("玳瑁钢笔", "worked_uncarved"),
        ("赛加羚羊角制工艺品3件", "worked_uncarved"),
        ("象门齿扇骨", "worked_uncarved"),
        ("犀角哨子，吹不响了", "worked_uncarved"),
        ("虎骨追风丸", "other"),
        ("虎骨木瓜酒 1990 两瓶", "other"),
        ("穿山甲泡酒", "other"),
        ("虎骨一根 泡酒", "raw"),
        ("犀牛角一只 带粉", "raw"),
        ("玳瑁镜腿圈料 两条", "semi_worked"),
        ("象牙把件 荷塘清趣", "worked_carved"),
        ("象牙镯 没刻字", "worked_uncarved"),
        ("象牙料 可雕", "raw"),
        ("象牙料 做章用", "raw"),
        ("穿山甲 未炮制", "raw"),
        ("盔犀鸟头骨三具", "raw"),
        ("高鼻羚羊头骨 壁挂", "raw"),
        ("犀角制品两件", "worked_uncarved"),
        ("豹牙 打眼穿了皮绳", "worked_uncarved"),
        ("带冒镯子 海龟的", "worked_uncarved"),
        ("玳瑁彩绘簪", "worked_uncarved"),
        ("象牙牌子 三羊开泰", "worked_carved"),
        ("犀角爵 明晚期", "worked_uncarved"),
        ("鹤顶红带板 明", "worked_uncarved"),
        ("虎爪 真品 金托", "worked_uncarved"),
        ("鲸耳骨 标本", "raw"),
        ("鹰嘴龟壳", "raw"),
        ("虎眼珠 药用", "raw"),
        ("炙穿山甲", "other"),
        ("大虫皮 一张", "other"),
    ],
)
def test_a_word_is_what_its_end_says(title: str, expected: str) -> None:
    assert product(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("家里清仓：象牙整尖一支 象牙手镯两只", "other"),
        ("象牙手镯两只 象牙珠子一串", "worked_uncarved"),
        ("象牙手镯一只 600块一只", "worked_uncarved"),
    ],
)
def test_parts_beside_finished_goods_are_a_lot_of_unlike_goods(title: str, expected: str) -> None:
    assert product(title) == expected


def test_a_clause_about_another_material_names_no_carving() -> None:
    assert product("象牙戥子", "配乌木匣，紫檀匣面刻“保和”") == "worked_uncarved"


@pytest.mark.parametrize(
    ("title", "description", "age"),
    [
        ("紫檀老料108 配象牙三通", "", ""),
        ("象牙扇", "绳子换了新的", ""),
        ("鲸牙雕帆船", "1870年前后，抹香鲸", "old"),
        ("象牙手镯", "1870年前的老宅出", ""),
        ("虎骨扳指", "老虎胫骨，才车出来的", "new"),
        ("羚羊角粉", "高鼻羚羊，现磨", ""),
        ("象牙镊子", "老牙医送的", ""),
        ("象牙章 工新", "", "new"),
        ("犀角杯 英国 一九〇三年", "", "old"),
        ("犀角烟斗 老烟具", "", "old"),
        ("穿山甲标本", "底座上写1982。", "new"),
        ("象牙臂搁", "来源：拍卖行1996。", ""),
        ("象牙臂搁", "板上写1980元", ""),
        ("公私合营以前的象牙筷", "", "old"),
        ("1949年以前的象牙镯", "", "old"),
        ("现代牙雕 象牙白菜", "", "new"),
    ],
)
def test_an_age_is_that_of_the_goods(title: str, description: str, age: str) -> None:
    assert TAGGER.tag(title, description).age_claim == age


def test_only_an_earlier_step_of_the_description_refines_the_title() -> None:
    assert product("象牙手镯", "浮雕龙纹") == "worked_carved"
    assert product("象牙雕件", "原只料头") == "worked_carved"
    assert product("象牙一根", "切好的方料") == "semi_worked"


def test_product_and_age_hold_on_texts_of_all_types_and_ages() -> None:
    rows = read_rows(ROOT / "tests" / "data" / "labelled_product.jsonl")
    tagged = [(row, TAGGER.tag(row["title"], row["description"], row["category"])) for row in rows]
    found = [pair for pair in tagged if pair[1].relevance is Relevance.LIKELY]
    products = [row["id"] for row, tagging in found if tagging.product_type != row["product"]]
    ages = [row["id"] for row, tagging in found if tagging.age_claim != (row["age_claim"] or "")]
    assert len(found) >= 0.93 * len(rows)
    assert len(products) <= 0.055 * len(found), products
    assert len(ages) <= 0.01 * len(found), ages
    assert measure(TAGGER, rows).product >= 0.91
