"""Chinese texts of a report."""

from __future__ import annotations

from exports.texts.language import Texts, values_in
from wildcrawl.labels import FIELDS, labels_in

_MONTHS = [f"{number}月" for number in range(1, 13)]

_COLUMNS = {
    **labels_in("zh", FIELDS),
    "year": "年份",
    "month": "月份",
    "advertisements": "广告数",
    "claim": "卖家所称年代",
    "sample": "样本数",
    "channel": "渠道",
    "keywords": "关键词",
    "survey": "调查",
    "surveys": "调查次数",
    "date": "日期",
    "status": "状态",
    "kind": "标价方式",
    "max_cny": "最高（元）",
    "max_usd": "最高（美元）",
    "median_cny": "中位数（元）",
    "median_usd": "中位数（美元）",
    "min_cny": "最低（元）",
    "min_usd": "最低（美元）",
    "share_percent": "占比",
    "accounts": "账号数",
    "average_advertisements": "日均广告数",
    "average_images_and_videos": "日均图片和视频数",
    "advertisements_before": "上年日均广告数",
    "advertisements_now": "日均广告数",
    "advertisements_change_percent": "变化",
    "images_and_videos_before": "上年日均图片和视频数",
    "images_and_videos_now": "日均图片和视频数",
    "images_and_videos_change_percent": "变化",
    "change_percent": "比上年",
    "social_summary.change_percent": "广告数比上年",
    "social_summary.images_and_videos_change_percent": "图片和视频比上年",
    "average_advertisements_before": "上年平均广告数",
    "average_images_and_videos_before": "上年平均图片和视频数",
    "percent_of_first_year": "与首年之比",
    "monthly_average": "月均",
    "lowest": "最低",
    "lowest_month": "最低月份",
    "highest": "最高",
    "highest_month": "最高月份",
    "images_and_videos": "图片和视频数",
    "notified": "已通知",
    "removed": "已删除",
    "removed_within_7_days": "7天内",
    "removed_within_30_days": "30天内",
    "agreement.sample": "两人判定数",
    "agreed": "一致数",
    "agreed_percent": "一致占比（%）",
    "kappa": "科恩卡帕值",
    "kappa_low": "卡帕值下限",
    "kappa_high": "卡帕值上限",
    "unsettled": "未解决的分歧",
    "still_up": "仍可访问",
    "removals.unknown": "情况不明",
    "not_sent": "未标记为已发出",
    "median_days": "中位天数",
    "notified.notified": "通知日期",
    "notice": "通知月份",
    "sent": "发函日期",
    "state": "现状",
    "checked": "最近复查日期",
    "days": "删除用时（天）",
    "social_accounts.status": "账号状况",
    "sites": "网站",
    "sites_not_searched": "未搜索的网站",
    "not_searched": "未搜索",
    "months_not_searched": "未搜索的月数",
    "months_searched": "计入的月数",
    "same_sites": "相同网站",
    "before": "对比月份",
    "advertisements_then": "当时广告数",
    "comparisons.change_percent": "变化",
    "sites_in_both": "两月都搜索的网站",
    "same_sites_then": "相同网站当时",
    "same_sites_change_percent": "相同网站的变化",
    "waiting.waiting": "待审",
    "reason": "实为何物",
    "coverage.species": "物种",
    "comparable.all": "全部",
    "fixed_sites": "固定网站",
    "fixed_searches": "固定搜索",
    "without_keyword": "未记录关键词",
    "keyword": "关键词",
    "range_cny": "最低至最高（元）",
    "range_usd": "最低至最高（美元）",
    "expected_low": "预期下限",
    "expected_high": "预期上限",
    "against_expected": "与预期相比",
    "months_before": "已知月数",
    "series": "物种或网站",
    "season_low": "历年同月最低",
    "season_high": "历年同月最高",
    "against_season": "与历年同月相比",
    "season_years": "已知年数",
    "figure": "指标",
    "number": "数量",
    "out_of": "总数",
    "low_percent": "下限",
    "high_percent": "上限",
    "removed_before_sent": "发函前已删除",
    "not_yet_7_days": "未满7天",
    "not_yet_30_days": "未满30天",
    "unclear_7_days": "7天时情况不明",
    "unclear_30_days": "30天时情况不明",
    "reposted": "再次发布",
    "original_site": "原网站",
    "original_id": "已删除的广告",
    "reposts.removed": "删除日期",
    "reposts.site": "再次发布于",
    "recorded": "记录日期",
    "how": "相同之处",
    "keywords_then": "当时关键词",
    "only_now": "仅本月搜索的网站",
    "only_before": "仅对比月份搜索的网站",
    "key": "识别码",
}

_VALUES = {
    **values_in("zh"),
    "reason.none": "未记录",
    "contact.phone": "电话号码",
    "contact.wechat": "微信号",
    "contact.qq": "QQ号",
    "contact.email": "电子邮箱",
    "contact.messenger": "其他账号",
    "contact.address": "网址中的联系方式",
    "contact.postal": "邮寄地址",
    "contact.id_card": "身份证号",
    "contact.bank_card": "银行卡号",
    "unknown": "未说明",
    "age.old": "老",
    "age.new": "新",
    "age.none": "未说明年代",
    "none": "未说明年代",
    "web": "网站",
    "social": "社交媒体",
    "old_claims": "称“老”者占说明年代者",
    "missed": "有效者占自动排除者",
    "within": "区间内",
    "between": "介于其间",
    "highest": "历年最高",
    "lowest": "历年最低",
    "above": "高于区间",
    "below": "低于区间",
    "too_little": "历史数据不足",
    "not_searched": "未搜索",
    "not_judged": "待审过多",
    "not_over": "当月未结束",
    "text": "文字",
    "picture": "照片",
    "state.removed": "已删除",
    "state.up": "仍可访问",
    "state.unknown": "情况不明",
    "search.no_run": "没有运行",
    "search.unfinished": "运行未完成",
    "search.limited": "只读取了部分页",
}

_PHRASES = {
    "calendar.month": "{year}年{month}",
    "calendar.day": "{year}年{month}{day}日",
    "calendar.period": "{first}至{last}",
    "calendar.in": "{period}",
    "calendar.from": "{period}",
    "advertisements.one": "新增广告{number}条",
    "advertisements.many": "新增广告{number}条",
    "websites.one": "{number}个受监测网站",
    "websites.many": "{number}个受监测网站",
    "kicker": "野生动物贸易监测",
    "heading": "新增广告",
    "title": "新增广告，{period}",
    "counted_valid": "经人工确认有效的广告",
    "counted_pending": "经人工确认有效的广告和待审广告",
    "pending_mark": "（含待审）",
    "provisional_mark": "（暂定）",
    "pending_badge": "含待审",
    "provisional_badge": "暂定",
    "provisional_banner": "暂定数据：{reasons}。",
    "banner_and": "；",
    "banner_waiting": "尚有广告待人工审核，标有“暂定”的数字都会变化",
    "banner_gaps": "{months}未完成对任何网站的搜索",
    "banner_site.one": "{months}未搜索{sites}",
    "banner_site.many": "{months}未搜索{sites}",
    "banner_site_part.one": "{months}未完成对{sites}的搜索",
    "banner_site_part.many": "{months}未完成对{sites}的搜索",
    "banner_missed": "{months}未完成对全部受监测网站的搜索",
    "provisional.one": (
        "暂定数据：{months}，应由人工审核的{all}条广告中，有{waiting}条尚待审核（{percent}%）。"
    ),
    "provisional.many": (
        "暂定数据：{months}，应由人工审核的{all}条广告中，有{waiting}条尚待审核（{percent}%）。"
    ),
    "provisional_raised.one": "此外，复查模型选出的{number}条也在待审队列中，未经判定不计入。",
    "provisional_raised.many": "此外，复查模型选出的{number}条也在待审队列中，未经判定不计入。",
    "provisional_total.one": (
        "目前{advertisements}经人工确认有效，涉及{monitored}中的{carrying}个。"
    ),
    "provisional_total.many": (
        "目前{advertisements}经人工确认有效，涉及{monitored}中的{carrying}个。"
    ),
    "provisional_total_everywhere.one": "目前{advertisements}经人工确认有效，涉及全部{monitored}。",
    "provisional_total_everywhere.many": (
        "目前{advertisements}经人工确认有效，涉及全部{monitored}。"
    ),
    "provisional_pending.one": (
        "连同待审共计入{advertisements}，涉及{monitored}中的{carrying}个。"
    ),
    "provisional_pending.many": (
        "连同待审共计入{advertisements}，涉及{monitored}中的{carrying}个。"
    ),
    "provisional_pending_everywhere.one": "连同待审共计入{advertisements}，涉及全部{monitored}。",
    "provisional_pending_everywhere.many": "连同待审共计入{advertisements}，涉及全部{monitored}。",
    "provisional_until": "审核完成之前，本摘要不作比较。",
    "judge_them": "请在工作台（scrapy desk）中审核。",
    "retag_them": "运行 scrapy retag --dry-run 可查看按现有规则会改变什么。",
    "compare_them": "运行 scrapy look 可将尚未比较的广告与已删除的广告比较。",
    "waiting_where.one": "待审广告共{number}条，按网站：{sites}；按物种：{species}。",
    "waiting_where.many": "待审广告共{number}条，按网站：{sites}；按物种：{species}。",
    "named_number": "{name}（{number}）",
    "more_sites.one": "另外1个网站",
    "more_sites.many": "另外{number}个网站",
    "more_months.one": "另外1个月",
    "more_months.many": "另外{number}个月",
    "more_species.one": "另外1个物种",
    "more_species.many": "另外{number}个物种",
    "gaps": "{months}未完成对任何网站的搜索，数据空缺，不等于零。",
    "missed.one": "有{number}个受监测网站没有搜索：{sites}。",
    "missed.many": "有{number}个受监测网站没有搜索：{sites}。",
    "missed_part.one": "有{number}个受监测网站未完成搜索：{sites}。",
    "missed_part.many": "有{number}个受监测网站未完成搜索：{sites}。",
    "missed_months": "{months}未完成对全部受监测网站的搜索，未完成的有{sites}。",
    "keywords_missed": "使用中的{all}个关键词里搜索了{number}个。",
    "keywords_missed_months": "{months}没有搜索全部使用中的关键词。",
    "missed_site": "{site}（{reason}）",
    "running": "生成本报告时{month}尚未结束，数字还会增加，因此不作比较，也不计入平均。",
    "pending_banner": "所有数字都包括尚未经人工审核的广告。",
    "made": "生成时间：{day}{time}（北京时间）",
    "csv": "CSV",
    "csv_of": "CSV：{name}",
    "no_rows": "本期没有数据。",
    "not_known": "本期没有完成任何搜索，故无数据。",
    "folded": "{number}个网站为0：{names}",
    "none_counted": "{during}没有计入任何广告。",
    "some_wait.one": "另有{advertisements}待审核。",
    "some_wait.many": "另有{advertisements}待审核。",
    "some_wait_month.one": "另有{advertisements}待审核。",
    "some_wait_month.many": "另有{advertisements}待审核。",
    "count_them": "如需一并计入，请用 --include-pending 导出。",
    "total.one": "{during}共记录{advertisements}，涉及{monitored}中的{carrying}个。",
    "total.many": "{during}共记录{advertisements}，涉及{monitored}中的{carrying}个。",
    "total_alone.one": "{during}在唯一受监测的网站{site}共记录{advertisements}。",
    "total_alone.many": "{during}在唯一受监测的网站{site}共记录{advertisements}。",
    "total_everywhere.one": "{during}共记录{advertisements}，涉及全部{monitored}。",
    "total_everywhere.many": "{during}共记录{advertisements}，涉及全部{monitored}。",
    "average": "报告期内月均{average}条；{high}最多（{most}条），{low}最少（{fewest}条）。",
    "average_searched": (
        "有搜索的{number}个月平均每月{average}条；{high}最多（{most}条），{low}最少（{fewest}条）。"
    ),
    "average_complete": (
        "全部受监测网站都搜索过的{number}个月平均每月{average}条；"
        "{high}最多（{most}条），{low}最少（{fewest}条）。"
    ),
    "average_low": "其中有的月份没有搜索全部受监测网站，因此平均数和最少的数字可能偏低。",
    "years_low.one": "这两年中有{number}个月没有搜索全部受监测网站，因此月均可能偏低。",
    "years_low.many": "这两年中有{number}个月没有搜索全部受监测网站，因此月均可能偏低。",
    "only_in": "仅{month}有{sites}",
    "only_and": "；",
    "sites_differ": "两月搜索的网站不同：{only}。",
    "keywords_differ": "两月搜索的关键词不同：{month}{now}个，{before}{then}个。",
    "no_same_sites": "没有两个月都搜索的网站。",
    "same_sites_of.one": "两月都搜索的一个网站",
    "same_sites_of.many": "两月都搜索的{number}个网站",
    "on_same": "在{sites}上，{month}有{now}条，比{before}（{then}条）{change}。",
    "on_same_same": "在{sites}上，{month}有{now}条，与{before}持平。",
    "on_same_nothing": "在{sites}上，{month}有{now}条；{before}没有。",
    "not_compared.gap": "{before}没有完成任何搜索，因此{month}不与其比较。",
    "not_compared.unjudged": "{before}待审的广告太多，因此{month}不与其比较。",
    "between": "与上月相比，",
    "between_same": "在两月都搜索的网站上，",
    "compared_here": "比{before}（{then}条）{change}。",
    "compared_here_same": "与{before}持平。",
    "compared_here_nothing": "{before}没有。",
    "compared": "{month}有{now}条，比{before}（{then}条）{change}。",
    "compared_same": "{month}有{now}条，与{before}持平。",
    "compared_nothing": "{month}有{now}条；{before}没有。",
    "again": "与{before}（{then}条）相比，{month}{change}。",
    "again_same": "{before}同为{now}条。",
    "again_nothing": "{before}没有。",
    "more": "增加{percent}%",
    "equal": "持平",
    "fewer": "减少{percent}%",
    "moved": (
        "{between}{rose}增加数量最多，由{rose_then}条增至{rose_now}条；"
        "{fell}减少数量最多，由{fell_then}条降至{fell_now}条。"
    ),
    "only_rose": "{between}{rose}增加数量最多，由{rose_then}条增至{rose_now}条。",
    "only_fell": "{between}{fell}减少数量最多，由{fell_then}条降至{fell_now}条。",
    "years": "{year}年有{number}条，月均{average}条，比{before}年（月均{then}条）{change}。",
    "years_same": "{year}年有{number}条，月均{average}条，与{before}年持平。",
    "first_year": "{year}年的月均数相当于{first}年的{percent}%。",
    "first_year_part": "{year}年的月均数相当于{first}年（仅含{months}个月）的{percent}%。",
    "season_fewest": "{year}年{name}为{since}年以来同月最低。",
    "season_most": "{year}年{name}为{since}年以来同月最高。",
    "above": "{month}高于依据此前各月数据推算的预期区间（{low}至{high}条）。",
    "below": "{month}低于依据此前各月数据推算的预期区间（{low}至{high}条）。",
    "marked_above.one": "{months}高于依据此前各月数据推算的预期区间。",
    "marked_above.many": "{months}高于依据此前各月数据推算的预期区间。",
    "marked_below.one": "{months}低于依据此前各月数据推算的预期区间。",
    "marked_below.many": "{months}低于依据此前各月数据推算的预期区间。",
    "leading_species": "{species}居首，占{share}%（{number}条）。",
    "leading_tie": "{species}并列居首，各占{share}%（{number}条）。",
    "leading_two": "{species}居首，占{share}%（{number}条），其次是{second}，占{second_share}%。",
    "leading_site": "广告最多的网站是{site}，占全部的{share}%（{number}条）。",
    "leading_sites": "广告最多的网站是{site}，各占全部的{share}%（{number}条）。",
    "figure_total.one": "条新增广告",
    "figure_total.many": "条新增广告",
    "figure_change": "{month}与{before}相比",
    "figure_change_same": "{month}与{before}相比，只计两月都搜索的网站",
    "figure_waiting.one": "条有待审核",
    "figure_waiting.many": "条有待审核",
    "figure_years": "{year}年月均数与{before}年相比",
    "figure_species": "{species}广告占比",
    "figure_site": "{site}广告占比",
    "figure_species_each": "{species}各自的广告占比",
    "figure_site_each": "{site}各自的广告占比",
    "all": "全部",
    "photographs": "图片",
    "photographs.note": (
        "图片取自保存的广告页面；为保护个人信息，部分区域已作遮挡。图中物品未经物种鉴定。"
    ),
    "photographs.alt": "{site}上出售的{species}",
    "photographs.thing": "物品",
    "photographs.source": "取自{site}上的广告，保存于{day}。",
    "recommendations": "建议",
    "cite": "引用格式：{text}",
    "licence": "许可：{text}",
    "contact": "联系方式：{text}",
    "contents": "目录",
    "figure_link": "链接",
    "figure_rows": "数据（CSV）",
    "in_the_file": "本表共{rows}行，打印版从略，见文件{file}。",
    "chart_months": "每月广告数",
    "chart_months_alt": "每月全部广告数的折线图。",
    "chart_band": "预期区间",
    "chart_band_alt": "超出预期区间：{months}。",
    "chart_gap": "斜线：没有搜索。",
    "chart_missed": "三角：未完成对全部受监测网站的搜索。",
    "chart_missed_month": "未完成搜索：{sites}。",
    "chart_comparable": "每月广告数：全部，以及固定网站和固定搜索",
    "chart_comparable_alt": "每月全部广告数，以及固定网站和固定搜索的广告数的折线图。",
    "chart_fixed_sites": "固定网站",
    "chart_fixed_searches": "固定搜索",
    "chart_fixed_both": "固定范围",
    "chart_site_years": "各网站各年的广告数和物种",
    "chart_site_years_alt": "各网站各年物种构成的条形图，附广告数。",
    "chart_site_month": "各网站的广告数和物种",
    "chart_site_month_alt": "各网站物种构成的条形图，附广告数。",
    "chart_site_years_none": "{sign}：该网站当年未监测或未搜索。",
    "chart_panel.one": "虚线：每月都搜索的网站。",
    "chart_panel.many": "虚线：每月都搜索的{number}个网站。",
    "chart_searched": "虚线：受监测网站中搜索过的网站。",
    "chart_not_searched": "未搜索",
    "chart_provisional": "暂定：{months}。",
    "chart_events_alt": "事件：{events}。",
    "chart_leading": "每月广告数：全部及主要物种",
    "chart_leading_alt": "全部及主要物种每月广告数的折线图。",
    "chart_species": "各物种每月广告数（各图比例不同）",
    "chart_species_alt": "各物种每月广告数的小折线图。",
    "chart_species_total": "共{number}条",
    "chart_one_month": "{period}各物种广告数",
    "chart_one_month_alt": "{period}全部及各物种广告数的条形图。",
    "chart_series_alt": "{name}：每月{low}至{high}条，{month}为{last}条。",
    "chart_bar_alt": "{name}：{number}。",
    "chart_growth": "监测范围：物种、关键词和网站",
    "chart_growth_alt": "三幅小折线图，显示各月的监测范围。",
    "chart_growth_each": "{name}：{start}为{first}，{end}为{last}。",
    "chart_yearly": "各年月均广告数",
    "chart_yearly_alt": "各年月均广告数的条形图。",
    "chart_stack": "各物种广告数",
    "chart_stack_alt": "各物种广告数的堆叠条形图。",
    "chart_share": "各物种占比（%）",
    "chart_share_alt": "各物种占比的堆叠条形图，单位为百分比。",
    "chart_stack_each": "{name}：{last}年为{number}。",
    "chart_part_year": "{year}年（{months}个月）",
    "chart_products_web": "网站",
    "chart_products_social": "社交媒体",
    "chart_products_name": "{channel}，{species}",
    "chart_rest": "其他",
    "chart_rest_sites": "其他{number}个网站",
    "chart_products": "各物种广告的产品类型占比（%）",
    "chart_products_alt": "各产品类型占比的堆叠条形图，单位为百分比。",
    "chart_prices": "标价（元）：最低、中位数和最高值",
    "chart_prices_alt": "各物种按卖家所称年代的标价图，对数刻度。",
    "chart_prices_middle": "{name}：{number}",
    "chart_prices_each": "{name}：{low}至{high}元，中位数{middle}元。",
    "chart_prices_name": "{species}，{age}",
    "chart_prices_gram": "{species}，{age}，每克",
    "chart_sites": "各网站占比",
    "chart_sites_alt": "各网站占比的条形图，单位为百分比。",
    "monthly.title": "各月广告数",
    "monthly.note": "每条广告只计一次，计入首次记录的月份和一个物种，因此各物种相加等于全部。",
    "monthly.band": "灰色区域是依据此前各月数据推算的预期区间，超出区间的月份另行标出。",
    "site_species.title": "各网站各年的物种",
    "site_species.title.alone": "各网站的物种",
    "site_species.note.alone": "占比按该网站的广告总数计算；没有广告的物种不列出。",
    "site_species.note": (
        "占比按该网站当年（只计本报告所含月份）的广告总数计算；没有广告的物种不列出。"
    ),
    "yearly.title": "各年广告数",
    "yearly.note": "各年按本报告所计月份的月均数比较，因此不完整的年份也可与完整的年份相比。",
    "yearly.differ": "这些月份搜索的网站和关键词不尽相同。",
    "keywords.one": "{number}个关键词",
    "keywords.many": "{number}个关键词",
    "comparable.title": "各月可比数据",
    "comparable.note": (
        "广告数随搜索的网站和关键词增多而上升。“固定网站”指本期凡有搜索的月份均完整搜索过的网站；"
        "“固定搜索”指这些月份在该网站均搜索过的关键词。导入的记录视为已搜索全部在用关键词。"
    ),
    "comparable.set": (
        "固定范围为{monitored}中的{number}个（{sites}）和{keywords}，共{months}个有搜索的月份；"
        "清单见“固定范围”文件。"
    ),
    "comparable.set_all": (
        "固定范围为全部{monitored}（{sites}）和{keywords}，共{months}个有搜索的月份；"
        "清单见“固定范围”文件。"
    ),
    "comparable.none": "没有一个网站在全部{months}个有搜索的月份都搜索过，因此没有可比数据。",
    "comparable.same": "各月搜索的{websites}和{keywords}均相同，可直接比较。",
    "comparable.no_keywords": "没有一个关键词在这些月份都搜索过。",
    "comparable.unattributed": "没有记录广告由哪个关键词发现，因此没有固定搜索的数据。",
    "comparable.without.one": (
        "这些网站有{number}条广告没有记录由哪个关键词发现，不计入固定搜索。"
    ),
    "comparable.without.many": (
        "这些网站有{number}条广告没有记录由哪个关键词发现，不计入固定搜索。"
    ),
    "comparable_searches.link": "固定范围",
    "fixed_searches.years": (
        "按固定搜索计，{year}年月均{now}条，比{before}年（月均{then}条）{change}。"
    ),
    "fixed_searches.years_plain": ("按固定搜索计，{year}年月均{now}条，{before}年月均{then}条。"),
    "fixed_sites.years": (
        "按固定网站计，{year}年月均{now}条，比{before}年（月均{then}条）{change}。"
    ),
    "fixed_sites.years_plain": "按固定网站计，{year}年月均{now}条，{before}年月均{then}条。",
    "comparable_searches.title": "固定网站和关键词",
    "comparable_searches.what": "本期每个有搜索的月份都搜索过的网站及其关键词。",
    "expected.not_over": "{month}在本报告生成时尚未结束，故不作比较。",
    "expected.not_judged": "{month}待审广告过多，故不作比较。",
    "expected.not_searched": "{month}没有完成任何搜索，故不作比较。",
    "expected.too_little": "此前有数据的月份和年份不足，故{month}不作比较。",
    "expected.what": "最近一个月各物种、各网站的情况，与预期区间和历年同月相比。",
    "expected.title": "与预期相比",
    "expected.note": (
        "{month}各物种、各网站的情况。预期区间依据此前各月推算，方法与全部广告相同（见说明），"
        "最近{window}个月中须有{level}个月的数据。比较的项目较多，个别项目超出区间可能纯属偶然。"
    ),
    "expected.seasons": "历年同月为以往各年同一月份的最低和最高值，须有{seasons}年的数据。",
    "expected.no_seasons": "与历年同月比较须有{seasons}年的数据，目前不足，故不比较。",
    "sampled.title": "各年抽样数据",
    "sampled.note": (
        "由样本得出的占比存在抽样误差，末两栏为95%置信区间（威尔逊法）。各年只计本报告所含月份。"
        "“老”的占比以说明年代的广告为样本，总数为全部广告；自动排除的广告中有效者的占比，"
        "以抽查并已判定的广告为样本，总数为全部自动排除的广告。"
    ),
    "notified.link": "逐条清单",
    "reposts.title": "删除后再次发布",
    "reposts.note": (
        "在某广告删除之后发布、文字与其几乎相同或照片与其相同的广告。判为无关或虚假的只列出，不计数。"
    ),
    "reposts.said.one": (
        "已删除的广告中有{number}条以另一条广告再次发布，文字几乎相同或照片相同。"
    ),
    "reposts.said.many": (
        "已删除的广告中有{number}条以另一条广告再次发布，文字几乎相同或照片相同。"
    ),
    "reposts.none": "未发现已删除的广告以另一条广告再次发布。",
    "reposts.partly": ("后来的{checked}条广告中只与其比较了{compared}条。"),
    "reposts.unknown": ("已删除的广告是否再次发布尚不清楚：后来的广告尚未与其比较。"),
    "removals.not_yet": "未删除且期限未满的另计：未满7天{week}条，未满30天{month}条。",
    "removals.not_yet_30": "未删除且未满30天的另计：{month}条。",
    "removals.unclear_7": "有{week}条不清楚是否在7天内删除：没有复查可以说明。",
    "removals.unclear_30": "有{month}条不清楚是否在30天内删除：没有复查可以说明。",
    "removals.unclear": (
        "有{week}条不清楚是否在7天内删除，{month}条不清楚是否在30天内删除：没有复查可以说明。"
    ),
    "extremes.title": "最低和最高月份",
    "extremes.note": (
        "数目相同的月份取最早的一个。某物种尚未列入监测的月份按0计。"
        "待审过多或未搜索全部受监测网站的月份不参与比较；各月均如此时，则全部参与。"
    ),
    "age_claims.title": "卖家所称年代",
    "age_claims.note": (
        "以卖家的说法为准：“老”指1949年以前制作，“新”指现代制作。样本数是说明年代的广告数，"
        "占比按样本计算。"
    ),
    "product_types.title": "产品类型",
    "product_types.note": "占比按该渠道内该物种的广告总数计算。",
    "product_types.note.alone": "占比按网站上该物种的广告总数计算。",
    "social_surveys.title": "社交媒体调查",
    "social_surveys.note": "每次调查对固定名单内的账号连续统计24小时。",
    "social_summary.title": "社交媒体各年情况",
    "social_summary.note": "平均数按当年各次调查计算，每次24小时。",
    "social_summary.year": "{year}年",
    "social_summary.part": "{year}年截至{month}",
    "social_summary.said.one": ("{named}的一次调查，一天内有{ads}条广告、{media}个图片和视频。"),
    "social_summary.said.many": (
        "{named}的{surveys}次调查，平均每天有{ads}条广告、{media}个图片和视频。"
    ),
    "social_summary.change": (
        "{before}年平均每天有{ads_before}条广告、{media_before}个图片和视频；与之相比，广告数{ads}，"
        "图片和视频数{media}。"
    ),
    "social_summary.unfinished": (
        "调查{survey}尚未完成：{active}个活跃账号中已查完{finished}个，其余账号的广告可能缺失。"
    ),
    "social_summary.rejected": ("调查{survey}不完整：文件中有{rows}行被拒收，尚未改正后重新读入。"),
    "social_accounts.title": "社交媒体账号",
    "social_accounts.note": "日均数只计{year}年和上一年都活跃的账号。",
    "agreement.title": "审核人的一致性",
    "agreement.note": (
        "按哈希选出的样本由两人互不知情地判定。卡帕值为1表示完全一致，0表示与随机相同；"
        "区间为95%置信区间。所有判定都相同时没有数值。"
    ),
    "removals.title": "通知后的删除情况",
    "removals.note": (
        "本期通知运营方的广告及最近一次复查的结果。天数从发函之日算至复查发现已删除之日，实际删除可能更早。"
        "“情况不明”指尚未复查，或复查未能得出结论。"
    ),
    "removals.in_file": "逐条清单见文件{file}。",
    "removals.in_sheet": "逐条清单见“{sheet}”表。",
    "removals.median": "删除用时的中位数为{days}天。",
    "removals.not_sent": "其中{number}条所在的函未标记为已发出，不计入任何天数。",
    "removals.drafted": (
        "已就{notified}条拟函，但没有一份标记为已发出；复查发现已删除{removed}条（{percent}%），"
        "仍可访问{up}条，情况不明{unknown}条。"
    ),
    "removals.drafted_unknown": (
        "已就{notified}条拟函，但没有一份标记为已发出，也没有复查显示其中任何一条的情况。"
    ),
    "removals.said_unknown": "共通知{notified}条；尚无复查显示其中任何一条的情况。",
    "removals.said": (
        "共通知{notified}条，复查发现已删除{removed}条（{percent}%），其中7天内{week}条、30天内{month}条；"
        "仍可访问{up}条，情况不明{unknown}条。"
    ),
    "species_share.title": "各物种占比",
    "species_share.note": "“{general}”指没有写明具体物种的广告。",
    "site_share.title": "各网站占比",
    "site_share.missed": "没有数字的网站在本期没有搜索；最后一栏是未搜索的月数。",
    "site_share.note": "受监测但未发现广告的网站计为0。",
    "prices.title": "标价",
    "prices.note": (
        "这是卖家的要价，不是成交价。产品和年代以卖家的说法为准：“老”指1949年以前制作，“新”指现代制作。"
        "样本只有一条的，不列区间。"
        "提到多个物种的广告，其标价为各物种合计，不计入本表。"
    ),
    "prices.several.one": "本期此类标价有{number}条。",
    "prices.several.many": "本期此类标价有{number}条。",
    "price_kinds.title": "标价方式",
    "price_kinds.note": "只有总价和单价（元/克）计入标价表。",
    "coverage.title": "监测范围",
    "coverage.note": (
        "截至当月已纳入监测的网站、关键词和物种数量；通用关键词只计入关键词数，不计入物种数。"
    ),
    "coverage.searched": (
        "未搜索的网站，或当月运行均不完整、出错、被拒绝或中止的网站，其数据视为空缺，而非零。"
    ),
    "comparisons.title": "相同网站的各月比较",
    "comparisons.note": "各月与上一月相比；最后一个月还与上年同月相比（如有数据）。",
    "comparisons.differ": "各月搜索的网站或关键词不尽相同；后几栏只计两月都搜索的网站。",
    "ruled_out.title": "排除的广告",
    "ruled_out.note": "本期经人工判定为无关或虚假的广告，以及审核时记录的实际内容。",
    "waiting.title": "待审广告",
    "waiting.note": "本期尚未经人工审核的广告。",
    "advertisements.title": "最新广告",
    "advertisements.note": "{total}条中最新的{shown}条。网址仅以文字列出，不设链接。",
    "advertisements.file": "全部广告和栏目见CSV文件。",
    "notes.title": "方法和说明",
    "notes.counting": (
        "本报告计入{counted}。每条广告只计一次，计入首次记录时的中国日历月份（UTC+8）；"
        "此后再次出现，不重复计入。统计的是广告条数，而非产品件数。"
    ),
    "notes.verdict": (
        "搜索由程序或人工进行，结果由人工审核。系统据文本自动排除的广告（如仿品、书籍、求购信息）"
        "暂不计入，经人工判定有效后方可计入。"
    ),
    "notes.limits": (
        "统计的是用关键词在受监测网站上搜到的广告，不代表市场规模；"
        "换用其他说法、在封闭群组内或只以图片出售的，搜索不到或只能搜到一部分。未查验实物，物种、产品、年代和价格均以广告所称为准。"
    ),
    "notes.species": (
        "物种按关键词分组，包括该动物及其制品，如象牙归入大象；提到多个物种的广告，只计入居首的物种。"
    ),
    "notes.left_out": (
        "本期未计入：待审{pending}条，判为无关{irrelevant}条，判为虚假{fake}条，自动排除{set_aside}条。"
    ),
    "notes.left_out_counting_pending": (
        "本期未计入：判为无关{irrelevant}条，判为虚假{fake}条，自动排除{set_aside}条。"
    ),
    "notes.none_left_out": "本期所有广告均已计入。",
    "notes.not_stored": "另有{number}条没有匹配任何关键词，未保存。",
    "notes.not_stored_at_most": (
        "另有最多{number}条没有匹配任何关键词，未保存；同一网站多次检索都找到的，每次各计一条。"
    ),
    "notes.unmonitored": (
        "以下物种在没有监测其任何关键词的月份有计入的广告：{species}。这与监测范围表矛盾；请更正"
        "词表中的since和until，或这些记录的日期。"
    ),
    "notes.unmonitored_species": "{species}{number}条（{months}）",
    "notes.other_rules": (
        "存档中有{number}条广告是按与现有词表不同的规则标注的：{open}条未判定，"
        "{judged}条已判定，保留原标签。"
    ),
    "notes.replaced": (
        "此文件夹中原有的另一种语言的报告已被替换；如需保留两种语言，请用 scrapy export -o 写到"
        "另一个文件夹。"
    ),
    "notes.missed": (
        "筛选的漏检率：自动排除的{aside}条中，按2%比例抽查的广告已判定{judged}条，其中{valid}条有效，即{rate}"
        "（95%置信区间：{low}至{high}）；据此估计自动排除的广告中有{missed}条有效（{least}至{most}条）。"
    ),
    "notes.second_reader": (
        "复查模型：从规则排除或未匹配的广告中选出{raised}条，已判定{judged}条，其中{valid}条有效。"
        "尚无判定的不计入，计入待审广告的报告亦然。"
    ),
    "notes.none_sampled": (
        "筛选的漏检率尚不清楚：自动排除的{aside}条中，没有一条落入按2%比例抽查的样本。"
    ),
    "notes.not_audited": (
        "筛选的漏检率尚不清楚：自动排除的{aside}条中，按2%比例抽查的广告尚无判定。"
    ),
    "notes.rate": (
        "1美元＝{rate}元人民币（{day}汇率）。美元金额为广告入库时的折算金额；单价（元/克）按此汇率换算。"
        "本页美元四舍五入至0.1美元，文件中精确到0.01美元。"
    ),
    "notes.rates": "本期金额记录时的汇率为{rates}。",
    "notes.many_rates": "本期金额按{number}个汇率记录，最低和最高为{rates}。",
    "notes.several_rates": "因此各美元金额按不同汇率换算，比较时请以人民币为准。",
    "notes.rate_of": "{rate}元（{day}）",
    "notes.provisional": (
        "某月应由人工审核的广告（已审和待审）中有超过{percent}%待审时，报告为暂定。"
    ),
    "notes.searched": (
        "当月开始的运行正常结束，网站即视为在该月搜索过；没有运行时，导入的记录视为搜索；"
        "在连续各月都有导入记录的时期，没有记录的网站视为没有广告。没有搜索的月份不计入平均数和比较。"
    ),
    "notes.unlisted": (
        "词表中没有的物种，各自单列一栏：{groups}。"
        "请将其加入词表（keywords.yaml），或用标注时的词表导出。"
    ),
    "notes.contacts": (
        "所计广告的文字和网址中的卖家联系方式在本页及各文件中均已隐去（▒▒▒），"
        "共{number}处（{kinds}）。"
    ),
    "notes.contacts_hidden": "卖家联系方式均已隐去（▒▒▒）。",
    "notes.no_contacts": (
        "卖家联系方式在本页及各文件中一律隐去；本期所计广告的文字和网址中未识别出联系方式。"
        "图片中的联系方式不在此列。"
    ),
    "notes.rounding": "占比和变化幅度四舍五入至一位小数，各项合计可能为99.9%或100.1%。",
    "notes.same_rows": "各表格与csv文件夹中同名CSV文件的内容逐行一致；广告表只显示最新的部分。",
    "notes.band": (
        "预期区间：以前六个月的中位数为中心，上下各取三个标准差；标准差由最近一年各月与该中位数的偏差估算。"
    ),
    "notes.events": "时间轴上的事件：{events}。",
    "notes.event": "{label}（{day}）",
    "months.title": "逐月报告",
    "months.note": "各月报告见下列页面。",
    "back": "返回整期报告",
    "earlier": "上一月：{month}",
    "later": "下一月：{month}",
    "book.cover": "封面",
    "book.figures": "图表",
    "book.notes": "说明",
    "book.contents": "工作表",
    "book.reading": "阅读说明",
    "book.sheet": "工作表",
    "book.what": "内容",
    "book.rows": "行数",
    "book.file": "对应的CSV文件",
    "book.figures.what": "各月、各物种和各网站的图表，由相应工作表的单元格生成。",
    "book.notes.what": "广告如何搜索、审核和统计，以及未计入的内容。",
    "book.reading.labels": "各表以中文名称代替代码。“{sheet}”表保留记录的代码，代码后附中文名称。",
    "book.reading.filters": "各表表头可筛选，滚动时保持可见。",
    "book.reading.empty": (
        "空单元格不等于零：数字不明，或没有可供计算占比、比较的数据；0表示已搜索但没有发现。"
    ),
    "book.reading.back": (
        "在“{sheet}”表中填写的判定可按识别码（key）一栏导回：保存工作簿，再运行 "
        "scrapy crawl records -a file=文件名。"
    ),
    "book.reading.texts": (
        "卖家文字的开头若像公式，前面加有撇号，不会被计算。一个单元格最多32,767个字符，"
        "更长的文字在CSV文件中是完整的。"
    ),
    "label_of": "{column}（中文）",
    "site_species.tab": "各网站的物种",
    "comparisons.tab": "各月比较",
    "waiting.tab": "待审广告",
    "advertisements.tab": "广告",
    "notified.tab": "已通知广告",
    "advertisements.what": "计入的每条广告一行，含全部栏目和导回判定所用的识别码。",
    "notified.what": "已通知运营方的每条广告，以及最近一次复查的结果。",
    "index.title": "报告",
    "index.note": "本文件夹中的全部报告，最新的在前。",
    "index.months": "月份",
    "index.periods": "时期",
    "index.number.one": "{number}条广告",
    "index.number.many": "{number}条广告",
    "index.none": "本文件夹中没有报告。",
}

CHINESE = Texts(
    lang="zh",
    phrases=_PHRASES,
    columns=_COLUMNS,
    values=_VALUES,
    months=_MONTHS,
    short_months=_MONTHS,
    between="",
    comma="、",
    last="和",
    units=((10**8, "亿"), (10**4, "万")),
)
