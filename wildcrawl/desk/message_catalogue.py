"""Message catalogue: Chinese of the English messages that files, worksheets and imports give.

A template has names in braces for what differs. A lower-case name is kept as it is, a capitalised
one is a message or word that is translated too, {Words} a list of words of closed columns, and
{Place} the name of a cell.
"""

from __future__ import annotations

from collections.abc import Mapping

FAULTS: Mapping[str, str] = {
    "is empty; name the site of the advertisement": "为空；请填写广告所在的网站",
    "are all empty; give one of them": "都为空；请至少填写一项",
    "names no advertisement; write the address of its own page, or give an ad_id or a title": (
        "不是某条广告的网址；请填写该广告自己的网址，或填写编号或标题"
    ),
    "is a file of a computer; write the address of the advertisement's own page, or leave it "
    "empty": "是电脑中的文件；请填写该广告自己的网址，或留空",
    "{Damage}; format the column as text and export it again, or give the advertisement's own "
    "address in url": "{Damage}；请把该列设为文本格式后重新导出，或在网址栏填写该广告自己的网址",
    "is a number in scientific form, without its last digits": "是科学计数法的数字，末几位已丢失",
    "is a rounded number, without its last digits": "是四舍五入的数字，末几位已丢失",
    "is a date that a spreadsheet has made of an id": "被表格软件由编号变成了日期",
    "is a list; give one text": "是列表；请只填写一段文字",
    "is not a valid {What}; {Fix}, or leave it empty": "不是有效的{What}；{Fix}，或留空",
    "is not a valid {What}; {Fix}": "不是有效的{What}；{Fix}",
    "is more than {most}; correct it": "大于 {most}；请更正",
    "post '{post}' of '{account}' in survey '{name}' has a number below 0; correct it": (
        "调查“{name}”中账号“{account}”的帖子“{post}”编号小于 0；请更正"
    ),
    "survey '{name}' names {number} accounts, but has posts of {dealers}; correct the number": (
        "调查“{name}”写的是 {number} 个账号，却有 {dealers} 个账号的帖子；请更正账号数"
    ),
    "survey '{name}' names {number} accounts, but {listed} have a status in {year}; correct the "
    "number, or add their rows": (
        "调查“{name}”写有 {number} 个账号，但 {year} 年只有 {listed} 个有状态；"
        "请更正数目，或补填各账号"
    ),
    "is not a whole number from 0; write a count such as 3": "不是 0 以上的整数；请填写数目，如 3",
    "is not a date from {first} to {last}; write 2016-05-03 or 2016-05-03T14:30 (China's time)": (
        "不是 {first} 至 {last} 年间的日期；请写成 2016-05-03 或 2016-05-03T14:30（中国时间）"
    ),
    "is not a date from {first} to {last}, since it has no year; write it too, as in 2016-05-03": (
        "没有年份，不是 {first} 至 {last} 年间的日期；请写上年份，如 2016-05-03"
    ),
    "is not a date from {first} to {last}; write {day} or {other}, since day and month may be "
    "either": "不是 {first} 至 {last} 年间的日期；日与月不明，请写成 {day} 或 {other}",
    "is in the future; write the date on which it was found": "是将来的日期；请填写发现的日期",
    "is not a valid species group; {Fix}": "不是物种名称；{Fix}",
    "is ticked as nothing found but has advertisements, which are counted; remove the tick": (
        "已勾选“已搜索，无结果”，但填有广告，广告照常计入；请取消勾选"
    ),
    "is empty; give the keyword that found it": "为空；请填写搜到它的关键词",
    "is not a tick; write x, or leave it empty": "不是勾选标记；请填 x，或留空",
    "is not a keyword of the vocabulary; {Fix}": "不是词表中的关键词；{Fix}",
    "did you mean '{word}'?": "是否应为“{word}”？",
    "choose one of the Search sheet": "请从 Search 表中选择",
    "did you mean '{word}'? Choose one of {Words}": "是否应为“{word}”？请选择其中之一：{Words}",
    "did you mean '{word}' ({column})? Choose one of {Words}": (
        "是否应为“{word}”（{column}）？请选择其中之一：{Words}"
    ),
    "choose one of {Words}": "请选择其中之一：{Words}",
    "{Fault}; no advertisement in the store has this address": "{Fault}；数据库中没有该网址的广告",
    # Surveys
    "is not a year from {first} to {last}; write it as 2016": (
        "不是 {first} 至 {last} 年间的年份；请写成 2016"
    ),
    "is not a time of day; write it as 09:00 (China's time)": (
        "不是时间；请写成 09:00（中国时间）"
    ),
    "may be '{name}', of which a spreadsheet made a date; format the column as text and write the "
    "name again": "可能是“{name}”被表格软件变成了日期；请把该列设为文本格式后重新填写名称",
    "is a date that a spreadsheet may have made of a name such as 2016-1; format the column as "
    "text and write the name again": (
        "是日期，可能由 2016-1 之类的名称被表格软件变成；请把该列设为文本格式后重新填写名称"
    ),
    "is empty; give it with the totals of images and videos": (
        "为空；填写图片和视频总数时须填写此项"
    ),
    "has the day and the totals of '{name}'; a survey is entered once, under one name; if it is "
    "another one, give both their start": (
        "与“{name}”的日期和总数相同；"
        "一次调查只填一次、用一个名称；如果确是另一次，请填写两者的开始时间"
    ),
    "is a total of a survey that has posts; leave it empty": "是已有帖子的调查的总数；请留空",
    "is not in the sheet Surveys; add it there first": "不在 Surveys 表中；请先添加",
    "is not in the sheet Accounts; add it there first": "不在 Accounts 表中；请先添加",
    "has no status in {year} in the sheet Accounts; add its row of {again}": (
        "在 Accounts 表中没有 {year} 年的状态；请添加 {again} 年的一行"
    ),
    "has totals in the sheet Surveys; empty them there, or omit its posts": (
        "在 Surveys 表中已填总数；请清空总数，或不填帖子"
    ),
    "is a survey of no account; give their number, or leave it empty": (
        "表示没有调查任何账号；请填写账号数，或留空"
    ),
    "is not a number of advertisements from 1 to {most}; empty counts as 1": (
        "不是 1 至 {most} 之间的广告数；留空算作 1"
    ),
    "is already a post of the account in survey '{name}' of the same day; a survey is entered "
    "once, under one name": (
        "已是该账号在同一天的调查“{name}”中的帖子；一次调查只填一次、用一个名称"
    ),
    "is a day to come; write the day of the survey, up to {day}": (
        "是将来的日期；请填写调查的日期，最晚为 {day}"
    ),
    "is a former name of '{other}' in line {line} already; add that name here if all are one "
    "account, or remove the former one": (
        "已是第 {line} 行“{other}”的曾用名；若都是同一账号，请在此加上该名，否则请删去曾用名"
    ),
    "is empty; give {What}": "为空；请填写{What}",
    "is empty; choose one of {Words}": "为空；请选择其中之一：{Words}",
}
"""What is wrong with a cell, and the fix; it follows the cell's value."""

ROWS: Mapping[str, str] = {
    "{Place}: '{value}' {Fault}": "{Place}：“{value}”{Fault}",
    "{Place}: {Column} {Fault}": "{Place}：{Column}{Fault}",
    "{Place}: {Row}": "{Place}：{Row}",
    "has {cells} cells where the header has {columns}; put a cell that holds the separator in "
    "quotes": "有 {cells} 个单元格，而表头有 {columns} 个；含有分隔符的单元格请加引号",
    "has {cells} cells where the header has {columns}; add the missing separators, and put a cell "
    "that holds a line break in quotes": (
        "有 {cells} 个单元格，而表头有 {columns} 个；请补上缺少的分隔符，含有换行的单元格请加引号"
    ),
    "has a cell in a column without a name; name the column, or empty it": (
        "没有列名的列中有内容；请为该列命名，或清空它"
    ),
    "{Column} holds the error {error}; write its value": "{Column}是错误值 {error}；请填写实际的值",
    "{Column} holds {signs}, as a column that is too narrow shows it; write its value": (
        "{Column}是 {signs}，即列太窄时显示的符号；请填写实际的值"
    ),
    "{Column}: the spreadsheet read '{value}' as a number and lost its last digits; format the "
    "column as text and type it again": (
        "{Column}：表格软件把“{value}”当作数字，末几位已丢失；请把该列设为文本格式后重新填写"
    ),
    'its quotation marks do not match ({Error}); put the cell in quotes and write "" for a '
    "quotation mark within it": ('引号不成对（{Error}）；请给单元格加引号，其中的引号写成 ""'),
    "the row has more than {lines} lines or {characters} characters": (
        "该行超过 {lines} 行或 {characters} 个字符"
    ),
    "ends with a comma; remove it from the end of each line": "行末有逗号；请去掉每行末尾的逗号",
    "is not a JSON object; write one object per line": "不是 JSON 对象；请每行写一个对象",
    "is not a JSON object ({error}); write one object per line": (
        "不是 JSON 对象（{error}）；请每行写一个对象"
    ),
    "{Column} is not a text, a number or a list of texts; write one of these": (
        "{Column}不是文字、数字或文字的列表；请写成其中之一"
    ),
    "{name} is already in line {line} of the {What}; remove one of the two rows": (
        "{name} 已在{What}的第 {line} 行中；请删去其中一行"
    ),
    "it has the title and the seller of line {line}, but another price; give both rows an ad_id or "
    "a url, or the date on which each was found in found_at": (
        "标题和卖家与第 {line} 行相同，但价格不同；"
        "请给两行都填写编号或网址，或在发现时间栏填写各自的日期"
    ),
    "verdict: '{verdict}' contradicts '{other}' in line {line} for the same advertisement; keep "
    "one of the two rows": (
        "判定：“{verdict}”与第 {line} 行对同一广告的“{other}”矛盾；请只保留其中一行"
    ),
    "verdict: '{verdict}' contradicts '{other}' in line {line} for the same advertisement; keep "
    "one of the two rows, or give each its found_at": (
        "判定：“{verdict}”与第 {line} 行对同一广告的“{other}”矛盾；"
        "请只保留其中一行，或分别填写发现时间"
    ),
    "verdict: {name} left it to a second person; give that person's verdict, with the name in "
    "screened_by, or judge it at the desk": (
        "判定：{name} 已留给第二人判定；请填写第二人的判定，并在审核人栏填写其姓名，或在工作台判定"
    ),
    "key: it is that of '{title}' ({ad}), but the title and the url are another advertisement's; "
    "empty the key if the row is a new advertisement": (
        "识别码属于“{title}”（{ad}），但标题和网址是另一条广告的；如果该行是新广告，请清空识别码"
    ),
    "key: '{key}' is damaged; copy the key again from the exported file, or empty the cell if the "
    "row is a new advertisement": (
        "识别码“{key}”已损坏；请从导出的文件重新复制；如果该行是新广告，请清空该单元格"
    ),
    "key: '{key}' is of no advertisement in this store; read the file into the store it was "
    "exported from, or empty the cell if the row is a new advertisement": (
        "识别码“{key}”不属于此数据库中的广告；"
        "请导入导出它的数据库；如果该行是新广告，请清空该单元格"
    ),
}
"""What is wrong with a row, with the place before it or without."""

FILES: Mapping[str, str] = {
    "{path}: this is a folder; name a file in it": "{path}：这是文件夹；请指定其中的文件",
    "{path}: no such file": "{path}：没有这个文件",
    "{path} cannot be read: {Error}": "{path} 无法读取：{Error}",
    "{path} cannot be read ({Error})": "{path} 无法读取（{Error}）",
    "{path} is empty (0 bytes); save it again, or ask for it again": (
        "{path} 是空文件（0 字节）；请重新保存，或请对方重新发送"
    ),
    "{path} is empty; its first line must name the columns": "{path} 是空的；第一行必须是列名",
    "{path} is empty; the first row must name the columns": "{path} 是空的；第一行必须是列名",
    "{path} is empty; write one JSON object per line": "{path} 是空的；请每行写一个 JSON 对象",
    "{path} is a single JSON list; write one object per line, without the list": (
        "{path} 是一个 JSON 列表；请每行写一个对象，不要列表"
    ),
    "{path} is a binary workbook (XLSB); {Fix}": "{path} 是二进制工作簿（XLSB）；{Fix}",
    "{path} is a text document; copy its table into a spreadsheet": (
        "{path} 是文字文档；请把其中的表格复制到电子表格中"
    ),
    "{path} is a Numbers document; export it as XLSX": "{path} 是 Numbers 文档；请导出为 XLSX",
    "{path} is an XML spreadsheet of 2003; {Fix}": "{path} 是 2003 版的 XML 表格；{Fix}",
    "{path} is protected with a password; open it in a spreadsheet and save it as XLSX without a "
    "password": "{path} 有密码保护；请用表格软件打开，不设密码另存为 XLSX",
    "{path} is not an XLSX workbook, nor one in another format that can be read; {Fix}": (
        "{path} 不是 XLSX 工作簿，也不是其他可读取的格式；{Fix}"
    ),
    "{path} is not an {format} workbook that can be read ({Error}); {Fix}, without a password": (
        "{path} 不是可读取的 {format} 工作簿（{Error}）；{Fix}，不设密码"
    ),
    "open it in a spreadsheet and save it as XLSX": "请用表格软件打开并另存为 XLSX",
    "{path} is too large to be read: {Why}; split it into several files": (
        "{path} 太大，无法读取：{Why}；请拆分成几个文件"
    ),
    "it unpacks to {size} MiB, over {most} MiB": "解压后为 {size} MiB，超过 {most} MiB",
    "the folder {folder} of temporary files cannot be written: {Error}; make room, or name another "
    "in TMPDIR": "临时文件夹 {folder} 无法写入：{Error}；请腾出空间，或在 TMPDIR 中另指定文件夹",
    "in sheet '{sheet}' {Why}": "在“{sheet}”表中，{Why}",
    "in its part '{part}' {Why}": "在其“{part}”部分中，{Why}",
    "row {row} has a cell of {number} characters": "第 {row} 行有一个单元格含 {number} 个字符",
    "row {row} has {number} cells": "第 {row} 行有 {number} 个单元格",
    "row {row} has a cell in column {column}": "第 {row} 行在第 {column} 列有单元格",
    "a row has {number} cells": "有一行含 {number} 个单元格",
    "it has more than {number} rows": "超过 {number} 行",
    "it has more than {number} cells": "超过 {number} 个单元格",
    "it has more than {number} links": "超过 {number} 个链接",
    "it has more than {number} texts": "超过 {number} 段文字",
    "it has more than {number} tags between two rows": "两行之间超过 {number} 个标签",
    "its texts have more than {number} characters": "文字超过 {number} 个字符",
    "it takes more than {seconds} s": "读取时间超过 {seconds} 秒",
    "it takes more than {size} MiB of memory": "占用内存超过 {size} MiB",
    "it is protected with a password": "有密码保护",
    "{path} takes more than {seconds} s to read; {Fix}": "{path} 读取时间超过 {seconds} 秒；{Fix}",
    "{path} cannot be read within {size} MiB of memory; {Fix}": (
        "{path} 无法在 {size} MiB 内存内读取；{Fix}"
    ),
    "{path} has {parts} parts; the most is {most}; {Fix}": (
        "{path} 含 {parts} 个部分，最多 {most} 个；{Fix}"
    ),
    "{path} has more than {rows} rows or {cells} cells; {Fix}": (
        "{path} 超过 {rows} 行或 {cells} 个单元格；{Fix}"
    ),
    "{path} unpacks to more than {size} MiB; {Fix}": "{path} 解压后超过 {size} MiB；{Fix}",
    "save only the worksheet's own sheets as a new XLSX file": (
        "请只把工作表自己的几张表另存为新的 XLSX 文件"
    ),
    "save it as 'CSV UTF-8'": "请另存为“CSV UTF-8”",
    "{path} is UTF-8 with broken bytes, first in line {line}; {Fix} again": (
        "{path} 是 UTF-8，但有损坏的字节，最先在第 {line} 行；{Fix}"
    ),
    "{path} is neither UTF-8 nor UTF-16 nor GB18030 (GBK, GB2312); {Fix}": (
        "{path} 不是 UTF-8、UTF-16 或 GB18030（GBK、GB2312）编码；{Fix}"
    ),
    "{path} cannot be read as {charset} (line {line}); {Fix}": (
        "{path} 不能按 {charset} 编码读取（第 {line} 行）；{Fix}"
    ),
    "{path}: '{charset}' is not a known charset; try utf-8 or gb18030": (
        "{path}：“{charset}”不是已知的编码；请用 utf-8 或 gb18030"
    ),
    "{path}, line {line} has more than {number} characters; save it with a line for each row": (
        "{path} 的第 {line} 行超过 {number} 个字符；请保存为每条记录一行"
    ),
    "{path}, line {line}: {Row}": "{path}，第 {line} 行：{Row}",
    "{path} is not a worksheet; give an .xlsx or .csv file": (
        "{path} 不是工作表；请选择 .xlsx 或 .csv 文件"
    ),
    "{path} has no sheet '{sheet}'; {Fix}": "{path} 中没有“{sheet}”表；{Fix}",
    "{path} has no sheet '{sheet}'; it has {sheets}": "{path} 中没有“{sheet}”表；有 {sheets}",
    "{path} has no sheets; leave sheet={sheet} out": "{path} 没有分表；请去掉 sheet={sheet}",
    "{path} does not name its site; {Fix}": "{path} 没有写明网站；{Fix}",
    "{path} is a worksheet of '{site}', not of '{own}'; read it with: {command}": (
        "{path} 是“{site}”的工作表，不是“{own}”的；请在那个网站的页面导入，或用：{command}"
    ),
    "write a new one with 'scrapy worksheet SITE' and copy the filled cells into it": (
        "请下载新的工作表（或用 scrapy worksheet SITE），把填好的单元格复制过去"
    ),
    "{path}: '{name}' is not a known column; {Fix}": "{path}：“{name}”不是已知的列；{Fix}",
    "{path}: the column '{name}' is missing; {Fix}": "{path}：缺少“{name}”列；{Fix}",
    "{path}: the column 'site' is missing; add it, with the site of each advertisement": (
        "{path}：缺少“site”列；请添加，并填写每条广告的网站"
    ),
    "{path}: the column '{name}' of {What} is missing; add it": (
        "{path}：{What}缺少“{name}”列；请添加"
    ),
    "{path}: column '{name}' appears twice; remove one": "{path}：“{name}”列出现两次；请删去一列",
    "{path}: '{ending}' is not a supported file type; use one of {names}": (
        "{path}：不支持“{ending}”类型的文件；可用 {names}"
    ),
    "{path} has no sheet of records among {sheets}; a sheet of records has the column site (网站) "
    "and one of ad_id (编号), url (网址) and title (标题) in its header": (
        "{path} 的 {sheets} 中没有记录表；记录表的表头须有网站（site）一列，"
        "以及编号（ad_id）、网址（url）、标题（title）之一"
    ),
    "{path} has several sheets of records: {sheets}; read one after the other with -a "
    "'sheet={name}', and so on, and leave out copies": (
        "{path} 有几张记录表：{sheets}；请用 -a 'sheet={name}' 等逐张读取，不要读取副本"
    ),
    "read the sheet '{sheet}'; {sheets} also {verb} the columns of records and {other} not read: "
    "to read it, add -a 'sheet={name}'": (
        "已读取“{sheet}”表；{sheets} 也有记录的列，但没有读取：如需读取，请加 -a 'sheet={name}'"
    ),
    "lines above the header were not read: {lines}": "表头以上的行没有读取：{lines}",
    "{number} NUL characters were dropped; check the program that wrote the file": (
        "去掉了 {number} 个 NUL 字符；请检查生成该文件的程序"
    ),
    "rows of totals were left out (lines {lines})": "合计行没有读取（第 {lines} 行）",
    "sheet '{sheet}' is hidden and was read like the others; {Fix}": (
        "“{sheet}”表是隐藏的，已照常读取；{Fix}"
    ),
    "hidden rows of sheet '{sheet}' were read like the others (lines {lines}); {Fix}": (
        "“{sheet}”表中隐藏的行已照常读取（第 {lines} 行）；{Fix}"
    ),
    "url: '{value}' is no address, and the row repeats line {line}; write the address of each, or "
    "delete the row": (
        "网址：“{value}”不是网址，该行只重复第 {line} 行；请写上各行的网址，或删除该行"
    ),
    "line {line} is the header of other columns; {Fix}": "第 {line} 行是另一种表头；{Fix}",
    "put each table into a file of its own": "请把每个表格分别存为一个文件",
    "site '{site}' is not known, and the row has neither a title nor a url; write the name of a "
    "site, or delete the row if it belongs to another table": (
        "网站“{site}”未知，且该行既无标题也无网址；请填写网站名称，如属另一表格请删除该行"
    ),
    "struck-out rows of sheet '{sheet}' were read like the others (lines {lines}); {Fix}": (
        "“{sheet}”表中加了删除线的行已照常读取（第 {lines} 行）；{Fix}"
    ),
    "hidden columns of sheet '{sheet}' were read like the others ({names}); {Fix}": (
        "“{sheet}”表中隐藏的列已照常读取（{names}）；{Fix}"
    ),
    "delete what does not count, and read the file again": (
        "如有不应计入的内容，请删除后重新导入该文件"
    ),
    "'{name}' appears twice; remove one": "“{name}”出现了两次；请删除其中一个",
    "it has no rows below its header": "表头下方没有任何行",
    "{number} rows have keys that this store does not know (lines {lines}); their ids are "
    "undamaged, so they were recorded as new advertisements": (
        "{number} 行的识别码在此数据库中不存在（第 {lines} 行）；编号完好，已记为新广告"
    ),
    "{path} cannot be written: {Error}; the rejected rows are only in this log: make the file "
    "writable and read the records again": (
        "{path} 无法写入：{Error}；被拒绝的行只在本日志中：请使该文件可写，然后重新导入"
    ),
    "{path} is not a file of surveys; give an .xlsx or .csv file, or a folder of CSV files": (
        "{path} 不是调查文件；请选择 .xlsx 或 .csv 文件，或 CSV 文件的文件夹"
    ),
    "{path} has none of the columns post (posts), status (accounts) and date (surveys); 'scrapy "
    "survey-template -o FOLDER' writes the three files": (
        "{path} 中没有 post（帖子）、status（账号）、date（调查）任何一列；"
        "用 scrapy survey-template -o FOLDER 可生成三个文件"
    ),
    "{path} has none of the sheets {sheets}; 'scrapy survey-template' writes a workbook that has "
    "them": "{path} 中没有 {sheets} 任何一张表；用 scrapy survey-template 可生成含有它们的工作簿",
    "the folder {path} has none of {names}": "文件夹 {path} 中没有 {names} 任何一个",
    "No such file or directory": "没有这个文件或文件夹",
    "Permission denied": "没有权限",
    "No space left on device": "磁盘已满",
    "File is not a zip file": "不是 ZIP 文件",
    "unexpected end of data": "文件在单元格中间结束",
}
"""What is wrong with a file, or to be said of it."""

RUNS: Mapping[str, str] = {
    "{site}: {new} new, {Seen}, {aside} set aside, {irrelevant} irrelevant{Reused}; {pages} search "
    "pages, {requests} requests: {Judged}": (
        "{site}：新增 {new} 条，{Seen}，自动排除 {aside} 条，无关 {irrelevant} 条{Reused}；"
        "搜索页 {pages} 页，请求 {requests} 次：{Judged}"
    ),
    "{n} seen": "再次看到 {n} 条",
    "{n} seen ({sold} sold)": "再次看到 {n} 条（已售 {sold} 条）",
    "; ids with another advertisement, to judge again: {n}": (
        "；编号已换成另一条广告、需要重新判定：{n} 条"
    ),
    "{Health} ({Reasons})": "{Health}（{Reasons}）",
    "not finished": "未完成",
    "{n} keywords are neither ticked nor have an advertisement, so they count as not "
    "searched: {Terms}": "有 {n} 个关键词既没有勾选也没有广告，算作没有搜索：{Terms}",
    "{site}: nothing was imported: {Why}": "{site}：没有导入任何内容：{Why}",
    "{site}: the run could not be stored; the messages below give the reason": (
        "{site}：本次导入无法存入数据库，原因见下"
    ),
    "the start of the run could not be stored: {error}": "导入的开始无法存入数据库：{error}",
    "the run itself could not be stored: {error}": "本次导入无法存入数据库：{error}",
    "the custody log lacks verdicts that the store has: {error}": (
        "数据库中的部分判定未能写入保管日志：{error}"
    ),
    "reading stopped; what was read before is stored": "读取中断；之前导入的内容已保存",
    "{ad} could not be processed": "{ad} 无法处理",
    "'{month}' is not a month; write it as YYYY-MM, for example 2016-05": (
        "“{month}”不是月份；请写成 YYYY-MM，如 2016-05"
    ),
    "{month} has not begun; the latest month that can be exported is {latest}": (
        "{month} 还没有开始；最晚可导出 {latest}"
    ),
}
"""What an import says of itself."""

WORDS: Mapping[str, str] = {
    "product type": "产品类型",
    "age claim": "卖家所称年代",
    "verdict": "判定",
    "status": "状态",
    "species": "物种",
    "accounts": "账号表",
    "surveys": "调查表",
    "posts": "帖子表",
    "the account's name": "账号名",
    "the survey a unique name, such as 2016-1": "未用过的调查名称，如 2016-1",
    "the survey's name": "调查名称",
    "the day on which it began, such as 2016-05-12": "开始的日期，如 2016-05-12",
    "the post a number, unique within account and survey": "帖子编号（在该账号的该次调查中唯一）",
}
"""Words within messages."""
