"""Accounts and numbers behind the word that announces them: 加薇abc12345, QQ：12345, 电话 8000."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wildcrawl.analysis.contacts.numbers import UNIT
from wildcrawl.analysis.contacts.spans import Kind, Span

# A repeated group that can itself backtrack is made atomic by (?>…): Python up to 3.11.4 matches
# the possessive quantifier of such a group wrongly.
_S = r"[^\w\n]{0,2}+"
"""Signs with which a word is disguised: 微 信, v♥x."""
_WITH_FIGURES = r"(?=[^\w\n]{0,3}(?=[a-z_-]{1,20}\d)[a-z])"
"""An account of letters and figures follows."""
_LIKELY = r"(?=[^\w\n]{0,3}[a-z_-]{1,20}(?!(?:19|20)\d\d(?!\d))\d{4})"
"""An account with four figures or more, which are no year."""
_UNDERSCORED = (
    r"(?=[a-z]{2,12}_[a-z]{1,12}_?\d{3}|[a-z]{2,12}\d{1,4}[a-z]{1,12}_|[a-z]{2,12}_\d{3})"
)
"""An account of letters, figures and an underscore follows at once."""
_LONG_NUMBER = r"(?=[^\w\n]{0,2}[是号]?\d{6,11}(?!\d))"
_IN_A_BRACKET = r"(?=[【\[(「『]\s?(?!(?:19|20)\d{6}\D)[1-9]\d{7,9}\s?[】\])」』])"
_GOODS = (
    r"(?:price|size|sizes|weight|width|height|length|model|type|style|item|lot|ref|sku|art|code|num"
    r"|number|page|vol|year|cost|sale|only|about|from|rmb|cny|usd|hkd|eur|iphone|gram|grams)"
)
"""Words before a figure of the goods: price3800, size5600."""
_WORDS = {
    Kind.WECHAT: (
        rf"(?:微|薇|威|徽|维|围|卫|崴|嶶|魏|葳|溦|徵|巍|蔚|伟|♥|(?<![a-z])wei){_S}"
        rf"(?:心(?=号|{_WITH_FIGURES})|"
        r"(?:信|芯|伈|訫|讯|(?<!维)(?<!魏)新(?=号?[^\w\n])|xing?)(?!用|誉|息)|x(?![a-z]|[用誉息]))"
        rf"|[微薇威葳]{_S}x(?=[a-z]+[\d_])|(?:加|\+){_S}卫星|卫星(?=号|[:：=→👉➜▶➡]|\s[a-z]{{2,8}}(?!(?:19|20)\d\d(?!\d))\d{{4}})|(?:[加十]|\+)[^\w\n]{{1,2}}信(?=号|[:：=→👉➜▶➡])"
        rf"|(?:[加十]|\+){_S}(?:个|下|一下|我)?{_S}(?:微|薇|威|徽|维|葳|v|卫(?=[^\w\n]|[号是][^\w\n]{{0,2}}[a-z]))"
        rf"|(?:(?:加|\+)\s?♥|💚)(?={_WITH_FIGURES})"
        rf"|[嘉佳伽]{_S}[微薇威v](?:(?=\s?[:：=→👉]){_WITH_FIGURES}|{_LIKELY})"
        rf"|(?:微|薇|威|徽|v)(?:♥|💬)+|(?:[vw]|✌\ufe0f?){_S}(?:信|伈)|(?<![a-z0-9])[vw]_x(?![a-z0-9])|(?<![a-z])(?:v{{1,3}}{_S}x|w{_S}x|wei{_S}xin|we{_S}chat|weixinhao|wxh|vxin)"
        rf"|(?<![a-z0-9])[vw]我(?={_WITH_FIGURES})|谓信(?=号)|🛰(?={_WITH_FIGURES})|(?:微|薇)号|(?<![蔷紫采])薇(?=(?=[a-z_-]{{1,20}}\d)(?!{_GOODS})[a-z][a-z0-9_-]{{6}})|卫星{_UNDERSCORED}|(?<![一-龥a-z0-9])信(?=\s?[:=→👉]{_WITH_FIGURES})|(?<![a-z])v号|绿泡泡?|绿色?(?:聊天)?(?:软件|图标)"
    ),
    Kind.QQ: rf"(?<![a-z])q{_S}q"
    r"|(?<![a-z0-9号码型款编:：])q(?=[1-9]\d{7,10}(?!\d)|\s[1-9]\d{8,9}(?!\d))"
    r"|(?<![a-z])q我|(?<!\w)群号|[群裙](?=[:：]\s?[1-9]\d{8,9}(?!\d))"
    rf"|[扣抠]{_S}[扣抠]|(?<![袍排盘])[扣抠]裙{_LONG_NUMBER}|(?<![a-z])(?:qiu{_S}qiu|kou{_S}kou)号?{_LONG_NUMBER}|叩叩|球球|秋秋|丘丘|蔻蔻|企{_S}鹅|🐧"
    rf"|(?<![a-z0-9袍排盘搭带])[扣抠q]{_IN_A_BRACKET}"
    r"|(?<![袍排盘搭带])[扣抠](?=\d{2} \d{4} \d{4}(?!\d|\s?(?:元|块|[cm]m|克)))"
    rf"|(?<![a-z])[qk]{_S}(?:号|群)|(?:[加十]|\+){_S}(?:个|我)?{_S}[q扣抠](?!子|[a-z])",
    Kind.MESSENGER: (
        r"(?<![a-z])(?:whats\s?app|telegram|tele|tg|skype|viber|signal|line\s?id|(?<![a-z]\s)line(?=\s?:)|kakao(?:talk)?|zalo|instagram|ig|facebook|(?<![0-9-])(?<![冠号])fb|twitter|messenger)(?![a-z])"
        r"|电报|飞机号|纸飞机|飞机(?=[^\w\n]{0,2}@)|[✈🛩](?=(?:搜索?|号|加)?[^\w\n]{0,2}(?=[a-z_-]{1,20}\d)[a-z])|推特(?=[^\w\n]{0,2}@)|小飞机(?=号|搜|[:：])|(?:抖|(?<![a-z])d)音(?=号|id|搜|[^\w\n]{1,2}[a-z0-9]|[a-z]{2,12}\d{1,4}[a-z]{1,12}_|[a-z]{2,12}_[a-z]{0,12}_?\d{3})|快手(?=号|id|搜|[^\w\n]{1,2}[a-z0-9])"
        r"|小红[书薯]号|咸鱼(?=号|id|搜)|旺旺(?=号|id|[:：])|蝙蝠\s?(?:app|聊天|软件|号|id)|加蝙蝠(?=\d{6})|瓦[次茨兹]艾?普|小绿书(?=号|id|搜|[^\w\n]{1,2}[a-z0-9])|(?:小红[书薯]|微博|闲鱼|转转|贴吧|b站)(?=号|id|搜|[^\w\n]{1,2}[a-z0-9]|\d{8})|陌陌|钉钉|支付宝"
        r"|(?:公[众重]号|公号|视频号)(?=号|id|搜|[^\w\n]{1,2}[a-z0-9]|[a-z]{3,20}[_-]?\d)|进群口令|联[系络]方式(?=[^\w\n]{0,3}[a-z@])"
        r"|(?<![a-z0-9])(?:t|wa)\s?点\s?me(?=/)|(?<![a-z])discord(?![a-z])"
    ),
    Kind.PHONE: (
        r"电{0}话|手{0}机(?!壳|链|架|套|包|屏|支)|热线|联[系络](?:方式|人)?|致电|拨打|来电|座机|固话|店电|传真|短信|咨询|客服"
        r"|香港(?=[^\w\n]{0,2}[5-9]\d{3}[ -]?\d{4}(?!\d|\s?"
        r"(?:元|块|万(?!能)|港[币元幣纸]|人民币|hk|rmb|cny)))"
        r"|(?:倒|反)(?:着|过来)[写看读念]?"
        r"|(?<![a-z])(?:tel|telephone|phone|ph(?=\s?[:.])|mobile|mob|call|cell|hotline|fax)(?![a-z])|[☎☏✆📞📱📲]"
    ).replace("{0}", _S),
    Kind.ID_CARD: r"身份证|(?:本|个)人证件",
    Kind.BANK_CARD: (
        r"银行卡|卡号|(?:银行|收款|打款|汇款)账?[号户]"
        r"|(?:工|农|建|中|招|交)行(?:卡|账号|账户)?|开户行"
    ),
}
_FILLER = (
    r"(?>(?:[^\w\n]{0,4}+(?:_id(?![a-z0-9])|id|号码?|邮箱|空间|qiu|看(?:视频|图|货|实物)|群|live:|hao|同步|同号|同|是|为|咨询|联系|搜索?|用户名?|在这[儿里]?|添加|请?加|我|的|me|is|no|number|微信|呗|吧|哈|请|打))"
    r"{0,3})(?>(?:[^\w\n]|_){0,6})"
)
_ID = (
    r"(?:@?[a-z0-9](?>(?:[a-z0-9_\-]|\.(?=[a-z])){4,39})|@[a-z][a-z0-9_]{3,39}+"
    r"|[a-z0-9](?>(?:(?: ?[.·-] ?| )[a-z0-9_](?![a-z0-9_])){4,30}))"
)
_DIGITS = (
    r"(?:\+?\d{5,15}+|\d(?>(?:[^\w\n]{1,2}\d(?!\d)){4,14})"
    r"|\+?\d{2,4}(?>(?:[^\w\n]{1,3}\d{2,5}(?!\d)){1,4}))"
)
_LONG = r"\+?\d{7,15}+(?!\d)"
_BREAK = r"[\s\-–—.·*/_|~()（）]{1,3}"
_GROUPED = (
    rf"(?:\d(?>(?:{_BREAK}\d(?!\d)){{6,14}})"
    rf"|[(（]?\+?\d{{2,4}}(?!\d)(?>(?:{_BREAK}\d{{2,8}}(?!\d)){{1,4}}))"
)
_DOTTED = r"[a-z][a-z0-9_]{2,30}(?:\.[a-z0-9_]{2,30}){1,3}(?![a-z0-9_元-])"
"""An account of networks that allow dots."""
_STARRED = (
    r"(?![\d*]+[cm]?m(?![a-z\d]))(?=[\d*]*[a-z])[a-z0-9_]{1,12}(?>(?:\*[a-z0-9_]{1,12}){1,5})"
)
"""An account whose parts are kept apart: lao*wan*88."""
PICTURE = (
    r"[\u2600-\u2763\u2765-\u2793\u27b0-\u27bf\U0001f300-\U0001f446\U0001f44a-\U0001faff]\ufe0f?"
)
_PARTED = rf"(?=[\d_]{{0,4}}[a-z])[a-z0-9_]{{2,5}}{PICTURE}[a-z0-9_]{{2,12}}(?![a-z0-9_])"
_PARTED += rf"(?!{UNIT.pattern})"
"""An account in two parts around a picture, of which the first would be too short: yy88🌸xx99."""
_PARTED_NUMBER = (
    rf"(?=(?:\d[^\w\n]{{0,2}}){{7}})[1-9]\d{{2,5}}{PICTURE}\d{{3,7}}(?!\d|{UNIT.pattern})"
)
_APART = r"(?!size)[a-z]{2,4}(?=[a-z ]{1,20}\d)(?>(?: [a-z0-9](?![a-z0-9])){4,30})"
"""An account whose end is written letter by letter: tao z 7 1 5 4."""
_LABELLED = {
    Kind.WECHAT: rf"(?:{_STARRED}|{_PARTED}|{_ID}|{_APART})",
    Kind.QQ: rf"(?:{_PARTED_NUMBER}|{_DIGITS}|{_ID})",
    Kind.MESSENGER: rf"(?:[a-z0-9_.]{{2,32}}#\d{{4}}(?!\d)|{_DIGITS}|{_DOTTED}|{_ID})",
    Kind.PHONE: rf"(?:{_LONG}(?>(?:\s?[/、或]\s?{_LONG})*)|{_GROUPED})",
    Kind.ID_CARD: r"(?:\d(?>(?:[^\w\n]{0,2}+\d){13,17})x?)",
    Kind.BANK_CARD: r"(?:\d(?>(?:[^\w\n]{0,2}+\d){11,20}))",
}
_PATTERNS = {
    kind: re.compile(rf"(?:{_WORDS[kind]})({_FILLER})({pattern})")
    for kind, pattern in _LABELLED.items()
}
# A single letter announces an account only with a sign after it: v：abc, 薇👉abc, q:12345.
_SHORT = re.compile(
    rf"(?<![a-z0-9])(?P<word>v{{1,3}}|w|薇|威|微|q|扣|叩|球|♥)\s?[:：=→👉➜▶♥∶—]{{1,3}}\s?(?P<account>{_STARRED}|{_ID})"
)
# Or in brackets, if the account has figures: 私信发【V】abc1234.
_IN_BRACKETS = re.compile(
    r"(?<![型货款编]号)(?<![规格款式尺码材质颜色])[【\[(（「『<《]\s?(?P<word>v|vx|wx|微|薇|威|q|扣)\s?[】\])）」』>》]\s?[:：]?\s?"
    r"(?P<account>(?=[a-z_-]*\d)[a-z][a-z0-9_\-]{4,39}+)"
)
_CHANNEL = (
    r"(?:(?:公[众重]号|公號|公号|视频号|抖音号|快手号)(?:搜索?)?"
    r"|(?:[闲咸]鱼|淘宝|转转|小红书|微博|抖音|快手)(?:店铺?)?\s?搜索?)"
)
BRACKETED = re.compile(
    rf"(?:{_CHANNEL}\s?[:：]?\s?《([^》\n]{{2,20}})》"
    rf"|(?:{_CHANNEL}|抖音|快手|[闲咸]鱼|淘宝|转转|小红书|微博)\s?[:：]?\s?"
    r"(?:【([^】\n]{2,20})】|「([^」\n]{2,20})」|“([^”\n]{2,20})”|\"([^\"\n]{2,20})\"))(?!\s?同款)"
)
"""The name of an account or shop in brackets, in a folded text; one in plain words has no end."""
_GOODS_AT_END = re.compile(
    r"(?:手?镯子?|手?串|[手项]链|珠子?|酒|角|牙|梳子?|佩|牌子?|[摆挂配]件|[木牙玉角骨]雕|杯|扇子?|筷子?|吊?坠|戒指|扳指"
    r"|鳞片?|甲片|骨|皮|丸|粉|胶|刀|壶|砚|印章|玉|琥珀|蜜蜡|珊瑚|砗磲|玳瑁|红木|紫檀|黄花梨|沉香|菩提|核桃|葫芦|标本"
    r"|款|包邮|正品|保真|[全崭成]新|专场|直播间?|热搜|热卖|特价|秒杀|现货|清仓|捡漏|验货|转卖|杂志|收藏)$"
)
"""Ends of what names goods or an offer, and not who sells them."""
_SELLER = re.compile(
    r"^阿(?!胶)|^[老小大][张王李刘陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕]"
    r"|[氏哥姐爷叔嫂妹店馆阁轩斋堂坊铺行家]"
)


# Or with a blank or a plus, if the account has letters and figures: V ivory_8899, v+ivory8899.
_LETTER = re.compile(
    rf"(?<![a-z0-9])(?P<word>v|w|薇|威|微|q|扣)[\s+]{{1,3}}(?!{_GOODS}[_-]?\d)(?P<account>(?:[a-z]{{3,20}}"
    r"(?:[_-]?(?!(?:19|20)\d\d(?!\d))\d{3,10}|_[a-z0-9_]{2,20}))(?![a-z0-9]))"
)
# An account after an invitation has digits: 加我abc12345, 私聊：zhang888.
_INVITED = re.compile(
    r"(?:加我|私聊|私我|扫我)[^\w\n]{0,4}+(?P<account>(?=[a-z_-]*\d)[a-z][a-z0-9_\-]{4,39}+)"
)
# Told in words: 加我：字母abc数字5521.
_TOLD = re.compile(
    r"(?:加我|微信|私聊|[薇微威v扣q])[^\w\n]{0,3}(?P<account>字母\s?[a-z]{2,20}\s?(?:[加+]\s?)?数字\s?\d{2,10})"
)
_WXID = re.compile(r"(?<![a-z0-9])(?P<account>wxid_[a-z0-9]{6,40})")
# Before the word: abc12345（微信）, 12345678 这是我的QQ, abc12345 加微.
_BEFORE = re.compile(
    r"(?<![a-z0-9_])(?P<account>(?=[a-z\-]*[\d_])[a-z0-9][a-z0-9_\-]{4,39}+)"
    r"(?:\s?[(（【\[]\s?|\s?[是为]\s?(?:我的?)?\s?|\s?这?是我的?\s?|\s?这个\s?|\s?我的?\s?|\s?[加+]\s?)"
    r"(?P<word>微信|薇信|威信|v信|vx|wx|qq|扣扣|wechat|(?:微|薇|威|v|q|扣)(?!\w))"
)
# Between an invitation and the word: 加 abc_123 微信.
_BETWEEN = re.compile(
    r"(?:加|搜|好友)[^\w\n]{0,3}+"
    r"(?P<account>(?=[a-z_\-]*\d)(?=[\d_\-]*[a-z])[a-z0-9][a-z0-9_\-]{4,39}+)[^\w\n]{0,3}+"
    r"(?P<word>加?好友|微(?![雕瑕])|薇|威信|v(?![a-z])|w(?![a-z])|q(?![a-z])|扣)"
)
# After an invitation alone: letters, then three figures or more: 加ivory8899.
_ADDED = re.compile(
    r"(?:[加搜]|(?:加|\+)[^\w\s]{1,2}|(?<![a-z0-9])\+(?=[a-z]{2,20}_[a-z]{2}))"
    r"(?P<account>[a-z]{4,20}[_-]?\d{3,10}|[a-z]{2,20}_[a-z]{2,20}\d{2,10}[a-z]{0,9})(?![a-z0-9])"
)
_OF_OFFER = r"[一-龥]{0,3}(?:款|编号|货号|型号|批发|零售|代发|包邮|尺寸|价格|支付|现货)[a-z]"
# After a name in Chinese: 加薇：张gd88888, 公众号：雅玩阁wenwan88.
_NAMED = re.compile(
    r"(?P<word>[加+]\s?[微薇威v]信?|微信号?|[薇威v]信|(?<![a-z0-9])[vw]x|公众号|抖音号?|快手号?|(?:闲鱼|微博)(?:号|搜)?)"
    rf"\s?[:：@]{{1,2}}\s?(?!{_OF_OFFER})[一-龥]{{1,4}}\s?(?!{_GOODS}[_-]?\d)"
    r"(?P<account>[a-z]{1,20}[_-]?(?!(?:19|20)\d\d(?!\d))\d{2,10})(?![a-z0-9])"
)
_OF_NETWORK = (
    r"(?:微信|薇信|威信|v信|(?<![a-z0-9])(?:[vw]x|qq|tg)|wechat|telegram|whatsapp|signal|抖音|快手)"
)
# After how it is spelled: vx就是店名拼音加88：yaju88.
_SPELLED = re.compile(
    rf"(?P<word>{_OF_NETWORK})号?[一-龥]{{0,6}}(?:拼音|全拼|首字母|缩写)(?:再?加|\+|是|为)?\d{{0,6}}\s?[:：]\s?"
    r"(?P<account>[a-z][a-z0-9_-]{4,30})(?![a-z0-9])"
)
# On the line below its word: signal 用户名⏎yaju.88.
_BELOW = re.compile(
    rf"(?P<word>{_OF_NETWORK})\s?(?:用户名|账号|帐号|号码?|id)\s?[:：]?[ \t]?\r?\n[ \t]?"
    r"(?!size|lot|no\.|[a-z]{1,9}\d{1,4}(?:cm|mm|k?g)(?![a-z0-9]))"
    r"(?P<account>@?(?=[a-z_.-]{1,30}\d)[a-z](?:[a-z0-9_-]|\.(?=[a-z0-9])){4,30})(?![a-z0-9])"
)
# A name in Chinese with figures, which are no price: 旺旺：雅集轩0417, 微博@旧牙斋0417.
_CHINESE = re.compile(
    r"(?:(?:旺旺|微博)\s?[:@]\s?"
    r"(?P<figures>[一-龥]{2,6}(?<![价售款号仅约只卖到])(?!(?:19|20)\d\d(?!\d))(?:\d{3,6}|[a-z]\d{1,4}))"
    r"|微博\s?@(?P<mentioned>[一-龥]{3,9}(?<![价售款号仅约只卖到])(?!(?:19|20)\d\d(?!\d))\d{1,4})"
    r"|(?:旺旺|微博|贴吧|[闲咸]鱼|小红[书薯]|抖音|快手|转转|b站)\s?(?:昵称|用户名|id(?![a-z]))\s?:?\s?"
    r"(?P<named>[一-龥]{2,9}[_-]?(?!(?:19|20)\d\d(?!\d))[a-z0-9]{1,8}))"
    rf"(?![\da-z.]|{UNIT.pattern})"
)
# A number before the word: 9123 4567 WhatsApp.
_CALLED = re.compile(
    r"(?<![\d.+-])(?P<account>\+?(?!(?:19|20)\d\d)\d(?:[ -]?\d){7,14})\s?[(（]?"
    r"(?P<word>whatsapp|viber)"
)
_CHINESE_SIGNS = frozenset("旺博吧鱼书薯音手转站")
_DATE = re.compile(r"(?:19|20)\d\d[-./年](?:0?[1-9]|1[0-2])[-./月](?:0?[1-9]|[12]\d|3[01])(?!\d)")
_PRICED = re.compile(
    r"(?:[抖d]音|快手|小红[书薯]|微博|闲鱼|转转|贴吧|b站|(?:[加十]|\+)[q扣抠]|q我)\s?\d{5,6}$"
)
"""A site or an invitation before a figure that may be a price: 抖音 13800元, 加扣10000元."""
_MOBILE_BACKWARDS = re.compile(r"\d{9}[3-9]1")
_WITH_YEAR = re.compile(r"[a-z_-]+(?:19|20)\d\d")
_MONEY = re.compile(r"\s?(?:元|块|万)")
_LATIN = re.compile(r"[a-z]")
_CHANNEL_WORD = re.compile(r"公[众重]号|公号|视频号")
_SENTENCE = re.compile(r" [a-z]{2}")
_SIZES = re.compile(
    r"(?:\s?[*x×.]\s?|\s)\d{1,3}(?!\d)(?:(?:\s?[*x×.]\s?|\s)\d{1,3}(?!\d)){0,3}"
    r"\s?(?:[cm]?m(?![a-z])|毫|厘|公分|寸|[*x×])|\s?(?:[cm]m(?![a-z])|毫米|厘米|公分)|\s?[*x×]\s?\d{1,3}(?!\d)"
)
"""What follows the first of several sizes: 扣 扣:35 12 5 mm."""
_SHORT_GROUPS = re.compile(r"\d{1,3}(?:[^\w\n]{1,3}\d{1,3})+|\d{1,3}")
_ITEM_NUMBER = re.compile(r"(?:货号|型号|款号|编号|规格)[^\w\n]{0,3}$")
_FEWEST_OF_ACCOUNT, _ITEM_LENGTH = 5, 6
_FILE = re.compile(r"\.(?:mp4|mov|avi|jpe?g|png|gif|webp|heic|pdf|zip)$")
"""End of the name of a file: wx_camera_1380.mp4."""
_SAID = re.compile(r"[@:：=→👉➜▶♥∶号【「]|\bid\b|\bis\b")


_SIGNS: dict[Kind, frozenset[str]] = {
    Kind.WECHAT: frozenset("信微薇威徽维围卫崴嶶魏葳溦徵巍蔚伟谓♥vw加+绿嘉佳伽✌🛰💚"),
    Kind.QQ: frozenset("q扣抠叩球秋丘蔻企🐧k群裙"),
    Kind.MESSENGER: frozenset("报号飞抖快小微闲咸旺蝠转贴站陌钉支瓦群联特✈🛩wtsvlkizfmd"),
    Kind.PHONE: frozenset("话机线系络致拨电座固店真信询服倒反港tpmchf☎☏✆📞📱📲"),
    Kind.ID_CARD: frozenset("身件"),
    Kind.BANK_CARD: frozenset("卡号户行"),
}
"""Characters of which a text has one if it has a word of that kind; a search for them is fast."""
_FEWEST_OF_PHONE = 7
_OTHERWISE = (
    (frozenset(":：=→👉➜▶♥∶—"), _SHORT),
    (frozenset("】])）」』>》"), _IN_BRACKETS),
    (frozenset("vw薇威微q扣"), _LETTER),
    (frozenset("加聊我"), _INVITED),
    (frozenset("_"), _WXID),
    (frozenset("信xqwv微薇威扣"), _BEFORE),
    (frozenset("加搜友"), _BETWEEN),
    (frozenset("加搜+"), _ADDED),
    (frozenset("微薇威v号x音手鱼博"), _NAMED),
    (frozenset("拼写母"), _SPELLED),
    (frozenset("\n"), _BELOW),
    (frozenset("pb"), _CALLED),
)
"""Accounts after a letter or an invitation and before a word; a text has one of the characters."""
_QQ_WORDS = frozenset({"q", "qq", "扣", "叩", "扣扣", "球"})
_ACCOUNT = re.compile(r"(?:[a-z0-9_@][^\w\n]{0,3}){5}")
"""The fewest letters and digits of an account."""


def labelled_spans(folded: str) -> Iterator[Span]:
    """Contacts that a word announces, in a folded text."""
    yield from _named_spans(folded)
    if not _ACCOUNT.search(folded):
        return
    signs = frozenset(folded)
    for kind, pattern in _PATTERNS.items():
        if signs.isdisjoint(_SIGNS[kind]):
            continue
        for match in pattern.finditer(folded):
            if _is_contact(kind, match):
                # A word joined to the account belongs to it: wx_abc123.
                joined = match[1].startswith("_") and match[0].startswith(("wx", "vx"))
                if joined and _FILE.search(match[2]):
                    continue
                yield Span(match.start(0 if joined else 2), match.end(), kind)
    for characters, pattern in _OTHERWISE:
        if not signs.isdisjoint(characters):
            for match in pattern.finditer(folded):
                yield Span(*match.span("account"), _kind_of(match.groupdict().get("word", "")))


def _named_spans(folded: str) -> Iterator[Span]:
    """Names of accounts in Chinese; a name of goods, as 抖音【手镯】, is none."""
    for match in BRACKETED.finditer(folded):
        name = match[match.lastindex or 0].strip()
        if _SELLER.search(name) or not _GOODS_AT_END.search(name):
            yield Span(*match.span(match.lastindex or 0), Kind.MESSENGER)
    if _CHINESE_SIGNS & frozenset(folded):
        for match in _CHINESE.finditer(folded):
            yield Span(*match.span(match.lastgroup or 0), Kind.MESSENGER)
    if "字" in folded:
        for match in _TOLD.finditer(folded):
            yield Span(*match.span("account"), Kind.WECHAT)


def _kind_of(word: str) -> Kind:
    if word in _QQ_WORDS:
        return Kind.QQ
    return Kind.MESSENGER if word in ("whatsapp", "viber") else Kind.WECHAT


def _is_contact(kind: Kind, match: re.Match[str]) -> bool:
    value = match[2]
    letters = value.replace("-", "").isalpha()
    if kind in (Kind.WECHAT, Kind.QQ, Kind.MESSENGER) and letters:
        # A word in Latin letters after a word in Latin letters may be a sentence.
        latin = _LATIN.search(match[0][: match.start(2) - match.start()])
        if latin or (_CHANNEL_WORD.match(match[0]) and _SENTENCE.match(match.string, match.end())):
            return bool(_SAID.search(match[1]))
    if _PRICED.match(match[0]) and _MONEY.match(match.string, match.end()):
        return False
    if _is_of_goods(match):
        return False
    if match[0][0] in "倒反":
        return bool(_MOBILE_BACKWARDS.fullmatch(re.sub(r"\D", "", value)))
    if match[0].startswith("卫星") and _WITH_YEAR.fullmatch(value):
        return False
    if kind == Kind.PHONE and sum(character.isdigit() for character in value) < _FEWEST_OF_PHONE:
        return False
    return not _DATE.match(value)


def _is_of_goods(match: re.Match[str]) -> bool:
    """Whether what follows the word are sizes of a thing, or the word begins an item's number."""
    value, end = match[2], match.end()
    if _SHORT_GROUPS.fullmatch(value):
        few = sum(character.isdigit() for character in value) < _FEWEST_OF_ACCOUNT
        if few or _SIZES.match(match.string, end):
            return True
    joined_or_short = not match[1] or len(value) <= _ITEM_LENGTH
    if match[0].startswith(("wx", "vx")) and joined_or_short and value.isdigit():
        return bool(_ITEM_NUMBER.search(match.string[max(0, match.start() - 6) : match.start()]))
    return False
