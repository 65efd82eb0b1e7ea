"""Second reader: what the shipped model raises, and the file of a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wildcrawl.analysis.tagging.fingerprint import fingerprint
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.review.second_reader.examples import digest, shipped
from wildcrawl.review.second_reader.model import (
    ReaderError,
    SecondReader,
    bundled,
    load_reader,
    save_reader,
)

# None of these texts is among the shipped examples.
UNSEEN = (
    "豹皮坎肩 老猎户的", "金猫豹牙 银套 吊坠", "虎皮一张 头尾俱全", "甲珠 半斤 干货",
    "老虎须 三根", "盔犀头壳 红皮厚", "鳞片 山甲 老药铺存货", "黑犀料子 手串 鱼籽纹",
    "海龟背甲 老壳 可做镯", "羚羊尖 半支 磨水喝",
)  # fmt: skip
ORDINARY = (
    "高压锅密封圈 24cm", "欧式铁艺晾衣架 阳台", "初三物理复习资料 电子版", "拉布拉多狗绳 两米",
    "老式绿皮火车模型", "雨天出行注意事项", "紫砂小品壶 朱泥 120cc", "山药粉 冲饮 500克",
    "牙龈肿痛怎么办", "蓝牙自拍杆 三脚架", "虎年纪念邮票 小版张", "大象鼻子儿童滑梯",
    "和田玉平安扣 青白", "牛角梳 按摩", "核桃手串 狮子头 40mm", "搬新家送花篮",
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    return load_reader(bundled())


def test_the_shipped_model_raises_unseen_offers_and_no_ordinary_title(
    reader: SecondReader,
) -> None:
    texts = {each.text for each in shipped()}
    assert not texts & {*UNSEEN, *ORDINARY}
    found = [each for each in UNSEEN if reader.score(each) > reader.threshold]
    assert len(found) >= len(UNSEEN) / 2, found
    assert [each for each in ORDINARY if reader.score(each) > reader.threshold] == []


def test_the_shipped_model_was_trained_on_the_shipped_examples(reader: SecondReader) -> None:
    examples = shipped()
    assert reader.examples == len(examples)
    assert reader.trained_on == digest(examples)
    assert reader.measures["missed_found"] >= reader.measures["missed"] / 2
    ordinary = sum(each.ordinary for each in examples)
    assert reader.measures["titles"] == ordinary
    assert ordinary > sum(each.offer for each in examples)


def test_reasons_name_pairs_before_characters() -> None:
    reader = SecondReader({"虎": 1.0, "皮": 0.5, "虎皮": 2.0, "张": 0.1, "看": -3.0}, -1.0, 0.5)
    assert reader.reasons("虎皮一张 看图") == ["虎皮", "皮一", "一张"]
    assert reader.reasons("看") == []


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    reader = SecondReader({"虎": 0.25, " ": -1.5}, -0.5, 0.75, 3, "abc", {"valid": 50}, "r", "now")
    path = tmp_path / "reader.json"
    save_reader(reader, path)
    assert load_reader(path) == reader
    assert reader.score("虎") > reader.score("猫")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is missing"),
        ("{", "cannot be read"),
        ("[]", "not a second reader of this version"),
        ('{"format": "wildcrawl ranking 1"}', "not a second reader of this version"),
        ('{"weights": {"虎": "x"}, "bias": 0, "threshold": 0}', "is damaged"),
        ('{"weights": {"虎": NaN}, "bias": 0, "threshold": 0}', "is damaged"),
        ('{"weights": []}', "is damaged"),
    ],
)
def test_a_file_that_is_no_model_is_named_with_the_fix(
    tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "reader.json"
    if content is not None:
        document = content
        if content.startswith('{"weights"'):
            document = json.dumps(json.loads(content) | {"format": "wildcrawl second reader 1"})
        path.write_text(document, encoding="utf-8")
    with pytest.raises(ReaderError, match=f"{path}.*{said}.*scrapy second-look --train"):
        load_reader(path)


def test_the_shipped_model_was_trained_with_the_shipped_rules() -> None:
    """After a change of keywords.yaml: scrapy second-look --train --examples-only -o MODEL."""
    assert load_reader(bundled()).rules == fingerprint(load_vocabulary())
