"""Currencies other than the yuan: the codes of ISO 4217, and the signs and words for them.

Source: ISO 4217:2015, list one (current currencies), as its maintenance agency SIX publishes it;
BGN and HRK, which the euro replaced, still stand in old advertisements.
"""

from __future__ import annotations

_LIST = """
AED AFN AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP COP CRC CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD OMR PAB PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD
XOF XPF YER ZAR ZMW
"""
# Left out, since beside a number they are other words: ALL, TOP, CUP, PEN and KGS (kilograms).
FOREIGN_CODES = frozenset(_LIST.split())
"""Every code but CNY."""
SHARED = "XXX"
"""The code of ISO 4217 for none of these; here, for words that several countries share."""

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
"""Before or after a figure, in small letters and half width; several to a currency."""
# The signs of all currencies but the yuan's, and letters in which a price in yuan is not written
# (Cyrillic, Armenian, Hebrew, Indian, Thai, Lao, Burmese, Georgian, Khmer, Korean).
STRANGE = (
    "$¢£¤֏؋৲৳૱௹฿៛\u20a0-\u20bf꠸\u0400-\u052f\u0530-\u05ff\u0900-\u0eff\u1000-\u10ff\u1780-\u17ff"
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
)
"""What stands in a pattern for a character beside which a figure is asked in no yuan."""
