"""Run messages: Chinese of the sentences that give the reasons of a run's health.

A reason is several of these sentences in a row. In a template {n}, {n2} and so on are numbers, a
lower-case name is kept as it is, and a capitalised one is translated too; {Figures} lists searches
with their numbers, {Column} names fields, and {Reasons} is another row of sentences.
"""

from __future__ import annotations

from collections.abc import Mapping

HEALTH: Mapping[str, str] = {
    "accepted; it was {Health}: {Reasons}": "已由人工认可；原为{Health}：{Reasons}",
    "the site refused further requests after {n} advertisements": (
        "读取 {n} 条广告后，网站拒绝了后续请求"
    ),
    "the site refused further requests after {n} advertisements: {Why}": (
        "读取 {n} 条广告后，网站拒绝了后续请求：{Why}"
    ),
    "robots.txt could not be fetched (status {n}), so no page was requested": (
        "无法获取 robots.txt（状态 {n}），因此没有请求任何网页"
    ),
    "robots.txt could not be fetched ({Why})": "无法获取 robots.txt（{Why}）",
    "robots.txt could not be fetched ({Why}), so no page was requested": (
        "无法获取 robots.txt（{Why}），因此没有请求任何网页"
    ),
    "robots.txt forbids the search; search by hand: scrapy worksheet {site}": (
        "robots.txt 禁止搜索；请人工搜索：scrapy worksheet {site}"
    ),
    "{n} advertisements, expected at least {n2}": "{n} 条广告，预期至少 {n2} 条",
    "no advertisements, expected at least {n}": "没有广告，预期至少 {n} 条",
    "{n} advertisements, where {n2} are usual ({Basis})": ("{n} 条广告，平时为 {n2} 条（{Basis}）"),
    "no advertisements, where {n} are usual ({Basis})": "没有广告，平时为 {n} 条（{Basis}）",
    "no advertisements; the site has none for what was searched": (
        "没有广告；该网站没有所搜内容的广告"
    ),
    "{Column} on {n} of {n2} advertisements, expected {n3}": (
        "{n2} 条广告中 {n} 条有{Column}，预期 {n3}"
    ),
    "{Column} on {n} of {n2} advertisements ({n3}), where it used to be on {n4} ({Basis})": (
        "{n2} 条广告中 {n} 条有{Column}（{n3}），以往为 {n4}（{Basis}）"
    ),
    "stopped early ({reason})": "提前结束（{reason}）",
    "{n} keywords of the worksheet were not searched": "工作表中有 {n} 个关键词没有搜索",
    "{n} of {n2} rows were rejected; the log gives the reasons": (
        "{n2} 行中有 {n} 行没有导入，原因见说明"
    ),
    "{n} errors in the code": "{n} 处程序错误",
    "{n} errors, as logged": "{n} 处错误，见日志",
    "{n} pages that the site reports as missing": "{n} 个网页在网站上已不存在",
    "{n} pages that show neither results nor 'nothing found'": (
        "{n} 页既没有结果，也没有显示“没有搜到”"
    ),
    "{n} unreadable pages": "{n} 页无法读取",
    "{n} pages that could not be fetched": "{n} 页无法获取",
    "{n} failed writes to the store": "{n} 次写入数据库失败",
    "{n} advertisements are not in the store but in {path}": (
        "{n} 条广告没有存入数据库，而是保存在 {path}"
    ),
    "{n} advertisements are not in the store, and no disk could save them": (
        "{n} 条广告没有存入数据库，也没有磁盘可以保存"
    ),
    "{n} of {n2} advertisements that the run stored are not in the store any more: they were "
    "erased meanwhile, or another program removed them; search the site again with --again": (
        "本次运行存入的 {n2} 条广告中，{n} 条已不在数据库中：其间被删除，或被其他程序移除；"
        "请加 --again 重新搜索该网站"
    ),
    "{n} of {n2} prices could not be read, so that figures of prices lack them; compare one with "
    "the site: digits may be hidden, or a point before three digits (12.000) may be one of "
    "decimals or of thousands": (
        "{n2} 个价格中，{n} 个无法读取，因此价格数据不含它们；请与网站对照一个："
        "数字可能被隐藏，或三位数字前的点（12.000）可能是小数点，也可能是千位分隔"
    ),
    "{n} keywords got no answer": "{n} 个关键词没有得到答复",
    "its process ended without closing the run, so its numbers are unknown; what it had stored is "
    "kept": "进程未结束运行即中止，因此数字不明；已存入的内容保留",
    "{n} captures could not be written and remain due ({Why})": (
        "{n} 份证据无法写入，仍待保存（{Why}）"
    ),
    "{n} of {n2} objects of this run are no longer in {place}; was its folder removed?": (
        "本次运行所存的 {n2} 份数据中，有 {n} 份已不在 {place}；其文件夹是否被删除？"
    ),
    "{n} of {n2} objects of earlier captures that were looked for are not in {place}; restore them "
    "from a backup, or set WILDCRAWL_EVIDENCE_DIR to their place ('scrapy evidence --lost' if they "
    "are nowhere)": (
        "抽查了以往证据中的 {n2} 份数据，有 {n} 份不在 {place}；请从备份恢复，"
        "或将 WILDCRAWL_EVIDENCE_DIR 设为其所在位置（如已无处可寻，请运行 scrapy evidence --lost）"
    ),
    "{n} advertisements remain due for their capture": "{n} 条广告的证据仍待保存",
    "none of {n} pictures could be kept ({Why})": "{n} 张图片都未能保存（{Why}）",
    "most often: {Why}": "最常见的原因：{Why}",
    "this machine's clock says {here} UTC, the server of {site} {there}, so nothing was stored; "
    "set the clock, or if that of the site is wrong, search it with -s WILDCRAWL_CLOCK_CHECK=0": (
        "本机时间为 {here} UTC，{site} 的服务器为 {there}，因此没有存入任何内容；"
        "请校准本机时间；如果是网站的时间有误，请用 -s WILDCRAWL_CLOCK_CHECK=0 搜索"
    ),
}
"""Sentences on what a run found and what failed."""

PAGES: Mapping[str, str] = {
    "the last {n} searches were answered with nothing, and so was '{phrase}' when it was asked "
    "again, which had results before: the site stopped answering": (
        "最后 {n} 次搜索没有任何结果，再次搜索先前有结果的“{phrase}”也没有：网站停止了答复"
    ),
    "the list of '{phrase}' ends with a full page {n}, at exactly {n2} results, so the site may "
    "show no more of any list; search more narrowly, or declare max_pages = {n3} only if the site "
    "never shows a further page": (
        "“{phrase}”的列表以满页（第 {n} 页）结束，正好 {n2} 条结果，网站可能不再显示更多结果；"
        "请缩小搜索范围；仅当网站从不显示更多页时，才声明 max_pages = {n3}"
    ),
    "the list of '{phrase}' ends with a full page {n}, at exactly {n2} results, where the longest "
    "has {n3}: not certain that these are all; search more narrowly": (
        "“{phrase}”的列表以满页（第 {n} 页）结束，正好 {n2} 条结果，而最长的列表有 {n3} 条："
        "不能确定已全部读取；请缩小搜索范围"
    ),
    "{n} of {n2} advertisements equal another in title and price, and have its number or its "
    "address (such as {url}): the site shows copies of its results, as of sponsored cards, and "
    "they are counted again; leave them out of 'card', or read ad_id from what both have": (
        "{n2} 条广告中，{n} 条与另一条标题和价格相同，且含有其编号或网址（如 {url}）："
        "网站重复显示其结果（如推广卡片），它们被重复计数；"
        "请在 card 中排除，或从两者共有的内容读取 ad_id"
    ),
    "{n} of {n2} advertisements equal another in title and price, which shows an id, and show none "
    "(such as {url}): the site shows copies of its results, as of sponsored cards, and they are "
    "counted again; leave them out of 'card', or read ad_id from what both have": (
        "{n2} 条广告中，{n} 条没有编号，而标题和价格与另一条有编号的广告相同（如 {url}）："
        "网站重复显示其结果（如推广卡片），它们被重复计数；"
        "请在 card 中排除，或从两者共有的内容读取 ad_id"
    ),
    "{n} of {n2} advertisements equal another in title and price, and are at addresses of another "
    "kind, as most there do (such as {url}): the site shows copies of its results, as of sponsored "
    "cards, and they are counted again; leave them out of 'card', or read ad_id from what both "
    "have": (
        "{n2} 条广告中，{n} 条与另一条标题和价格相同，网址却属于另一类，而该类网址多半如此"
        "（如 {url}）：网站重复显示其结果（如推广卡片），它们被重复计数；"
        "请在 card 中排除，或从两者共有的内容读取 ad_id"
    ),
    "{n} of {n2} advertisements equal another in title and price, under another id (such as "
    "{url} and {other}): not certain that they are no copies, as of sponsored cards": (
        "{n2} 条广告中，{n} 条与编号不同的另一条标题和价格相同（如 {url} 和 {other}）："
        "不能确定它们不是重复显示（如推广卡片）"
    ),
    "{n} of the first {n2} results of '{phrase}' were missing between the others when it was "
    "repeated at the end of the run: the site shows a visitor fewer goods after some requests; set "
    "custom_settings = {\"COOKIES_ENABLED\": False} in its spider, or a longer 'pace'": (
        "运行结束时重复搜索“{phrase}”，前 {n2} 条结果中缺少 {n} 条：网站在若干请求后少显示商品；"
        '请在其程序中设 custom_settings = {"COOKIES_ENABLED": False}，或加长 pace'
    ),
    "a frame, tab or later part of the page of '{phrase}' shows {n} results that the page itself "
    "does not ({url}); search at this address too, or leave it out on purpose with ignored_tabs": (
        "“{phrase}”的网页中，框架、标签页或稍后加载的部分有 {n} 条结果网页本身没有（{url}）；"
        "请也按该网址搜索，或用 ignored_tabs 有意排除"
    ),
    "without the site's cookies, '{phrase}' shows {n} results that it leaves out with them; set "
    'custom_settings = {"COOKIES_ENABLED": False} in its spider': (
        "不带网站的 Cookie 搜索“{phrase}”时，多显示 {n} 条结果；"
        '请在其程序中设 custom_settings = {"COOKIES_ENABLED": False}'
    ),
    "the list of '{phrase}' ends with a full page at {n} results, but '{other}' shows {n2} that it "
    "left out: the site shows no more of any list; search more narrowly": (
        "“{phrase}”的列表在 {n} 条结果的满页处结束，而“{other}”显示了它遗漏的 {n2} 条："
        "网站的列表不再显示更多；请缩小搜索范围"
    ),
    "'{phrase}', the first search with results, had none when it was repeated at the end of the "
    "run: the site stopped answering before, and searches without results may have some": (
        "第一次有结果的搜索“{phrase}”在运行结束时重复，已没有结果："
        "网站此前已停止答复，没有结果的搜索可能本有结果"
    ),
    "{url} shows {n} results of '{phrase}' that were never read, since next_page led past it; "
    "check 'card', and next_page, which may select the link to the last page": (
        "{url} 有“{phrase}”的 {n} 条结果没有读取，因为 next_page 跳过了它；"
        "请检查 'card' 和 next_page，后者可能选中了末页的链接"
    ),
    "a page shows at most {n} results, but the next one begins {n2} further on ({step}), so that "
    "some between may not have been read; check 'card' and next_page": (
        "每页最多 {n} 条结果，而下一页从其后第 {n2} 条开始（{step}），"
        "中间的结果可能没有读取；请检查 'card' 和 next_page"
    ),
    "page {n}, before the first one requested, shows results that were never read ({Figures}); "
    "declare first_page = {n2}": (
        "首个请求页之前的第 {n} 页有没有读取的结果（{Figures}）；请声明 first_page = {n2}"
    ),
    "{n} of {n2} pages without results showed some when they were requested again ({Figures}): the "
    "site answers with nothing now and then; run it again, with a longer 'pace'": (
        "{n2} 个没有结果的页面中，{n} 个再次请求时有结果（{Figures}）：网站有时不给结果；"
        "请加长 pace 后重新运行"
    ),
    "the site ignores the keyword: {n} advertisements were returned for nearly all of {n2} "
    "keywords": "网站不理会关键词：{n2} 个关键词几乎都返回相同的 {n} 条广告",
    "the site shows other goods in place of results: {n} advertisements were all that it returned "
    "for {n2} of {n3} keywords, which they do not mention; if these searches found nothing, "
    "declare the words for it in 'empty'": (
        "网站用其他商品代替结果：{n3} 个关键词中有 {n2} 个只返回了 {n} 条广告，"
        "而这些广告没有提到关键词；如果这些搜索没有结果，请在 empty 中声明相应的文字"
    ),
    "the site shows other goods in place of results ('{text}')": (
        "网站用其他商品代替结果（“{text}”）"
    ),
    "the first visit to {url} set no cookie; check 'first_visit'": (
        "首次访问 {url} 没有得到 Cookie；请检查 first_visit"
    ),
    "{n} more results were on {n2} page and not read; at most {n3} of a page are (max_results)": (
        "{n2} 页上另有 {n} 条结果没有读取；每页最多读取 {n3} 条（max_results）"
    ),
    "{n} more results were on {n2} pages and not read; at most {n3} of a page are (max_results)": (
        "{n2} 页上另有 {n} 条结果没有读取；每页最多读取 {n3} 条（max_results）"
    ),
    "all {n} prices are whole hundreds (such as '{text}'): not certain that they are in yuan; if "
    "the site counts in fen, write yuan(…) around the price": (
        "全部 {n} 个价格都是整百（如“{text}”）：不能确定以元为单位；"
        "如果网站以分计价，请在价格外写上 yuan(…)"
    ),
    "a page has {n} links, of which only the first and the last {n2} were searched for one to a "
    "further page": "有一页含 {n} 个链接，只在最前和最后各 {n2} 个中查找了下一页的链接",
    "{n} of {n2} results are empty places ('{text}') in the pages as they were received, or "
    "all alike, which a script or a login fills; read the site in a browser (BrowserSearchSpider), "
    "or the data that the script loads": (
        "收到的网页中，{n2} 条结果里有 {n} 条是空位或彼此相同（“{text}”），要由脚本或登录后填充；"
        "请用浏览器读取该网站（BrowserSearchSpider），或读取脚本加载的数据"
    ),
    "the pages name their number of results in their source ('{name}'), which {n} searches did not "
    "reach ({Figures})": "网页源代码写有结果数（“{name}”），{n} 次搜索没有读到这么多（{Figures}）",
    "page_step = {n} leaps over results that are between the pages read ({Figures}); declare "
    "page_step = {n2}": (
        "page_step = {n} 跳过了所读页面之间的结果（{Figures}）；请声明 page_step = {n2}"
    ),
    "pages between others were shorter than a full one, and left out what other searches found "
    "with the same keyword in its title ({Figures}): the site does not show all that it has; run "
    "it again, with a longer 'pace', or with further keywords": (
        "中间有页面少于满页，且遗漏了其他搜索按标题中同一关键词找到的广告（{Figures}）："
        "网站没有显示全部内容；请加长 pace 或增加关键词后重新运行"
    ),
    "{n} advertisements were found by other keywords only than the one in their title ({Figures}): "
    "not certain that the site's search shows all that it has": (
        "{n} 条广告只由其他关键词搜到，而不是标题中的关键词（{Figures}）："
        "不能确定网站的搜索显示了全部内容"
    ),
    "{n} results of later pages of '{phrase}' were on its first page when it was repeated: the "
    "site sorts its results anew with each request, so that some may be missing; add the site's "
    "sort order to search_url": (
        "重复搜索“{phrase}”时，后面页的 {n} 条结果出现在首页：网站每次请求都重新排序，"
        "可能有遗漏；请在 search_url 中加上排序方式"
    ),
    "{n} results of later pages of '{phrase}' were on an earlier page when this was requested "
    "again: the site sorts its results anew with each request, so that some may be missing; add "
    "the site's sort order to search_url": (
        "再次请求“{phrase}”的一页时，后面页的 {n} 条结果出现在其中：网站每次请求都重新排序，"
        "可能有遗漏；请在 search_url 中加上排序方式"
    ),
    "{n} results of '{phrase}' have another id when it is repeated, so that each run counts them "
    "again; fix ad_id, which reads a value of the request": (
        "重复搜索“{phrase}”时，{n} 条结果的编号不同，每次运行都会重复计数；"
        "请改正 ad_id，它读取的是请求中的值"
    ),
    "{n} searches ended at exactly {n2} results, more than which none has ({Figures}): the site "
    "may show no more of any list; search more narrowly": (
        "{n} 次搜索恰好止于 {n2} 条结果，没有一次更多（{Figures}）："
        "网站可能不显示更多；请缩小搜索范围"
    ),
    "{n} searches ended at exactly {n2} results, more than which none has ({Figures}): not certain "
    "that these are all; search more narrowly": (
        "{n} 次搜索恰好止于 {n2} 条结果，没有一次更多（{Figures}）："
        "不能确定这就是全部；请缩小搜索范围"
    ),
    "the longest list, of '{phrase}', ends at exactly {n} results: not certain that these are all; "
    "search more narrowly": (
        "最长的列表“{phrase}”恰好止于 {n} 条结果：不能确定这就是全部；请缩小搜索范围"
    ),
    "the site states at most {n} results, for {n2} searches alike ({Figures}), and shows no more "
    "of any list; search more narrowly": (
        "网站对 {n2} 次搜索都最多称有 {n} 条结果（{Figures}），列表不再显示更多；请缩小搜索范围"
    ),
    "the site withholds the results of {n} of {n2} searches ({Terms}: '{said}'): not certain that "
    "it has none; search by hand in other words, or in its categories": (
        "{n2} 次搜索中，网站不显示 {n} 次的结果（{Terms}：“{said}”）：不能确定没有广告；"
        "请用其他词或在类目中人工搜索"
    ),
    "results moved between pages while these were read ({Figures} read afterwards), so that single "
    "ones may be missing": ("读取时结果在页面之间移动（事后补读 {Figures}），可能缺少个别结果"),
    "the site's own pager leads to its first page by {n}, but the first page requested is {n2}, so "
    "that results before it were never read; {Fix}": (
        "网站的页码从 {n} 开始，而请求的首页是 {n2}，之前的结果没有读取；{Fix}"
    ),
    "the site's own pager goes on by {n}, but page_step is {n2}, so that pages between were never "
    "read; {Fix}": "网站的页码每次加 {n}，而 page_step 为 {n2}，中间的页没有读取；{Fix}",
    "the site's own pager goes on by {n}, but page_step is {n2}, so that pages overlap; {Fix}": (
        "网站的页码每次加 {n}，而 page_step 为 {n2}，页面重叠；{Fix}"
    ),
    "the site's own pager numbers its first page {n}, but the first page requested is {n2}, which "
    "may be the same page; {Fix}": (
        "网站的首页页码为 {n}，而请求的首页是 {n2}，二者可能是同一页；{Fix}"
    ),
    "the page after page 1 is page {n} by the site's own pager, so that pages between were never "
    "read; {Fix}": "按网站的页码，第 1 页之后是第 {n} 页，中间的页没有读取；{Fix}",
    "the first page requested is page 2 by the site's own pager, so that page 1 was never read; "
    "{Fix}": "按网站的页码，请求的首页是第 2 页，第 1 页没有读取；{Fix}",
    "a page shows at most {n} results, but page_step is {n2}, so that results between were never "
    "read; check whether page_step = {n3} is right": (
        "每页最多 {n} 条结果，而 page_step 为 {n2}，中间的结果没有读取；"
        "请检查 page_step = {n3} 是否正确"
    ),
    "next_page skipped pages in {n} of {n2} searches with further pages: that for '{phrase}' went "
    "on to {step}, others by {n3}; check next_page, which may select the link to the last page": (
        "{n2} 次多页搜索中，{n} 次 next_page 跳过了页面：“{phrase}”跳到 {step}，"
        "其他每次前进 {n3}；请检查 next_page，它可能选中了末页的链接"
    ),
    "the site leaves results out of its pages now and then: requested twice, a page showed fewer "
    "the one time ({Figures}); {n} short pages were requested again; run it again, with a longer "
    "'pace'": (
        "网站有时少显示结果：同一页请求两次，有一次较少（{Figures}）；"
        "已重新请求 {n} 个偏短的页面；请加长 pace 后重新运行"
    ),
    "{Count} before the last of a search showed less than half of the {n} results of a full page "
    "({Figures}): not certain that these are all": (
        "末页之前的{Count}显示的结果不到满页 {n} 条的一半（{Figures}）：不能确定是否完整"
    ),
    "pages before the last of a search hold {n} results less than the page size that the site's "
    "answers state (such as '{phrase}' page {n2}: {n3} of {n4}): it left them out, or shows no "
    "more on a page; ask for a smaller page in search_url": (
        "末页之前的页面比网站答复所称的每页条数共少 {n} 条（如“{phrase}”第 {n2} 页：{n3}/{n4}）："
        "网站没有显示它们，或每页最多显示这么多；请在 search_url 中请求较小的每页条数"
    ),
    "pages before the last of a search show {n} results less than full ones with {n2} (such as "
    "'{phrase}' page {n3}: {n4}): not certain that these are all": (
        "末页之前的页面比满页（{n2} 条）共少 {n} 条结果（如“{phrase}”第 {n3} 页：{n4} 条）："
        "不能确定是否完整"
    ),
    "the site says of its own answers that it left {n} results out of them: it may show them to "
    "other visitors, or in its app": (
        "网站说明它在答复中略去了 {n} 条结果：其他访客或其应用中也许能看到"
    ),
    "the first pages of {n} searches show fewer results than the next ones (such as '{phrase}': "
    "{n2} of {n3}): not certain that these are all; check 'card'": (
        "{n} 次搜索的第一页结果比下一页少（如“{phrase}”：{n2}/{n3}）：不能确定是否完整；请检查 card"
    ),
    "{Count} ended, after a full page, with a page of results that another search shows as well "
    "({Figures}): some of their own may be missing; run it again, with a longer 'pace'": (
        "{Count}在满页之后以另一搜索也显示的一页结果结束（{Figures}）："
        "它们自己的结果可能有遗漏；请加长 pace 后重新运行"
    ),
    "the page after a full one showed the same results again in {n} of {n2} searches ({Figures}), "
    "where other lists do not end so: some may be missing; run it again, with a longer 'pace'": (
        "{n2} 次搜索中，{n} 次在满页之后又显示了同样的结果（{Figures}），"
        "而其他列表不是这样结束：可能有遗漏；请加长 pace 后重新运行"
    ),
    "{Count} held only the results in sight and dropped others while being scrolled, so that some "
    "were not read; read the data that the page loads (JsonSearchSpider)": (
        "{Count}只保留可见的结果，滚动时会移除其他结果，因此有些没有读取；"
        "请读取网页加载的数据（JsonSearchSpider）"
    ),
    "most places for results on {Count} stayed empty, so that some were not read; raise wait_ms, "
    "or read the data that the page loads (JsonSearchSpider)": (
        "{Count}的大部分结果位置一直为空，因此有些没有读取；"
        "请加大 wait_ms，或读取网页加载的数据（JsonSearchSpider）"
    ),
    "the browser shows results that the page's HTML lacks (in shadow roots of its elements); read "
    "the data that the page loads (JsonSearchSpider)": (
        "浏览器显示的结果不在网页的 HTML 中（位于元素的 shadow root 内）；"
        "请读取网页加载的数据（JsonSearchSpider）"
    ),
    "{Count} showed ever more results while being scrolled: not certain that all are read": (
        "{Count}在滚动时不断出现更多结果：不能确定是否全部读取"
    ),
    "the page's own request for data failed ({said})": "页面自身的数据请求失败（{said}）",
    "{Lists} ended where the page's request for further results failed ({said}), so that some were "
    "not read; run it again": (
        "{Lists}在页面请求更多结果失败时中断（{said}），有些结果没有读到；请重新运行"
    ),
    "{Count} could not be read: its own script blocked the browser's page": (
        "{Count}无法读取：其自身脚本使浏览器页面失去响应"
    ),
    "part {n} of {n2}, {n3} of {n4} keywords: the site counts as searched once all its parts are "
    "put together": (
        "第 {n} 部分（共 {n2} 部分），{n4} 个关键词中的 {n3} 个：各部分合并后才算搜索了该网站"
    ),
    "{n} of {n2} keywords are taken over from {Runs} of this month ({names})": (
        "{n2} 个关键词中有 {n} 个沿用本月{Runs}的结果（{names}）"
    ),
    "-a pages={n} ended {n2} of {n3} searches, so this counts as no search of the whole site": (
        "-a pages={n} 提前结束了 {n3} 次搜索中的 {n2} 次，因此不算搜索了整个网站"
    ),
    "no page of results has the cursor '{text}', so only first pages were read; check 'cursor'": (
        "没有一页结果含有游标“{text}”，因此只读取了首页；请检查 cursor"
    ),
    "{n} entries of {n2} of the site's answers hold no advertisement that could be read: not "
    "certain that they are none": ("网站答复的 {n2} 项中有 {n} 项读不出广告：不能确定它们不是广告"),
    "{n} of {n2} entries of the site's answers hold no advertisement that could be read: not "
    "certain that they are none": ("网站答复的 {n2} 项中有 {n} 项读不出广告：不能确定它们不是广告"),
    "of the site's answers, {n} ended with an error in place of further results ('{said}'), so "
    "that some were not read; run it again": (
        "网站有 {n} 个答复以错误（“{said}”）代替其余结果结束，有些结果没有读到；请重新运行"
    ),
    "{n} of {n2} results show their keyword in a text that was not read ('{phrase}' is not in "
    "'{title}'); check the selector of title, or declare description": (
        "{n2} 条结果中有 {n} 条在未读取的文字中显示了关键词（“{title}”中没有“{phrase}”）；"
        "请检查 title 的选择器，或声明 description"
    ),
    "the site says that it could not search (searches: {n}, {Terms}: '{said}'), so that results "
    "were not read; run it again": (
        "网站称无法搜索（{n} 次搜索，{Terms}：“{said}”），因此有些结果没有读到；请重新运行"
    ),
    "the site says that it shows a part of the results only (searches: {n}, {Terms}: '{said}'): "
    "not certain that these are all": (
        "网站说明只显示了部分结果（{n} 次搜索，{Terms}：“{said}”）：不能确定这就是全部"
    ),
    "the site shows the first {n} results only (searches: {n2}, {Terms}: '{said}'), so that others "
    "were not read": "网站只显示前 {n} 条结果（{n2} 次搜索，{Terms}：“{said}”），其余没有读到",
    "the site's answers end before they say so (answers: {n} without results that promise more), "
    "so that some results were not read; run it again": (
        "网站的答复提前结束（{n} 个没有结果的答复称还有更多），有些结果没有读到；请重新运行"
    ),
    "the site says of its own answers that they are not whole (answers: {n}), so that some results "
    "were not read; run it again": (
        "网站在 {n} 个答复中说明结果不完整，有些结果没有读到；请重新运行"
    ),
    "{n} results with the keyword are in another list, in answers whose list of results is empty; "
    "fix 'results', or leave them out on purpose with [?…]": (
        "有 {n} 条含关键词的结果在另一个列表中，而声明的列表为空；"
        "请修正 results，或用 [?…] 有意排除"
    ),
    "a page without results was answered with something else than data ({url}), so that results "
    "were not read; run it again": (
        "有一页没有结果，其数据请求得到的不是数据（{url}），有些结果没有读到；请重新运行"
    ),
    "pages show fewer results than the data that were loaded for them (pages: {n}, such as {n2} of "
    "{n3}): the site's own script failed, or left some out; run it again": (
        "有 {n} 页显示的结果少于所加载的数据（如 {n3} 条中的 {n2} 条）："
        "网站自己的脚本出错或略去了一些；请重新运行"
    ),
    "the site says that it did not search as usual (searches: {n}, {Terms}), so that results were "
    "not read; run it again": (
        "网站说明有些搜索没有正常进行（{n} 次搜索，{Terms}），有些结果没有读到；请重新运行"
    ),
    "answers lack the list that the site's other answers without results have (searches: {n}, "
    "{Terms}), so that results were not read; run it again": (
        "有些答复缺少网站其他空答复中的列表（{n} 次搜索，{Terms}），有些结果没有读到；请重新运行"
    ),
    "answers without results are not like the site's others (searches: {n}, {Terms}): not certain "
    "that nothing was found": (
        "有些空答复与网站的其他空答复不同（{n} 次搜索，{Terms}）：不能确定没有结果"
    ),
    "searches were redirected to pages without results (searches: {n}, such as '{phrase}': {url}); "
    "if they are the own pages of single results, give patterns an ad_id that is in the address, "
    "and declare a detail_url of its shape": (
        "有些搜索被转到没有结果的网页（{n} 次搜索，如“{phrase}”：{url}）；"
        "如这些是唯一结果自己的网页，请在 patterns 中声明网址里的 ad_id，"
        "并声明同样形式的 detail_url"
    ),
    "the site answers a search that has one result with its own page, which was not read "
    "(searches: {n}, such as '{phrase}': {url}); give patterns an ad_id that is in the address, "
    "and declare a detail_url of its shape": (
        "只有一条结果的搜索，网站直接显示该条的页面，该页没有读到（{n} 次搜索，"
        "如“{phrase}”：{url}）；请在 patterns 中声明网址里的 ad_id，并声明同样形式的 detail_url"
    ),
    "{n} of {n2} results stand for further ones, which were not read ('{words}'); search at the "
    "address that unfolds them": (
        "{n2} 条结果中有 {n} 条折叠了更多结果（“{words}”），没有读到；请按展开后的网址搜索"
    ),
    "the filter in 'results' leaves out {n} of {n2} entries with the keyword: not certain that "
    "they are no advertisements": (
        "results 中的筛选条件排除了 {n2} 个含关键词的条目中的 {n} 个：不能确定它们不是广告"
    ),
    "{n} results beside those read ({n2}) have none of the declared 'fields'; add further queries "
    "for them": ("除已读的 {n2} 条外，另有 {n} 条结果没有任何已声明的 fields；请添加相应的查询"),
    "{n} results beside those read ({n2}) are in another list; fix 'results', or leave them out on "
    "purpose with [?…]": (
        "除已读的 {n2} 条外，另有 {n} 条结果在另一个列表中；请改正 results，或用 [?…] 有意排除"
    ),
    "{n} results beside those read ({n2}) {Why}": "除已读的 {n2} 条外，另有 {n} 条结果：{Why}",
    "are not selected by 'card'; fix it, or leave them out on purpose with :not(…)": (
        "未被 card 选中；请改正，或用 :not(…) 有意排除"
    ),
    "are in comments, text areas, templates or unclosed tags of the pages, where no selector finds "
    "them; if a browser shows them, use BrowserSearchSpider": (
        "在网页的注释、文本框、模板或未闭合的标签中，选择器无法找到；"
        "如浏览器能显示，请用 BrowserSearchSpider"
    ),
    "are in the pages, and not in their data; read the pages' HTML, or the data that their script "
    "loads": "在网页中，而不在其数据中；请读取网页的 HTML，或其脚本加载的数据",
    "have none of the declared 'fields'; add further queries for them": (
        "没有任何已声明的 fields；请添加相应的查询"
    ),
    "are in another list; fix 'results', or leave them out on purpose with [?…]": (
        "在另一个列表中；请改正 results，或用 [?…] 有意排除"
    ),
    "the form '{query}' has {Fields}; declare form_data with its {keyword}": (
        "表单“{query}”{Fields}；请用 form_data 声明关键词所在的输入框（{keyword}）"
    ),
    "the form '{query}' cannot be sent: {error}": "表单“{query}”无法提交：{error}",
    "the form '{query}' is for signing in; select that of the search": (
        "表单“{query}”用于登录；请选择搜索的表单"
    ),
    "the page has no form '{query}'; check search_form": (
        "网页中没有表单“{query}”；请检查 search_form"
    ),
}
"""Sentences on pages of results: their order, their end, and what they leave out."""

SEARCHES: Mapping[str, str] = {
    "page after page mostly repeats the one before in {n} of {n2} searches ({Figures}); check "
    "page_step, or {page} in search_url": (
        "{n2} 次搜索中，{n} 次各页大多重复前一页（{Figures}）；"
        "请检查 page_step，或 search_url 中的 {page}"
    ),
    "no page after the first was read, although the site has more for {n} of {n2} searches "
    "({Figures}); check next_page, or {page} in search_url, or declare max_pages = 1": (
        "只读取了首页，而 {n2} 次搜索中 {n} 次网站还有更多（{Figures}）；"
        "请检查 next_page，或 search_url 中的 {page}，或声明 max_pages = 1"
    ),
    "the site states {n} more results than were read, for all searches alike ({Figures}): it may "
    "count sold goods, or 'card' may miss some; compare a page with a browser, and check "
    "next_page, and {page} in search_url": (
        "所有搜索中，网站所称的结果都比读取的多 {n}（{Figures}）：网站可能计入已售商品，"
        "或 card 可能漏选；请用浏览器对照一页，并检查 next_page 和 search_url 中的 {page}"
    ),
    "{n} of {n2} searches were not read to their end: the site states more results than it showed "
    "({Figures})": ("{n2} 次搜索中，{n} 次没有读到底：网站所称的结果多于显示的结果（{Figures}）"),
    "{n} of {n2} searches ended after a full page at one that shows neither results nor 'nothing "
    "found' ({Figures})": (
        "{n2} 次搜索中，{n} 次在满页之后遇到既无结果也未显示“没有搜到”的页面（{Figures}）"
    ),
    "{n} of {n2} searches ended at a page that brought nothing, although the page before leads on "
    "({Figures})": ("{n2} 次搜索中，{n} 次止于没有结果的页面，而前一页还有下一页（{Figures}）"),
    "{n} searches ended after a first page of {n2} results, as many as it ever shows, and a "
    "further page showed the same or was not linked; if the site shows the {n3} best results only, "
    "declare max_pages = 1, else check next_page, more, or {page} in search_url": (
        "{n} 次搜索在 {n2} 条结果的满首页后结束，下一页内容相同或没有链接；"
        "如果网站只显示前 {n3} 条结果，请声明 max_pages = 1，"
        "否则请检查 next_page、more 或 search_url 中的 {page}"
    ),
    "{n} searches ended with a full page {n2}, further than which none got ({Figures}): the site "
    "may show no more; search more narrowly": (
        "{n} 次搜索止于满页的第 {n2} 页，没有更后的页面（{Figures}）："
        "网站可能不再显示更多；请缩小搜索范围"
    ),
    "the pages of {n} of {n2} searches show the same results again ({Figures}), as if each page "
    "were sorted anew, so that some may be missing; add the site's sort order to search_url": (
        "{n2} 次搜索中，{n} 次的各页重复出现相同结果（{Figures}），似乎每页都重新排序，"
        "可能有遗漏；请在 search_url 中加上排序方式"
    ),
    "{Count} of the site ended before the end tag, also when requested again, so that results may "
    "be missing ({urls}); run it again": (
        "网站的{Count}在结束标签之前中断，重新请求后依旧，可能有遗漏（{urls}）；请重新运行"
    ),
    "{Count} of the site ended within a list, each at another text, so that results may be "
    "missing; compare one with a browser ({urls})": (
        "网站的{Count}止于列表之中，且各页末尾的文字不同，可能缺少结果；请用浏览器对照其中一页（{urls}）"
    ),
    "{Count} of the site are results one a line and state no length, so that lines may be missing: "
    "not certain that they are whole ({urls})": (
        "网站的{Count}每行一条结果，且未说明长度，可能缺行：不能确定是否完整（{urls}）"
    ),
    "{Count} of the site ended within a list, and none has its end tag: not certain that they are "
    "whole; compare one with a browser ({urls})": (
        "网站的{Count}止于列表之中，且没有一页带有结束标签：不能确定是否完整；请用浏览器对照其中一页（{urls}）"
    ),
    "{Count} of the site ended within a list, without the end tag that others have: not certain "
    "that they are whole; compare one with a browser ({urls})": (
        "网站的{Count}止于列表之中，没有其他页面所带的结束标签：不能确定是否完整；"
        "请用浏览器对照其中一页（{urls}）"
    ),
    "{Count} cut off by a page that could not be read ({Figures})": (
        "{Count}因一页无法读取而中断（{Figures}）"
    ),
    "the page after the last one was answered with status 500 in {n} searches": (
        "{n} 次搜索中，末页之后的页面返回状态 500"
    ),
    "the site states {n} more results than its pages show, for all searches alike ({Figures}), as "
    "sites do that count sold goods; if pages show results that are not read, check 'card'": (
        "所有搜索中，网站所称的结果都比显示的多 {n}（{Figures}），可能计入了已售商品；"
        "如果网页上有没有读取的结果，请检查 card"
    ),
    "all pages of {Count} were read, and show fewer results than the site states ({Figures}), as "
    "on sites that leave sold goods out of their pages; if pages show results that are not read, "
    "check 'card'": (
        "{Count}的所有页面都已读取，显示的结果少于网站所称（{Figures}），可能不显示已售商品；"
        "如果网页上有没有读取的结果，请检查 card"
    ),
    "{Count} ended with a full page {n}, further than which none got ({Figures}): not certain that "
    "these are all": ("{Count}止于满页的第 {n} 页，没有更后的页面（{Figures}）：不能确定是否完整"),
    "{Count} showed exactly {n} results, a usual length of a page, and no further page was found "
    "({Figures}): not certain that these are all": (
        "{Count}恰好显示 {n} 条结果，是常见的整页条数，而没有找到下一页（{Figures}）："
        "不能确定是否完整"
    ),
    "the site states rounded numbers of results, of which {Count} showed far fewer ({Figures}): "
    "not certain that these are all": (
        "网站只给出结果的约数，其中{Count}显示的结果少得多（{Figures}）：不能确定是否完整"
    ),
    "{Count} met the page limit with more to read ({Figures})": (
        "{Count}达到页数上限，还有更多未读（{Figures}）"
    ),
    "{Count} met the page limit, beyond which more may be ({Figures})": (
        "{Count}达到页数上限，之后可能还有更多（{Figures}）"
    ),
    "each page begins with results of the one before in {n} of {n2} searches ({Figures}); "
    "page_step is too small": (
        "{n2} 次搜索中，{n} 次每页以前一页的结果开头（{Figures}）；page_step 太小"
    ),
}
"""Sentences on searches; those on boards are the same with other words."""

BOARDS: Mapping[str, str] = {
    "{n} boards show the same threads; check {board} in board_path": (
        "{n} 个板块显示相同的帖子；请检查 board_path 中的 {board}"
    ),
    "the index shows none of the boards wanted; name them in 'boards'": (
        "首页没有所要的板块；请在 boards 中写明"
    ),
    "{n} boards of the index beyond the first {n2} were not read; choose some by 'board_words', or "
    "name them in 'boards'": (
        "首页在前 {n2} 个板块之外的 {n} 个没有读取；请用 board_words 选择，或在 boards 中写明"
    ),
    "board {name}: {Why}": "板块 {name}：{Why}",
    "it shows neither threads nor an empty board": "既没有帖子，也不是空板块",
    "its threads begin with the oldest; have 'board_path' list the newest first": (
        "帖子从最旧的开始；请让 board_path 先列出最新的"
    ),
    "{n} of {n2} boards have new threads beyond the page limit ({names})": (
        "{n2} 个板块中，{n} 个在页数上限之外还有新帖子（{names}）"
    ),
    "{n} of {n2} boards were not read to their end, although the site has further pages ({names}); "
    "check next_page, or {page} in board_path": (
        "{n2} 个板块中，{n} 个没有读到底，而网站还有更多页（{names}）；"
        "请检查 next_page，或 board_path 中的 {page}"
    ),
}
"""Sentences on boards."""

ADVERTISEMENTS: Mapping[str, str] = {
    "{n} of {n2} advertisements with an id from their address are equal in title, price and seller "
    "to another ({n3} different ones): the site shows one advertisement at several addresses; "
    "declare how its id is read (ad_id in fields or patterns)": (
        "{n2} 条由网址得到编号的广告中，{n} 条与另一条的标题、价格和卖家相同（{n3} 种）："
        "网站在多个网址显示同一广告；请声明如何读取编号（fields 或 patterns 中的 ad_id）"
    ),
    "{n} of {n2} new advertisements have the title and seller of one of earlier runs whose id was "
    "not found again: if they were not listed anew, the ids, or the addresses from which they are "
    "derived, change from run to run, so that advertisements are counted anew; declare how an id "
    "that stays is read (ad_id in fields or patterns)": (
        "{n2} 条新广告中，{n} 条的标题和卖家与以前运行中的一条相同，而那条的编号这次没有再找到："
        "如果不是重新上架，就是编号（或用来推得编号的网址）每次运行都变，广告会被重复计数；"
        "请声明如何读取不变的编号（fields 或 patterns 中的 ad_id）"
    ),
    "{n} of {n2} advertisements show no id where the spider looks for it, so that their ids are "
    "derived; fix ad_id": ("{n2} 条广告中，{n} 条在指定位置没有编号，编号是推得的；请改正 ad_id"),
    "{n} of {n2} advertisements show no id where the spider looks for it, so that theirs are "
    "derived from their addresses or titles": (
        "{n2} 条广告中，{n} 条在指定位置没有编号，编号由网址或标题推得"
    ),
    "the ids of {n} of {n2} advertisements are derived from their addresses or titles, since none "
    "is shown": "{n2} 条广告中，{n} 条没有显示编号，编号由网址或标题推得",
    "{n} results have the id of another advertisement, with another title or address ({n2} ids), "
    "and are not counted; ad_id may be a place on the page, and the url another page's: fix "
    "ad_id": (
        "{n} 条结果的编号属于标题或网址不同的另一条广告（{n2} 个编号），没有计入；"
        "ad_id 可能是页面上的位置，网址可能是另一页的：请改正 ad_id"
    ),
    "the site states more results than {count} of one page showed ({Figures}): not certain that "
    "these are all": ("网站所称的结果多于只有一页的{count}所显示的（{Figures}）：不能确定是否完整"),
    "{Count} ended with a full page, after which others go on ({Figures}): not certain that these "
    "are all": ("{Count}止于满页，而其他搜索在满页之后仍有下一页（{Figures}）：不能确定是否完整"),
    "each page shows {n} results, and the next one begins {n2} further on: not certain that none "
    "is between; check 'card', and page_step or next_page": (
        "每页显示 {n} 条结果，而下一页从 {n2} 条之后开始：不确定两页之间是否还有；"
        "请检查 card，以及 page_step 或 next_page"
    ),
    "so many goods were removed while the lists were read that the last page of {Count} had moved "
    "up when it was requested again ({Figures} left): results of the pages before may be missing; "
    "run it again, at a time when fewer goods are removed": (
        "读取列表期间有许多商品被删除，再次请求时，{Count}的末页已前移（剩{Figures}）："
        "之前各页的一些结果可能缺失；请在删除较少的时段重新运行"
    ),
    "goods were removed while the lists were read, so that others moved to pages already read: "
    "{n} of these were requested again and had {n2} more": (
        "读取列表期间有商品被删除，使其他商品移到了已读的页面：再次请求了其中 {n} 页，"
        "又读到 {n2} 条"
    ),
    "goods were removed while the lists were read, so that others moved to pages already read: "
    "{n} of these were requested again and had {n2} more, and {n3} were not: not certain that "
    "nothing is missing": (
        "读取列表期间有商品被删除，使其他商品移到了已读的页面：再次请求了其中 {n} 页，"
        "又读到 {n2} 条；另有 {n3} 页没有再次请求：不确定是否有遗漏"
    ),
    "{n} results have the id of another advertisement, with another title: not certain whether "
    "edited, or left out": (
        "{n} 条结果的编号属于标题不同的另一条广告：不确定是内容有改动，还是漏计"
    ),
    "{n} of {n2} ids from earlier runs now show another advertisement: ad_id may be a place in the "
    "list; fix ad_id": (
        "以往的 {n2} 个编号中，有 {n} 个现在显示另一条广告：ad_id 可能是列表中的位置；请改正 ad_id"
    ),
    "{n} of {n2} advertisements' own pages show the title '{text}', where the results show {n3} "
    "different ones; check title in detail, and detail_url": (
        "{n2} 个广告页中，{n} 个的标题为“{text}”，而结果中有 {n3} 个不同标题；"
        "请检查 detail 中的 title 和 detail_url"
    ),
    "{n} advertisements are stored as the search shows them and wait for their own page": (
        "{n} 条广告已按搜索页存入，等待读取其自己的页面"
    ),
    "{n} own pages are given up after {n2} runs": "{n} 个广告页在 {n2} 次运行后放弃读取",
    "the site shows {n} results for a word that does not exist, and {Rarely}, so that it may show "
    "any goods whatever is searched for; check search_url": (
        "对不存在的词，网站也显示 {n} 条结果，而且{Rarely}，可能不论搜索什么都显示任意商品；"
        "请检查 search_url"
    ),
    "{Rarely}: not certain that they are what was searched for, unless the site searches texts "
    "that its results do not show": (
        "{Rarely}：不能确定它们就是所搜的内容，除非网站搜索的是结果中未显示的文字"
    ),
    "few or none of {Count} mention their keyword ({Figures}): not certain that they were found, "
    "and not shown in place of results": (
        "{Count}很少或没有提到关键词（{Figures}）：不能确定是搜索结果，还是代替结果显示的内容"
    ),
    "the site ignores the keyword: {n} of {n2} searches with results show goods of other keywords "
    "and not of their own ({Figures})": (
        "网站不理会关键词：{n2} 次有结果的搜索中，"
        "{n} 次显示的是其他关键词而不是自己的商品（{Figures}）"
    ),
    "the keywords were sent in {sent}, but the site reads them otherwise ('{phrase}' came back as "
    "'{shown}' in {n} of {n2} searches); {Fix}": (
        "关键词以 {sent} 发送，但网站按其他编码读取"
        "（{n2} 次搜索中 {n} 次“{phrase}”变成“{shown}”）；{Fix}"
    ),
    "the keywords were sent in {sent} but the pages are in {codec}, and no page shows the keyword "
    "that was searched for; {Fix}": (
        "关键词以 {sent} 发送，而网页为 {codec}，没有一页显示所搜的关键词；{Fix}"
    ),
    "the search box shows another word than was sent ('{box}' for '{phrase}') in {n} of {n2} "
    "searches; check charset, and {keyword} in search_url": (
        "{n2} 次搜索中，{n} 次搜索框显示的词与发送的不同（“{phrase}”显示为“{box}”）；"
        "请检查 charset 和 search_url 中的 {keyword}"
    ),
}
"""Sentences on advertisements, their ids and the keywords that found them."""

ACCESS: Mapping[str, str] = {
    "the site shows a challenge instead (header cf-mitigated of its gateway)": (
        "网站显示验证页面（网关的 cf-mitigated 标头）"
    ),
    "the site shows a challenge instead ('{mark}')": "网站显示验证页面（“{mark}”）",
    "the site shows a challenge ({mark})": "网站显示验证页面（{mark}）",
    "the site redirected to {url}": "网站转到了 {url}",
    "the site redirects to {url}": "网站转到了 {url}",
    "the site requires a login ('{mark}')": "网站要求登录（“{mark}”）",
    "it answered with status {n}": "返回状态 {n}",
    "it answered with status {n} and asks to retry after {moment} in China": (
        "返回状态 {n}，要求在北京时间 {moment} 之后重试"
    ),
    "no answer in time": "没有及时答复",
    "it was cut short": "答复不完整",
    "its host has no address": "域名没有地址",
    "the connection was refused": "连接被拒绝",
    "the connection was closed": "连接被关闭",
    "its certificate is not valid": "证书无效",
    "its certificate is not valid: {Fault}": "证书无效：{Fault}",
    "it is for another name": "证书属于另一个域名",
    "it has expired or begins later": "证书已过期或尚未生效",
    "no authority that this machine trusts has signed it, or a certificate between is missing": (
        "签发机构不受本机信任，或缺少中间证书"
    ),
    "its key or signature is too weak": "其密钥或签名过弱",
    "error {n} of OpenSSL": "OpenSSL 错误 {n}",
    "it has no TLS of version 1.2 or newer with a cipher that is safe": (
        "网站没有 1.2 版或更新、加密算法安全的 TLS"
    ),
    "it does not answer with TLS, as an https address should": "https 网址没有以 TLS 应答",
    "the certificate of {host} is not valid; if the site has no better one, its spider declares "
    "verify_certificates = False": (
        "{host} 的证书无效；如果网站没有更好的证书，请在其程序中声明 verify_certificates = False"
    ),
    "its certificate is not verified, as its spider declares": "按其程序的声明，没有验证证书",
    "the site led to {n} addresses that are not requested ({Why})": (
        "网站引向 {n} 个不予请求的网址（{Why}）"
    ),
    "{host} is at {address}, which is not a public address": "{host} 位于非公网地址 {address}",
    "{host} is not a public address": "{host} 不是公网地址",
    "its host {host} has no address": "域名 {host} 没有地址",
    "a {scheme}: address is not one of a site": "{scheme}: 网址不是网站的地址",
    "{domain} is not a domain that the site declares; if it is the site's own, add it to "
    "'further_domains'": ("{domain} 不是该网站声明的域名；如果确属该网站，请加入 further_domains"),
    "install libatomic1 (Debian: apt-get install libatomic1)": (
        "请安装 libatomic1（Debian：apt-get install libatomic1）"
    ),
    "install what it needs, or a Node.js and give its path in PLAYWRIGHT_NODEJS_PATH": (
        "请安装所缺的部分，或安装 Node.js 并在 PLAYWRIGHT_NODEJS_PATH 中给出路径"
    ),
    "Playwright's driver does not start ({error}); {Fix}": (
        "Playwright 的驱动无法启动（{error}）；{Fix}"
    ),
    "the browser {path} does not start ({error}); reinstall it (Debian: apt-get install "
    "chromium-headless-shell), or give the path of another in WILDCRAWL_BROWSER": (
        "浏览器 {path} 无法启动（{error}）；"
        "请重新安装（Debian：apt-get install chromium-headless-shell），"
        "或在 WILDCRAWL_BROWSER 中给出另一个的路径"
    ),
}
"""Sentences on what kept a run from the site."""

ROWS_OF_FILES: Mapping[str, str] = {
    "{n} ticked keyword has advertisements, which are counted": (
        "{n} 个勾选“已搜索，无结果”的关键词填有广告，广告照常计入"
    ),
    "{n} ticked keywords have advertisements, which are counted": (
        "{n} 个勾选“已搜索，无结果”的关键词填有广告，广告照常计入"
    ),
    "verdicts: {n} taken, {n2} already so": "判定：采用 {n} 个，{n2} 个原已如此",
    "verdicts: {n} taken, {n2} already so, {n3} not taken (a later one replaced "
    "them, or what is stored contradicts them)": (
        "判定：采用 {n} 个，{n2} 个原已如此，{n3} 个未采用（后来另有判定，或与已存内容矛盾）"
    ),
    "{n} row has no found_at; what is new among them counts in the month of this import": (
        "{n} 行没有发现时间；其中新的广告计入本次导入的月份"
    ),
    "{n} rows have no found_at; what is new among them counts in the month of this import": (
        "{n} 行没有发现时间；其中新的广告计入本次导入的月份"
    ),
    "{n} rejected row names a site that is neither declared nor recorded; no site is counted for "
    "them": "{n} 行被拒绝的记录所写的网站既未声明也无记录；不计入任何网站",
    "{n} rejected rows name a site that is neither declared nor recorded; no site is counted for "
    "them": "{n} 行被拒绝的记录所写的网站既未声明也无记录；不计入任何网站",
    "site '{typed}' is read as {site} ({Count})": "网站“{typed}”按 {site} 读取（{Count}）",
    "{Count} with an ad_id that is damaged or a file's own number: the advertisement was found by "
    "its address or title": "{Count}的编号已损坏或是文件自己的序号：已按网址或标题找到对应的广告",
    "{Count} with words in place of a url ({words}): known by ad_id, or by title and seller": (
        "{Count}的网址栏是文字（{words}）：按编号，或按标题和卖家识别"
    ),
    "site '{typed}' is not a declared site and is taken as given ({Count})": (
        "网站“{typed}”没有声明，按所填记录（{Count}）"
    ),
    "site '{typed}' is not a declared site and is taken as given ({Count}); did you mean "
    "'{near}'?": "网站“{typed}”没有声明，按所填记录（{Count}）；是否应为“{near}”？",
    "{Count} without ad_id and url, of the same title, seller and date as an earlier row: not "
    "counted again; give an ad_id to those that are other advertisements": (
        "{Count}没有编号和网址，且标题、卖家和日期与前面的行相同：不重复计入；如为不同广告，请填写编号"
    ),
}
"""Notes on the rows of an imported file."""

PARTS: Mapping[str, str] = {
    "as accepted": "已认可的运行",
    "median of the last {n} good runs": "最近 {n} 次正常运行的中位数",
    "an earlier run": "一次先前的运行",
    "{n} earlier runs": "{n} 次先前的运行",
    "1 page": "1 页",
    "1 list": "1 个列表",
    "{n} lists": "{n} 个列表",
    "{n} pages": "{n} 页",
    "1 search": "1 次搜索",
    "{n} searches": "{n} 次搜索",
    "1 board": "1 个板块",
    "{n} boards": "{n} 个板块",
    "1 search was": "1 次搜索",
    "{n} searches were": "{n} 次搜索",
    "{n} boards were": "{n} 个板块",
    "the results of 1 search": "1 次搜索的结果",
    "the results of {n} searches": "{n} 次搜索的结果",
    "1 row": "1 行",
    "{n} rows": "{n} 行",
    "lines {lines}": "第 {lines} 行",
    "line {lines}": "第 {lines} 行",
    "the text fields {names}": "有多个文本输入框（{names}）",
    "no text field": "没有文本输入框",
    "none of the {n} results on first pages mentions its keyword": (
        "首页的 {n} 条结果都没有提到关键词"
    ),
    "{n} of the {n2} results on first pages mentions its keyword": (
        "首页的 {n2} 条结果中只有 {n} 条提到关键词"
    ),
    "{n} of the {n2} results on first pages mention its keyword": (
        "首页的 {n2} 条结果中只有 {n} 条提到关键词"
    ),
    "declare charset = '{codec}'": "请声明 charset = '{codec}'",
    "declare {what} = {value}": "请声明 {what} = {value}",
    "declare first_page = {n}, page_step = {n2}": "请声明 first_page = {n}、page_step = {n2}",
    "check next_page, or page_step": "请检查 next_page 或 page_step",
    "check search_url": "请检查 search_url",
}
"""Parts of sentences."""

OF_BOARDS = (
    ("searches", "boards", "次搜索", "个板块"),
    ("results", "threads", "结果", "帖子"),
    ("search_url", "board_path", "search_url", "board_path"),
    ("the site shows the", "a board shows the", "网站显示", "板块显示"),
)
"""Words of a sentence on searches, with those on boards, in English and in Chinese."""


def of_boards(templates: Mapping[str, str]) -> dict[str, str]:
    """The templates of sentences on searches as those on boards."""
    changed = {}
    for english, chinese in templates.items():
        for word, other, word_zh, other_zh in OF_BOARDS:
            english, chinese = english.replace(word, other), chinese.replace(word_zh, other_zh)
        changed[english] = chinese.replace("{n} 次", "{n} 个")
    return changed


REASONS: Mapping[str, str] = {
    **HEALTH, **PAGES, **of_boards(SEARCHES), **SEARCHES, **BOARDS, **ADVERTISEMENTS, **ACCESS,
    **ROWS_OF_FILES, **PARTS,
}  # fmt: skip
"""All sentences of reasons, and their parts."""
