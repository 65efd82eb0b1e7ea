"""`scrapy retag` and the notes on other rules, in the commands that a person runs."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.crawling import scrapy

RECORDS = """\
site,ad_id,title,price,found_at,verdict,image_urls
mall,1,象牙手镯,300,2016-05-03,,
mall,2,熊牙吊坠 老象牙珠,500,2016-05-04,,
mall,3,象牙印章,500,2016-05-05,valid,
"""
OTHER = """\
groups:
  bear:
    label: Bear
    label_zh: 熊
    keywords: [{term: 熊牙, kind: name, ambiguous: false, since: 2016-06}]
  ivory:
    label: Ivory
    label_zh: 象牙
    keywords: [{term: 象牙, kind: name, ambiguous: false, since: 2012-01}]
  general: {label: General, label_zh: 综合, keywords: []}
"""


def test_an_export_and_the_queue_report_other_rules_until_retag(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(OTHER, encoding="utf-8")
    done = scrapy("crawl", "records", "-a", "file=records.csv", folder=tmp_path)
    assert done.code == 0, done.err
    assert "other rules" not in scrapy("queue", folder=tmp_path).out
    other = {"WILDCRAWL_KEYWORDS": "other.yaml"}
    assert (
        "than those of the vocabulary: 3; 2 without"
        in scrapy("queue", folder=tmp_path, **other).out
    )
    export = ("export", "2016-05", "-o", "report", "--include-pending", "--format", "csv")
    said = scrapy(*export, folder=tmp_path, **other).err
    assert "3 advertisements on record were tagged by other rules" in said
    tried = scrapy("retag", "--dry-run", folder=tmp_path, **other)
    assert tried.code == 0, tried.err
    assert "Of the 2 without a verdict, 2 would change." in tried.out
    assert "Nothing was written" in tried.out
    lines = scrapy("retag", folder=tmp_path, **other).out.splitlines()
    assert lines[:2] == [
        "3 advertisements on record were tagged by other rules; 1 of them is judged and keeps "
        "its tags.",
        "Of the 2 without a verdict, 2 changed.",
    ]
    assert "likely: bear       0       1      +1" in lines
    said = scrapy(*export, folder=tmp_path, **other).err
    assert "0 without a verdict" in said
    assert "no keyword of the species was monitored: Bear 1 (May 2016)" in said
    assert "Of the 0 without a verdict, 0 changed." in scrapy("retag", folder=tmp_path, **other).out
