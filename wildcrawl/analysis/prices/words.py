"""Price vocabulary: currencies, labels, units, and words used in place of a price.

All patterns apply to folded text: lower case, half width, simplified characters.
"""

from __future__ import annotations

import re
from decimal import Decimal

from wildcrawl.analysis.prices.money import RMB

_LIST = """
AED AFN AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP COP CRC CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD OMR PAB PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD
XOF XPF YER ZAR ZMW
"""
# Omitted, since beside a number they are other words: ALL, TOP, CUP, PEN and KGS (kilograms).
FOREIGN_CODES = frozenset(_LIST.split())
"""ISO 4217 codes other than CNY."""
SHARED = "XXX"
"""ISO 4217 code for no currency; here, for words that several countries share."""

FOREIGN_WORDS = {
    "USD": "us$ us$ $ u$ 美元 美金 美刀",
    "HKD": "hk$ hkd$ hk 港币 港元 港纸",
    "TWD": "nt$ ntd$ ntd nt 新台币 台币",
    "JPY": "jp¥ 日元 日币 日圆 円 yen",
    "EUR": "€ euros euro 欧元",
    "GBP": "£ pounds pound sterling 英镑 英磅 镑",
    "KRW": "₩ won 韩元 韩币 韩圆 韩圜",
    "AUD": "a$ au$ 澳元 澳币 澳大利亚元",
    "CAD": "c$ ca$ 加元 加币 加拿大元",
    "NZD": "nz$ 纽币 纽元 新西兰元",
    "SGD": "s$ sg$ 新币 坡币 叻币 新元 新加坡元",
    "MOP": "mop$ 澳门币 澳门元",
    "THB": "฿ baht 泰铢 泰币",
    "VND": "₫ đ đồng dong 越南盾 越盾 越币",
    "MYR": "rm ringgit 马币 马来币 令吉 林吉特 马来西亚令吉 马来西亚林吉特",
    "IDR": "rp rp. 印尼盾 印尼卢比",
    "RUB": "₽ rubles roubles rur 卢布 俄罗斯卢布",
    "INR": "₹ 卢比 印度卢比",
    "PKR": "巴基斯坦卢比",
    "NPR": "尼泊尔卢比",
    "LKR": "斯里兰卡卢比",
    "PHP": "₱ 比索 菲律宾比索",
    "MXN": "mx$ 墨西哥比索",
    "MMK": "kyat 缅币 缅元",
    "LAK": "₭ kip 基普 老挝币",
    "KHR": "៛ riel 瑞尔",
    "CHF": "sfr sfr. 瑞郎 瑞士法郎",
    "MNT": "₮ 图格里克",
    "SEK": "瑞典克朗",
    "DKK": "丹麦克朗",
    "NOK": "挪威克朗",
    "ISK": "冰岛克朗",
    "CZK": "kč kcs 捷克克朗",
    "PLN": "zł złoty złotych zloty zlotych 兹罗提",
    "HUF": "ft forint 福林",
    "RON": "lei leu 列伊",
    "BGN": "leva 列弗",
    "UAH": "₴ 格里夫纳",
    "TRY": "₺ tl lira 里拉 土耳其里拉",
    "ILS": "₪ shekels shekel 谢克尔",
    "KZT": "₸ tenge 坚戈",
    "GEL": "₾",
    "AZN": "₼",
    "AMD": "֏",
    "BDT": "৳ tk tk. taka",
    "NGN": "₦ naira 奈拉",
    "GHS": "₵",
    "CRC": "₡",
    "PYG": "₲",
    "BRL": "r$ reais 雷亚尔",
    "PEN": "s/ s/.",
    "ZAR": "rand 兰特 南非兰特",
    "KES": "ksh ksh.",
    "AED": "阿联酋迪拉姆",
    SHARED: (
        "kr kr. krona kronor krone kroner koruna 克朗 rs rs. rupees rupee fr fr. francs franc 法郎 "
        "fcfa pesos peso dinars dinar 第纳尔 دينار dirhams dirham 迪拉姆 درهم riyals riyal ريال "
        "ریال 里亚尔 shillings shilling 先令 usdt usdc btc eth 比特币 以太币 泰达币 外币"
    ),
}
"""Words and signs of each currency before or after a figure, separated by spaces."""
# The signs of all currencies but the yuan's, and letters in which a price in yuan is not written
# (Cyrillic, Armenian, Hebrew, Indian, Thai, Lao, Burmese, Georgian, Khmer, Korean).
STRANGE = (
    "$¢£¤֏؋৲৳૱௹฿៛\u20a0-\u20bf꠸\u0400-\u052f\u0530-\u05ff\u0900-\u0eff\u1000-\u10ff\u1780-\u17ff"
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
)
"""Pattern characters beside which a figure is not in yuan."""

_FOREIGN = {code: code.lower() for code in sorted(FOREIGN_CODES)}
_FOREIGN |= {code: f"{FOREIGN_WORDS[code]} {_FOREIGN.get(code, '')}" for code in FOREIGN_WORDS}
_PREFIXES = {**_FOREIGN, RMB: "¥ rmb cny cn¥ 人民币 软妹币"}
_SUFFIXES = {
    **_FOREIGN,
    RMB: "元整 块钱 块 圆 元 圆整 蚊 大洋 软妹币 毛爷爷 人民币 rmb cny yuan ¥ r y",
    "USD": f"{_FOREIGN['USD']} 刀 us_dollars us_dollar dollars dollar",
    "EUR": f"{_FOREIGN['EUR']} 欧",
    "THB": f"{_FOREIGN['THB']} 铢",
}
# Currency words that may also begin another word, with what must not follow.
_NOT_AFTER = {
    "元": "(?![代朝明])",
    "圆": "(?![珠形条圈])",
    "块": "(?![牌料玉石板肉骨皮印头])",
    "蚊": "(?![香帐子虫])",
    # 1500刀不了: a cut, and no dollars.
    "刀": "(?!不[了动起下掉]|[党客勿友])",
}


def _codes(table: dict[str, str]) -> dict[str, str]:
    return {word.replace("_", " "): code for code, words in table.items() for word in words.split()}


def _alternatives(words: dict[str, str], following: str) -> str:
    """Pattern of all words, the longest first; `following` must not follow a sign or code.

    Words are grouped by first character, so that few are tried at each position.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        sign = word[-1].isascii() or not word[-1].isalpha()
        guard = following if sign else _NOT_AFTER.get(word, "")
        rests.setdefault(word[0], []).append(re.escape(word[1:]) + guard)
    letters: list[str] = []
    others: list[str] = []
    for first, endings in rests.items():
        group = letters if first.isascii() and first.isalpha() else others
        group.append(f"{re.escape(first)}(?:{'|'.join(endings)})")
    return f"(?<![a-z])(?:{'|'.join(letters)})|{'|'.join(others)}"


PREFIX_CODES = _codes(_PREFIXES)
SUFFIX_CODES = _codes(_SUFFIXES)
PREFIX = rf"(?:(?:{_alternatives(PREFIX_CODES, '(?![a-z])')})[\s:]*)"
# 58 ¥4600: a sign or a code before a figure belongs to that figure.
_SUFFIX_WORDS = _alternatives(SUFFIX_CODES, r"(?![a-z]|[\s:]{0,2}[0-9])")
# 500,- € and 500:- kr: no cents.
SUFFIX = rf"(?:(?:[,.:]-+)?\s?(?:{_SUFFIX_WORDS}))"
STRANGE_BEFORE = re.compile(rf"[{STRANGE}][\s:.]*$")
STRANGE_AFTER = re.compile(rf"\s?[{STRANGE}]++(?![\s:.]{{0,2}}[0-9])")
"""Mark a figure without a known currency as foreign."""

GRAMS = {
    "公斤": Decimal(1000),
    "千克": Decimal(1000),
    "kg": Decimal(1000),
    "市斤": Decimal(500),
    "斤": Decimal(500),
    "两": Decimal(50),
    "钱": Decimal(5),
    "克拉": Decimal("0.2"),
    "克": Decimal(1),
    "gram": Decimal(1),
    "gr": Decimal(1),
    "g": Decimal(1),
    "吨": Decimal(1000000),
    "盎司": Decimal("28.35"),
    "oz": Decimal("28.35"),
}
"""Grams of each unit of weight."""
WEIGHT = (
    r"(?:公斤|千克|市斤|斤|克拉|克|两(?![天个次年日件人三百千万颗粒串条双套副幅枚根片张盒箱袋瓶尊座份批组只支把本对块朵盘种款样])|钱|吨|盎司|"
    r"(?:kg|gram|gr|g|oz)(?![a-z]))"
)

_LENGTHS = r"毫米|厘米|公分|分米|米|英寸|寸|尺|(?:mm|cm|dm|m|inch)(?![a-z])"
# A counting word that also begins another word is guarded against it.
_COUNTERS = (
    r"个|颗|粒|串|条|双|套|副|幅|枚|根|片|张|盒|箱|袋|瓶|尊|座|件|份|批|组|截|枝|珠(?![0-9])|籽|块|桶|"
    r"对(?![方折])|只(?![要卖限出是剩此有售能])|支(?![持付])|把(?![玩件])|本(?![人店])|"
    r"节(?!日)|包(?![邮快顺真老好运到鉴退换售])|方(?![便牌章])"
)
PIECE = rf"(?:{_LENGTHS}|{_COUNTERS})"
"""Units of a price per piece, string or length."""
NOT_MONEY = (
    rf"(?:{WEIGHT}重?|{PIECE}|毫克|mg|磅|圈口|圈|口|层|排|股|子|鳞|号|款|种|类|人|位(?!置)|次|天(?!天)|日(?!常)|月(?!销)|"
    r"年(?![货终底])|岁|世纪|代(?![购理])|点|小时|分钟|分|秒(?![发拍杀])|折|成(?!交)|%|级|度|倍|楼|期|场|票|新(?![人品客])|后|头|道|眼|筒|"
    r"k(?:金|白金|黄金|玫瑰金)|笔|个?积分|平方米?|平米|顶(?!级)|"
    r"(?:京|金|淘)豆|(?:金|银|铜|积分|虚拟|论坛|淘金|q|点|游戏)币|点券|威望)"
)
"""Units after a number that is a size, count or date rather than a price."""
COUNTED = r"已售|付款|想要|浏览|评价|收藏"

COUNTED_BY = re.compile(
    r"平方|平米|平(?![出价转])|立方|[顶壶堆挂册卷轴盏段碗杯桶扎页扇朵棵株匹架辆艘栋间集版帖剂丸捆束捧"
    r"撮坨摞叠沓匣罐坛缸盆筐篓篮篇笔晚夜周季趟轮遍番码尾羽窝室厅房床桌席粒枝提排]|打(?![包折])|"
    r"盘(?!玩)|面(?![交议谈洽付试])|台(?!币)|部(?!分)|家(?![用里传中])|名(?!家)"
)
"""Further measure words, which count what follows a digit behind 元 or 万."""
PRICE_WORD = r"(?:(?:当前|现|售|一口|成交|起拍|转让|到手|卖)?价格?|价钱)?[\s:]*"
"""A label without its figure."""

FREE_OF_CHARGE = re.compile(r"免费|白送|free(?![a-z])")
PAID_POSTAGE = re.compile(
    r"(?:运费|邮费|快递|顺丰|物流)(?:费)?(?:到付|自理|另算|另计|全免|免|自付)"
)
ABSENT = re.compile(
    r"(?:暂无|暂未|暂时没有?|尚无|还没有?|没有?|无|未|空)?"
    r"(?:标明?|定|填写?|提供|设置|写|给出|注明|显示|录入|公布|知)?"
    r"(?:价格?|报价|标价|售价|价钱|数据|信息|内容){0,2}|"
    r"null|none|nil|na|n|undefined|非卖品?|不卖|不出售|暂不出售|仅展示|已售出?|售罄|sold(?:out)?|"
    r"流拍|撤拍|未成交|已?下架"
)
"""Matches a whole text (without punctuation) that gives no price."""
APPROXIMATE = re.compile(
    r"[几数][十百千万]|十几|上[百千万](?!海)|[百千万]把|[两二三四五六七八九]位数|(?<![0-9])[2-9]位数(?!密码|字|码|学|据)"
)
"""Orders of magnitude without a figure: 几千, 上万, 五位数."""
ON_REQUEST = re.compile(
    r"面议|面谈|面洽|当面|电议|电联|电询|电话|来电|致电|私|面|聊|询|问|议|谈|商量|协商|商榷|联系|报价|"
    r"扣1|可[小大微]?刀|[小大不微能]刀|开价|出价|还价|带价|加微|加[vq]|微信|v信|vx|wx|qq|扣扣|滴滴|滴我|戳|小窗|留言|客服|看货|勿拍|"
    r"拍前|后改|改价|您说|你说|有意|不标价|随缘|合适就|待定|报给|[看随]着?[便意]?给|看着出|易物|换物|[交置]换|只换|详情|描述|"
    r"竞拍|竞价|拍卖|懂的|识货|有缘|登[录陆]|"
    r"negotia|contact|inquir|enquir|onrequest|message|whatsapp|telegram"
)
"""Words for a price on request, in text without spaces and punctuation."""
ON_REQUEST_WORD = re.compile(
    r"\b(?:call|ask|dm|pm|dd|poa|obo|tbd|offers?|email|on request|p\.?\s?m)\b|\bv\s?[:+]"
)

HAN = frozenset(
    character
    for pattern in (
        SUFFIX,
        NOT_MONEY,
        COUNTED_BY.pattern,
        ON_REQUEST.pattern,
        "买卖出转让抵减换起到至或和加",
    )
    for character in pattern
    if "\u3400" <= character <= "\u9fff"
)
"""The Chinese characters of this vocabulary."""
