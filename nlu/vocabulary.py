"""The words by which people say yes and no, name currencies, degrees and countries.

All are NFKC lower case; Traditional and Simplified both stand where they differ.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

CURRENCIES = {
    "HKD": "hk$ hkd 港元 港幣 港币 港紙 港纸 香港ドル hongkong_dollars hong_kong_dollars hong_kong_dollar 蚊",
    "CNY": "rmb cny 人民币 人民幣 人民元 yuan renminbi 中国元 元人民币 人仔 元人民元",
    "JPY": "jpy yen 円 日元 日圓 日円 日币 日幣",
    "USD": "us$ usd 美元 美金 米ドル us_dollars us_dollar",
    "EUR": "eur € euro euros ユーロ 欧元 歐元",
    "GBP": "gbp £ pounds pound ポンド 英镑 英鎊",
    "TWD": "twd nt$ ntd 台幣 台币 新台幣 新台币 台湾ドル",
    "MOP": "mop 澳門元 澳门元 澳門幣 葡幣",
    "SGD": "sgd s$ 新元 新加坡元 坡币 シンガポールドル",
    "AUD": "aud a$ 澳元 澳幣 澳币 豪ドル",
    "CAD": "cad c$ 加元 加幣 加币 カナダドル",
    "INR": "inr rupee rupees ₹ rs ルピー 卢比 盧比",
    "KRW": "krw won ₩ ウォン 韓元 韩元",
    # Without a rate of ours: the person is asked for the HK$ figure.
    "THB": "thb baht 泰銖 泰铢 バーツ",
    "MYR": "myr ringgit 馬幣 马币 リンギット",
    "PHP": "php pesos peso 菲律賓披索",
    "IDR": "idr rupiah 印尼盾 ルピア",
    "VND": "vnd dong 越南盾 ドン",
    "CHF": "chf francs franc 瑞士法郎 スイスフラン",
    "NZD": "nzd nz$ 紐元 纽元",
}

DEGREES = {
    "doctorate": "phd ph.d ph.d. dphil doctorate doctoral doctor's 博士",
    "master": (
        "master masters master's msc m.sc mba meng mphil llm mfa med postgraduate postgrad 硕士 碩士 修士 "
        "マスター 研究生 大学院卒 大学院修了 大学院を出 院卒"
    ),
    "bachelor": (
        "bachelor bachelors bachelor's bsc b.sc ba b.a b.a. beng bba llb bfa undergrad undergraduate "
        "first_degree university_degree university_graduate uni_graduate honours 学士 學士 本科 大卒 大学卒 大学を卒業 大学を出 "
        "四大 四年制大学 大學畢業 大学毕业 大學學位 大学学历"
    ),
    "diploma": (
        "diploma hnd associate_degree associate vocational 大专 大專 专科 專科 副學士 副学士 "
        "高級文憑 高级文凭 文憑 文凭 短大 短大卒 専門学校 専門卒 高専 高职 高職"
    ),
    "none": (
        "high_school secondary_school no_degree no_diploma a-levels a-level gcse dse 没有学位 沒有學位 冇學位 無學位 无学位 "
        "冇讀過大學 未讀過大學 没上过大学 没读过大学 学位はありません 学位はない 学位なし 高中 中學 中学 中專 中专 中五 中六 高卒 "
        "高校卒 初中 中卒"
    ),
}

UNSURE = (
    "not_sure notsure unsure don't_know dont_know do_not_know dunno idk no_idea no_clue maybe "
    "perhaps possibly probably not_certain hard_to_say can't_remember skip pass depends "
    "不知道 不知 不清楚 不太清楚 不确定 不確定 不太确定 不太確定 不肯定 說不準 说不准 说不好 不好说 可能 也许 "
    "也許 大概吧 或許 或许 应该吧 應該吧 唔知 唔清楚 唔肯定 唔確定 唔太清楚 唔sure 唔記得 未知 跳過 跳过 "
    "わからない わかりません 分からない 分かりません わからん わかんない 不明 たぶん 多分 おそらく かも "
    "微妙 どうだろう 自信がない 覚えていない スキップ パス パスで 知らん 知りません 覚えてない 覚えていません 覚えてません さあ どうかな 分かりかねます "
    "わかりかねます なんとも言えません 考え中 未確認 "
    "忘了 忘记了 忘記了 唔記得 唔記得咗 冇概念 没概念 好難講 拿不准 拿唔準 不晓得 不曉得 我不知道 我唔知 我唔肯定 "
    "can't_say can't_tell i_forgot forgot don't_remember"
)
NO = (
    "no nope nah not no_i_don't no_i_haven't not_yet never none i_don't i_do_not i_haven't "
    "i_have_not i'm_not i_am_not don't_have negative false n "
    "not_really not_at_all no_way i'm_afraid_not afraid_not i_can't i_cannot cannot can't no_i_can't iie "
    "唔得 唔可以 唔行 唔啱 不行 不对 不對 不可以 木有 没有过 沒有過 冇試過 無理 全然 できない ちがいます 違いました "
    "ありませんでした ないんです 話せません 話せない ノーです 一度もない 一度もありません 無理です "
    "不是 不 没有 沒有 没 沒 無 无 否 不会 不會 不能 不可以 还没 還沒 还没有 還沒有 未有 未 冇 唔係 唔系 唔 唔會 "
    "唔識 冇呀 冇喎 没啊 没呢 都唔係 "
    "いいえ いえ いや ううん 違います ちがう 違う ない ないです ありません いません していません "
    "ないですね まだ まだです 無いです なし 無し ノー できません 持っていません"
)
YES = (
    "yes yep yeah yup ya yea sure of_course correct right true definitely absolutely indeed "
    "affirmative i_do i_am i_have i_can y ok okay that's_right certainly uh-huh uh_huh yes_please hai 👍 👌 ✅ 🙆 "
    "行 必须 必須 嗯嗯 梗係 緊係 肯定 可以的 唔錯 "
    "是 是的 對 对 对的 對的 没错 沒錯 有 有的 有啊 会 會 能 可以 当然 當然 嗯 恩 好 好的 可 "
    "係 系 係呀 系呀 係啊 啱 冇錯 有呀 有呢 得 會呀 識 "
    "はい ええ うん そう そうです その通り もちろん あります 有ります います できます しています "
    "持っています 持ってます イエス 大丈夫 はいそうです ハイ あるよ ある 話せます おk 一応はい"
)

# How people call countries and nationalities beside the names that Babel (CLDR) knows.
COUNTRY_WORDS = {
    "CN": "china chinese mainland prc beijing shanghai guangzhou shenzhen hangzhou chengdu wuhan nanjing suzhou tianjin chongqing xiamen xi'an qingdao dongguan zhuhai 北京 上海 广州 廣州 深圳 杭州 成都 武汉 武漢 南京 苏州 蘇州 天津 重庆 重慶 厦门 廈門 西安 青岛 青島 东莞 東莞 珠海 佛山 长沙 長沙 郑州 鄭州 宁波 寧波 福州 大连 大連 沈阳 瀋陽 济南 濟南 广东 廣東 大陸 大陆 內地 内地 中国大陆 中國大陸 中国本土 中国 中國 中国籍 中國籍",
    "HK": "hong_kong hongkong hk 香港 ホンコン",
    "MO": "macau macao 澳門 澳门 マカオ",
    "TW": "taiwan taiwanese taipei 台北 臺北 高雄 台中 台灣 台湾 臺灣",
    "AF": "afghan afghanistan アフガン",
    "KP": "north_korea north_korean dprk 北韓 朝鲜 朝鮮 北朝鮮",
    "KR": "south_korea korea korean 韓國 韩国 韓国 南韓",
    "CU": "cuban cuba",
    "LA": "laos lao laotian 老撾 老挝 寮國 ラオス",
    "NP": "nepal nepali nepalese",
    "VN": "vietnam vietnamese viet_nam",
    "JP": "japan japanese tokyo osaka kyoto yokohama nagoya fukuoka sapporo 東京 东京 大阪 京都 横浜 名古屋 福岡 札幌 神戸 日本 日本人",
    "IN": "india indian",
    "GB": "uk britain british england london ロンドン 倫敦 伦敦 英国 英國 イギリス",
    "US": "new_york san_francisco los_angeles boston seattle chicago 紐約 纽约 ニューヨーク usa u.s. america american states 美国 美國 アメリカ",
    "PH": "filipino filipina philippines pinoy",
    "SG": "singapore singaporean",
    "MY": "malaysia malaysian",
    "TH": "thailand thai",
    "ID": "indonesia indonesian",
    "AU": "australia australian aussie",
    "CA": "canada canadian",
    "FR": "france french",
    "DE": "germany german",
    "IT": "italy italian",
    "ES": "spain spanish",
    "RU": "russia russian",
    "PK": "pakistan pakistani",
    "BD": "bangladesh bangladeshi",
    "LK": "sri_lanka sri_lankan",
    "NG": "nigeria nigerian",
    "BR": "brazil brazilian",
}


def phrases(words: str) -> list[str]:
    """The words of a list above; "_" stands for a space inside one."""
    return [word.replace("_", " ") for word in words.split()]


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Name of a country or nationality in any of the four languages → ISO code."""
    names: dict[str, str] = {}
    for locale in ("en", "zh_Hant_HK", "zh_Hant_TW", "zh_Hans", "ja"):
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha() and len(name) > 1:
                names[name.lower()] = code
    for code, words in COUNTRY_WORDS.items():
        names.update((word, code) for word in phrases(words))
    return names
