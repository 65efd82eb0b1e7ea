"""Store messages: Chinese of what the store, the evidence, pictures and letters report at the desk.

The templates are written as those of `message_catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping

STORES: Mapping[str, str] = {
    "the store {path}: {error}": "数据库 {path}：{error}",
    "the store {path}: {error}; {Fix}": "数据库 {path}：{error}；{Fix}",
    "the disk is full; free some space and try again": "磁盘已满；请腾出空间后重试",
    "the disk cannot be read or written; check it and its free space": (
        "磁盘无法读写；请检查磁盘及剩余空间"
    ),
    "the file is not a SQLite database; name another file for the store": (
        "该文件不是 SQLite 数据库；请为数据库指定另一个文件"
    ),
    "make the file and its folder writable": "请使该文件及其文件夹可写",
    "other processes have been writing for {n} s without a pause; try again once they end": (
        "其他进程已连续写入 {n} 秒；请在其结束后重试"
    ),
    "fix the user name or the password in WILDCRAWL_STORE": (
        "请改正 WILDCRAWL_STORE 中的用户名或密码"
    ),
    "let this user read and write the database": "请允许该用户读写数据库",
    "the store {path} does not exist; restore a backup of it, or run a crawl": (
        "数据库 {path} 不存在；请恢复备份，或先运行一次搜索"
    ),
    "the store {path} is a folder; name a file in it": (
        "数据库 {path} 是一个文件夹；请指定其中的一个文件"
    ),
    "the store {url} does not answer: {error}; start the server, or fix its address in "
    "WILDCRAWL_STORE": (
        "数据库 {url} 没有答复：{error}；请启动服务器，或改正 WILDCRAWL_STORE 中的地址"
    ),
    "the store {path} has been closed; open it again": "数据库 {path} 已关闭；请重新打开",
    "the store {path} was deleted while it was in use; put the file or a backup of it back, then "
    "import what was saved": (
        "数据库 {path} 在使用中被删除；请放回该文件或其备份，然后导入已保存的内容"
    ),
    "the store {path} was replaced by another file while it was in use; what is written now would "
    "be lost, so nothing more is written": (
        "数据库 {path} 在使用中被另一个文件替换；继续写入会丢失，因此已停止写入"
    ),
    "the store {path}: the log beside it was removed or replaced while it was in use; what is "
    "written now could be lost, so nothing more is written": (
        "数据库 {path}：其旁的日志文件在使用中被删除或替换；继续写入可能会丢失，因此已停止写入"
    ),
    "the store {path}: the log beside it was cut short while it was in use; what was written last "
    "is lost, so nothing more is written": (
        "数据库 {path}：其旁的日志文件在使用中被截短；最后写入的内容已丢失，因此已停止写入"
    ),
    "the store {path} was replaced or emptied while it was in use: the run that it had is "
    "missing": ("数据库 {path} 在使用中被替换或清空：原有的运行记录已缺失"),
    "the store {path}: the file is damaged ({error}); restore a backup": (
        "数据库 {path}：文件已损坏（{error}）；请恢复备份"
    ),
    "the store {path} is incomplete, since its restore was interrupted; repeat it: scrapy restore "
    "FILE": "数据库 {path} 不完整，因为恢复被中断；请重新恢复：scrapy restore FILE",
    "{path} was written by a later wildcrawl (layout {n}, this one reads up to {n2}); update "
    "wildcrawl": (
        "{path} 由更新版的 wildcrawl 写成（格式 {n}，本版最高可读 {n2}）；请更新 wildcrawl"
    ),
    "{path} is another program's database; name another file for the store": (
        "{path} 是其他程序的数据库；请为数据库指定另一个文件"
    ),
    "the folder {path} of the store {name} is missing; create it": (
        "数据库 {name} 所在的文件夹 {path} 不存在；请创建"
    ),
    "another process took over the writer lock": "另一个进程已接管写入锁",
    "advertisement '{ad}' of site '{site}' was judged by {name}": (
        "网站“{site}”的广告“{ad}”已由{name}判定"
    ),
    "advertisement '{ad}' of site '{site}' was judged by another person": (
        "网站“{site}”的广告“{ad}”已由他人判定"
    ),
    "{path} has no advertisement '{ad}' of site '{site}'": (
        "{path} 中没有网站“{site}”的广告“{ad}”"
    ),
    "'{word}' is not a valid species group; choose one of {words}": (
        "“{word}”不是物种名称；请选择其中之一：{words}"
    ),
    "'{word}' is not a valid species group (did you mean '{near}'?); choose one of {words}": (
        "“{word}”不是物种名称；是否应为“{near}”？请选择其中之一：{words}"
    ),
    "'{word}' is not a valid {What} (did you mean '{near}'?); choose one of {Words}, or leave it "
    "empty": "“{word}”不是有效的{What}；是否应为“{near}”？请选择其中之一：{Words}，或留空",
    "'{word}' is not a valid {What}; choose one of {Words}, or leave it empty": (
        "“{word}”不是有效的{What}；请选择其中之一：{Words}，或留空"
    ),
    "'{word}' is not a valid {What}; choose one of {Words}": (
        "“{word}”不是有效的{What}；请选择其中之一：{Words}"
    ),
    "'{reason}' is not a valid reason; choose one of {words}": (
        "“{reason}”不是可选的原因；请选择其中之一：{words}"
    ),
    "the store has the reason '{reason}' for the verdict on {site} {id}, which is not valid; give "
    "it anew at the desk: {words}": (
        "数据库中 {site} {id} 的判定原因“{reason}”无效；请在工作台重新选择：{words}"
    ),
    "the verdict '{Verdict}' has no reasons": "判定“{Verdict}”没有原因可选",
    "'{text}' is not a valid price in USD; write for example 250": (
        "“{text}”不是有效的美元价格；请填写数字，如 250"
    ),
    "'{text}' is not a valid value of removed; choose one of yes, no": (
        "“{text}”不是“已下架”的有效值；请选择 yes（是）或 no（否）"
    ),
    "'{text}' is not a valid sort; choose one of {words}": (
        "“{text}”不是有效的排序方式；请选择其中之一：{words}"
    ),
    "'{month}' is not a valid last month; choose one after the first": (
        "“{month}”不是有效的最后月份；请选择第一个月之后的月份"
    ),
    "'{text}' is not a valid place in a list; open its first page": (
        "“{text}”不是列表中的有效位置；请打开列表的首页"
    ),
    "the text to search has more than {n} characters; shorten it": (
        "搜索的文字超过 {n} 个字符；请缩短"
    ),
}
"""Errors of the store, and of what is searched or written in it."""

EVIDENCE: Mapping[str, str] = {
    "nothing was captured of {url}: {Why}": "{url} 没有保存任何内容：{Why}",
    "the capture of {url} is damaged: its payload has another SHA-256": (
        "{url} 的证据已损坏：内容的 SHA-256 不符"
    ),
    "the custody log is busy; try again": "保管日志正忙；请重试",
    "the place of the evidence is empty; set WILDCRAWL_EVIDENCE_DIR": (
        "没有设置证据的存放位置；请设置 WILDCRAWL_EVIDENCE_DIR"
    ),
    "'{sha}' is not a valid object; give the 64 hex digits of a SHA-256": (
        "“{sha}”不是有效的编号；请给出 SHA-256 的 64 位十六进制数"
    ),
    "the object {sha} in {place} is damaged: its SHA-256 is {other}; restore it from a backup": (
        "{place} 中的对象 {sha} 已损坏：其 SHA-256 为 {other}；请从备份恢复"
    ),
    "the page of {url}, {moment} UTC: {Why}": "{url} 的网页（{moment} UTC）：{Why}",
    "the picture of {url}, {moment} UTC: {Why}": "{url} 的图片（{moment} UTC）：{Why}",
    "the screenshot of {url}, {moment} UTC: {Why}": "{url} 的截屏（{moment} UTC）：{Why}",
    "the object {sha} is missing in {place}; restore it from a backup": (
        "{place} 中没有对象 {sha}；请从备份恢复"
    ),
    "it was declared lost on {day} by {who}": "{who} 于 {day} 声明遗失",
    "its payload has another SHA-256; restore it from a backup": (
        "内容的 SHA-256 不符；请从备份恢复"
    ),
    "the custody log does not have it as it is stored; 'scrapy evidence --verify' checks the whole "
    "log": "保管记录与所存内容不符；'scrapy evidence --verify' 可核验整个记录",
    "a record object has no response; restore it from a backup": (
        "存档中没有网页内容；请从备份恢复"
    ),
    "a WARC record cannot be read: {error}; restore it from a backup": (
        "无法读取 WARC 存档：{error}；请从备份恢复"
    ),
    "the record of {url} is damaged ({error}); restore it from a backup": (
        "{url} 的存档已损坏（{error}）；请从备份恢复"
    ),
    "the body of {url} cannot be decoded: {error}": "{url} 的内容无法解码：{error}",
    "no page with the record {record} is kept; it may be erased": (
        "没有保存编号为 {record} 的网页；可能已删除"
    ),
    "no picture with the SHA-256 {sha} is kept; it may be erased": (
        "没有保存 SHA-256 为 {sha} 的图片；可能已删除"
    ),
    "its capture cannot be read": "证据无法读取",
    "its capture was declared lost": "其证据已声明丢失",
    "it could not be written": "无法写入",
}
"""Errors of the evidence."""

PICTURES: Mapping[str, str] = {
    "empty file": "空文件",
    "file of {n} bytes, more than {n2}": "文件为 {n} 字节，超过 {n2}",
    "not a picture, or of a type that is not read": "不是图片，或为不能读取的类型",
    "damaged from the start": "从开头即已损坏",
    "damaged": "已损坏",
    "damaged {kind}": "{kind} 已损坏",
    "truncated {kind}": "{kind} 内容不完整",
    "{n} x {n2} pixels, more than {n3}": "{n} x {n2} 像素，超过 {n3}",
    "{n} x {n2} pixels, more than {n3} on a side": "{n} x {n2} 像素，单边超过 {n3}",
    "HEIC, which is not read": "HEIC 格式，不能读取",
    "SVG, which is not read": "SVG 格式，不能读取",
    "a page in place of a picture": "返回的是网页而不是图片",
    "JSON in place of a picture": "返回的是 JSON 而不是图片",
    "a document or archive in place of a picture": "返回的是文档或压缩包而不是图片",
    "the text could not be read": "文字无法识别",
    "the model {name} is not in the installed rapidocr; install the version in constraints.txt": (
        "已安装的 rapidocr 中没有模型 {name}；请安装 constraints.txt 中的版本"
    ),
    "reading it took too much memory or time": "读取占用的内存或时间太多",
    "{kind} that takes too much memory to read": "{kind} 文件，读取所需内存太多",
    "reading it took too long": "识别时间太长",
    "the reader's process ended while it was read": "识别程序在读取时中止",
    "not a valid address": "不是有效的网址",
    "no address": "没有网址",
    "a {scheme}: address": "{scheme}: 网址",
    "an address whose host is ambiguous": "网址的域名不明确",
    "redirected to no http(s) address": "重定向到的不是 http(s) 网址",
    "no picture may be fetched": "不允许获取图片",
    "its host does not answer": "图片的服务器没有答复",
    "no host of pictures answers": "图片服务器都没有答复",
    "robots.txt of its host asks for {n} seconds between requests": (
        "其服务器的 robots.txt 要求每次请求间隔 {n} 秒"
    ),
    "robots.txt forbids it": "robots.txt 禁止",
    "too many bytes": "字节太多",
    "the request was not sent": "请求没有发出",
    "cut short": "内容不完整",
    "the crawl ended": "搜索已结束",
    "{n} pictures, of which {n2} are kept": "共 {n} 张图片，保存 {n2} 张",
    "same file": "同一文件",
    "whole picture, nearly unchanged": "整张图片，几乎未改动",
    "mirrored picture, nearly unchanged": "镜像图片，几乎未改动",
    "picture in a frame, nearly unchanged": "边框内的图片，几乎未改动",
    "mirrored picture in a frame, nearly unchanged": "边框内的镜像图片，几乎未改动",
    "crop, nearly unchanged": "裁剪的图片，几乎未改动",
    "mirrored crop, nearly unchanged": "裁剪的镜像图片，几乎未改动",
    "part of it, {n} points": "图片的一部分，{n} 个吻合点",
    "part of it, mirrored, {n} points": "图片的一部分（镜像），{n} 个吻合点",
    "title {n}": "标题相似 {n}",
    "title {n}, description {n2}": "标题相似 {n}，正文相似 {n2}",
}
"""Why a picture or its text was not kept, and how pictures and texts are alike."""

LETTERS: Mapping[str, str] = {
    "All letters of {month} were marked as sent before; nothing is changed.": (
        "{month} 的函件此前都已标记为发出；没有改动。"
    ),
    "No letter about {month} was written; write them: scrapy notices {again}": (
        "没有写 {month} 的函件；请先生成：scrapy notices {again}"
    ),
    "{site}: {n} advertisement in {file} ({reference})": (
        "{site}：{n} 条广告，见 {file}（{reference}）"
    ),
    "{site}: {n} advertisements in {file} ({reference})": (
        "{site}：{n} 条广告，见 {file}（{reference}）"
    ),
    "{site}: {n} advertisement in {file}, {n2} of them notified before ({reference})": (
        "{site}：{n} 条广告，见 {file}，其中 {n2} 条此前已通知（{reference}）"
    ),
    "{site}: {n} advertisements in {file}, {n2} of them notified before ({reference})": (
        "{site}：{n} 条广告，见 {file}，其中 {n2} 条此前已通知（{reference}）"
    ),
    "{site}: left out, as found removed at the last recheck: {n}": (
        "{site}：另有 {n} 条在上次复查时已被移除，没有列入"
    ),
    "When they are sent: scrapy notices {month} --sent today": (
        "发出之后：在下方标记发函日期（或 scrapy notices {month} --sent today）"
    ),
    "No advertisement that was new in {month} has been judged valid.": (
        "{month} 的新增广告中没有判定为有效的。"
    ),
    "{file} is from an earlier run and lists nothing that is still valid; do not send it.": (
        "{file} 是此前生成的，其中已没有有效广告；请勿发送。"
    ),
    "Forgotten, and so in no notice, though the report counts what was valid: {n} of {month}.": (
        "{month} 有 {n} 条已被删除，没有列入函件；报告仍计入其中判定为有效的。"
    ),
    "Without a verdict, and so in no notice: {n} of {month}; screen them first.": (
        "{month} 有 {n} 条待审，没有列入函件；请先审核。"
    ),
    "The letters name no sender; write a file with it (docs/notices.md), set WILDCRAWL_NOTICES and "
    "write them again.": (
        "函件没有写明发函单位；请写入文件（见 docs/notices.md），"
        "设置 WILDCRAWL_NOTICES 后重新生成。"
    ),
    "The letters name no contact; set WILDCRAWL_CONTACT and write them again.": (
        "函件没有写明联系方式；请设置 WILDCRAWL_CONTACT 后重新生成。"
    ),
    "{site}: no law of '{country}' is in the list of laws; the letter has none": (
        "{site}：法律清单中没有“{country}”的条目，函件没有引用法律"
    ),
    "{day} is in the future; give the day on which it happened": (
        "{day} 是将来的日期；请填写实际日期"
    ),
}
"""What the notices' writer reports."""

SIGN_INS: Mapping[str, str] = {
    "signed in": "已登录",
    "signed out": "已退出",
    "entered": "已进入",
    "refused": "已拒绝",
    "sign-in page": "登录页",
    "one-time token": "一次性令牌",
    "wrong or used token": "令牌错误或已使用",
    "wrong name or password": "用户名或密码不正确",
    "role viewer": "查看者角色",
    "no session: {path}": "没有登录：{path}",
}
"""Events of the access log, and their reasons."""
