"""Detection of short Chinese files in GB18030 among the languages of the study.

Two names are too few to count characters. The languages of the study decide: whether the
same bytes are words in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from survey.files.study_folder.gb2312 import frequency

#: Languages by script, whose words in a code page could be the same bytes.
_CYRILLIC = frozenset(["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "ba", "tt"])
_ARABIC = frozenset(["ar", "fa", "ur", "ps", "ku", "ug", "ckb"])
_HANT = frozenset({"hant", "tw", "hk", "mo"})
_TOKEN = re.compile(rb"(?<![A-Za-z])[A-Za-z]{2,4}(?![A-Za-z])")
#: The longest header, in bytes.
_HEADER = 20_000
_RUN = re.compile(r"[^\x00-\x7f]+")
_CYRILLIC_WORD = re.compile("[А-ЯЁІЇЄҐ]?[а-яёіїєґ]+|[А-ЯЁІЇЄҐ]+")
_ARABIC_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+")
_KATAKANA = re.compile("[\uff61-\uff9f\u3000-\u30ff\u4e00-\u9fff]+")
_HANGUL = re.compile("[가-힣]+")
_HANJA = re.compile("[\u4e00-\u9fff\uf900-\ufaff]+")
_THAI = re.compile("[\u0e01-\u0e3a\u0e3f-\u0e5b]+")
_GREEK_WORD = re.compile("[\u0386-\u03ce]+")
_HEBREW_WORD = re.compile("[\u05b0-\u05ea]+")
#: Rows of EUC-JP with punctuation and with the 2,965 characters of most texts.
_KANJI_ROWS = frozenset((0xA1, *range(0xB0, 0xD0)))
#: Common traditional characters that differ from the simplified ones.
_TRADITIONAL = frozenset(
    "東西國學會來時個為經濟發業產區縣鄉鎮灣臺廣雲貴陽漢齊魯遼寧龍張長門開關馬鳥魚黃葉萬與義樂書買賣東"
    "兒見觀視覺親計訂討訓託記設許論評識詞試詩話該詳語認誤說請課調談講謝證譯議護讀變讓貝負財貢貧貨販"
    "責貯費貿賀資賓賜賞賢質賴購贈車軍軌軟較載輕輔輝輛輪輯輸轉辦農邊達違連進運過遠適選遷還郵鄧鄭鄰"
    "醫釋針鈴鉛銀銅鋁銷鋒鋼錄錢錦錯鍋鍵鎖鐘鐵鑑閃閉問間閒閣閱闊隊階際陸陳陰隨險隱難雙雜離電靈靜韓"
    "響頁頂項順須預領頭頻題額顏願類顧風飛飯飲館驗驚體鬥麗麥點黨鼓齡龜歲歷歸殘殺氣決沒沖況淚淨淺減測"
    "湯溝溫準滅滿漁漲潔潛澤濃濕濱瀏燈燒營爐爭爺爾狀獎獨獲獻環現瑪產畢畫異當療發盜盡監盤眾確礎礙禮種"
    "稱穀積穩窮競筆節範築簡簽籌糧糾紀約紅純紙級細終組結絕給統絲經綜綠維網緊線緒編緩練縣縮縱總績繁織"
    "繞繪繼續纖罰羅義習聖聞聯聲職聽腦腳膚臉臨舉舊艦藝節華萊蓋蔣蘇蘭虛處號蟲術衛衝裝裡複規覽觸訪訴診"
    "詢誠誰談諸諾謀謂謙譜譽豐貌貫貼趙趕跡躍軒輩辭遞遲遺鄉鑽長閩闆陝隻雖雞霧韻項頌顆顯飄餘餐養駐駕騎"
    "騰驅驢髮鬆魯鮮鳳鳴鷹麼齊齒億優償儀價偉傑傳傷債傾僅僑儲兩冊凍剛創劃劇劉劍勁動務勝勞勢勵區協單卻"
    "參員問啟喪喬圍園圓圖團執堅塊場報塵墊墳墮壇壓壘壞壯壽夢夥夠奪奮媽婦孫學寫寬寶實審專將尋對導屆層"
    "屬岡島嶺嶽巖巢幣帥師帳帶幫幾庫廟廠廢廳張強彈彎彙後徑從復徵徹恆惡愛態慶憂懷應戀戰戲戶拋掃掛採揚"
    "換揮損搖搶擁擇擊擋據擬擴擺擾攝敗敵數斷於昇時晉暫暢曆曉書條棄極構槍標樣樹橋機檔檢權次歐歡澎彰"
)


def languages_of(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the codes of the languages in a folder's columns and of its panel."""
    headers = (content[:_HEADER].partition(b"\n")[0] for content in files.values())
    text = b"\n".join((*headers, files.get("panel.csv", b""))).replace(b"\0", b"")
    return frozenset(token.decode().lower() for token in set(_TOKEN.findall(text)))


def is_short_chinese(content: bytes, languages: Collection[str]) -> bool:
    """Whether all characters are frequent and no study language gives other words.

    The caller knows that Chinese is expected.
    """
    text = content.decode("gb18030", "replace")
    runs = _RUN.findall(text)
    if not runs or not all(map(_is_frequent, runs)):
        return False
    return not (_touches_a_letter(text) or any(_other_readings(content, languages)))


def is_hangul(content: bytes) -> bool:
    """Whether the bytes are also Korean syllables, and nothing else."""
    return _reads("cp949", _HANGUL.fullmatch, content)


def is_of_a_neighbour(content: bytes, languages: Collection[str]) -> bool:
    """Whether the bytes are words of another Asian language of the study.

    These are kanji without kana, hanja without hangul, and Thai, whose bytes are not
    letters of a code page. A longer Chinese text has characters beyond these.
    """
    return any(
        language in languages and _reads(encoding, is_word, content)
        for language, encoding, is_word in _NEIGHBOURS
    )


def _is_kanji(run: str) -> bool:
    return all(c.encode("euc-jp")[0] in _KANJI_ROWS for c in run)


def _is_frequent(run: str) -> bool:
    return all(frequency(character) == "frequent" for character in run)


def _touches_a_letter(text: str) -> bool:
    return re.search(r"[A-Za-z][\u3400-\u9fff]|[\u3400-\u9fff][A-Za-z]", text) is not None


def _other_readings(content: bytes, languages: Collection[str]) -> Iterator[bool]:
    for spoken, encodings, is_word in _READINGS:
        if not spoken.isdisjoint(languages):
            yield from (_reads(encoding, is_word, content) for encoding in encodings)
    yield _reads("big5", _is_traditional if _HANT.isdisjoint(languages) else bool, content)


def _is_traditional(run: str) -> bool:
    """Whether all characters of a run are traditional, or frequent and shared."""
    return all(c in _TRADITIONAL or "\u3000" <= c < "\u3020" or _is_frequent(c) for c in run)


def _reads(encoding: str, is_word: Callable[[str], object], content: bytes) -> bool:
    """Whether the bytes are only words in an encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(is_word(run) for run in _RUN.findall(text))


#: Asian languages whose words need not have a letter of a code page: encoding, test of a word.
_NEIGHBOURS = (
    ("ja", "euc-jp", _is_kanji),
    ("ko", "cp949", _HANJA.fullmatch),
    ("th", "cp874", _THAI.fullmatch),
)
#: Languages, the encodings in which programs save them, and the test of a word.
_READINGS = (
    (_CYRILLIC, ("cp1251", "koi8-r", "iso8859-5", "cp866"), _CYRILLIC_WORD.fullmatch),
    (_ARABIC, ("cp1256", "iso8859-6", "cp720"), _ARABIC_WORD.fullmatch),
    (frozenset({"el"}), ("cp1253", "iso8859-7"), _GREEK_WORD.fullmatch),
    (frozenset({"he"}), ("cp1255", "iso8859-8"), _HEBREW_WORD.fullmatch),
    (frozenset({"ja"}), ("cp932", "euc-jp"), _KATAKANA.fullmatch),
    (frozenset({"ko"}), ("cp949",), _HANGUL.fullmatch),
)
