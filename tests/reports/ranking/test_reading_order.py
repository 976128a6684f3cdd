"""Names in the order in which readers of a language look them up."""

import csv
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from survey.reports.ranking.reading_order import reading_order

PUBLISHED = Path(__file__).parents[3] / "examples" / "arab-league-2024" / "published-bands.csv"


def in_order(language, names):
    return sorted(names, key=reading_order(language))


def published_bands():
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    bands = groupby(rows, lambda row: f"{row['table']} {row['band']}")
    return {band: [row["name_zh"] for row in printed] for band, printed in bands}


@pytest.mark.parametrize("band", published_bands())
def test_every_published_band_is_in_pinyin_order_but_for_its_erratum(band):
    names = published_bands()[band]
    if band == "traditional 4":
        place = names.index("阿治曼")
        assert names[place + 1] == "奥兰"
        names[place : place + 2] = ["奥兰", "阿治曼"]

    assert in_order("zh", reversed(names)) == names


def test_pinyin_is_joined_letter_by_letter_and_read_as_a_phrase():
    """kailuo < kasabulanka < saidegang < sana; chongqing, not zhongqing; toneless."""
    assert in_order("zh", ["卡萨布兰卡", "开罗", "萨那", "塞得港"]) == [
        "开罗",
        "卡萨布兰卡",
        "塞得港",
        "萨那",
    ]
    assert in_order("zh", ["大连", "重庆"]) == ["重庆", "大连"]


def test_homophones_have_one_order_whatever_they_came_in():
    assert in_order("zh", ["苏州", "宿州"]) == in_order("zh", ["宿州", "苏州"])


def test_english_puts_blanks_before_letters_and_leaves_case_and_accents_aside():
    names = ["Algiers", "al Rayyan", "Al Ain", "Alexandria", "Évora", "Essen", "Fes"]

    assert in_order("en", names) == [
        "Al Ain",
        "al Rayyan",
        "Alexandria",
        "Algiers",
        "Essen",
        "Évora",
        "Fes",
    ]


def test_accents_decide_between_names_that_are_otherwise_equal():
    assert in_order("fr", ["Côte", "Coté", "Cote"])[0] == "Cote"


def test_turkish_has_its_own_letters():
    """ç after c, ğ after g, dotless ı before i, ö after o, ş after s, ü after u."""
    names = ["İzmir", "Isparta", "Çorum", "Cizre", "Şırnak", "Sivas", "Tunceli", "Ödemiş", "Ordu"]

    assert in_order("tr", names) == [
        "Cizre",
        "Çorum",
        "Isparta",
        "İzmir",
        "Ordu",
        "Ödemiş",
        "Sivas",
        "Şırnak",
        "Tunceli",
    ]


def test_russian_has_short_i_as_a_letter_and_yo_as_ye():
    names = ["Йошкар-Ола", "Казань", "Ижевск", "Ёлкино", "Ельня", "Енисейск", "Жуков"]

    assert in_order("ru", names) == [
        "Ёлкино",
        "Ельня",
        "Енисейск",
        "Жуков",
        "Ижевск",
        "Йошкар-Ола",
        "Казань",
    ]


def test_arabic_takes_the_forms_of_alef_for_one_letter():
    names = ["بغداد", "أبوظبي", "ابها", "تونس", "آسفي"]

    assert in_order("ar", names) == ["ابها", "أبوظبي", "آسفي", "بغداد", "تونس"]


def test_turkish_has_q_w_and_x_where_latin_has_them():
    names = ["Xanten", "Yalova", "Wuhan", "Van", "Qatif", "Rize", "Pendik"]

    assert in_order("tr", names) == [
        "Pendik",
        "Qatif",
        "Rize",
        "Van",
        "Wuhan",
        "Xanten",
        "Yalova",
    ]


def test_french_reads_a_ligature_as_its_two_letters():
    assert in_order("fr", ["Offenbach", "Œuf", "Odessa", "Étampes", "Évry"]) == [
        "Étampes",
        "Évry",
        "Odessa",
        "Œuf",
        "Offenbach",
    ]


def test_arabic_passes_over_the_article():
    """As in an index: الرياض is under ر; ألمانيا and الله have no article."""
    names = ["الرياض", "دبي", "الدوحة", "الجزائر", "مكة المكرمة", "تونس", "ألمانيا", "رام الله"]

    assert in_order("ar", names) == [
        "ألمانيا",
        "تونس",
        "الجزائر",
        "دبي",
        "الدوحة",
        "رام الله",
        "الرياض",
        "مكة المكرمة",
    ]
    assert in_order("ar", ["مكة المكرمة", "مكة الجديدة"]) == ["مكة الجديدة", "مكة المكرمة"]


def test_arabic_takes_an_alef_without_dots_for_ya_and_leaves_vowel_signs_aside():
    assert in_order("ar", ["مستشفي", "مستشفى"]) == in_order("ar", ["مستشفى", "مستشفي"])
    assert in_order("ar", ["عُمان", "عمران", "عمّان"])[-1] == "عمران"


def test_a_script_of_its_own_comes_after_the_alphabet():
    assert in_order("tr", ["开罗", "Zonguldak"]) == ["Zonguldak", "开罗"]


def test_a_language_with_a_script_or_a_region_is_that_language():
    assert in_order("zh-Hant", ["卡萨布兰卡", "开罗"]) == ["开罗", "卡萨布兰卡"]
    assert in_order("tr-TR", ["Çorum", "Dicle", "Cizre"]) == ["Cizre", "Çorum", "Dicle"]


def test_arabic_names_with_and_without_vowel_signs_have_one_order():
    names = ["الرِّياض", "الخُبر", "بغداد", "دبي", "يافا"]

    assert in_order("ar", names) == ["بغداد", "الخُبر", "دبي", "الرِّياض", "يافا"]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Dakar", "Đanang", "Dubai"]),
        ("en", ["Lodi", "Łódź", "Lublin"]),
        ("en", ["Odense", "Øresund", "Oslo"]),
        ("en", ["Ibb", "ʿIbri", "Ica"]),
        ("en", ["Sanaa", "Sanʿaa East", "Sanaa West"]),
        ("en", ["Diyarbakir", "Diyarbakır Province", "Diyarbakir Region"]),
        ("fr", ["Hama", "Ħamrun", "Hanoï"]),
        ("ru", ["Гагра", "Ґанновка", "Гатчина"]),
        ("ru", ["Казань", "Қарағанды", "Касимов"]),
        ("ru", ["Ижевск", "Ірпінь", "Ишим"]),
        ("tr", ["Edirne", "Əli", "Erzurum", "Fethiye"]),
        ("ar", ["كابل", "گجرات", "كركوك"]),
        ("ar", ["باريس", "پراگ", "بغداد"]),
        ("ar", ["سعد", "سعید", "سوق"]),
        ("zh", ["Łódź", "Lyon", "马尼拉"]),
    ],
)
def test_letters_that_do_not_decompose_are_sorted_as_the_letter_they_are_written_with(
    language, names
):
    assert in_order(language, reversed(names)) == names


#: Fatha, shadda, sukun, superscript alef, tatweel; ʿayn and hamza as they are transliterated.
SIGNS = "\u064e\u0651\u0652\u0670\u0640\u02bf\u02be"


@given(
    st.sampled_from(["ar", "en", "ru", "tr", "fr", "zh"]),
    st.text("ابتثجرسعالنمويهءأ aeioszléÇıқ开罗-", min_size=1, max_size=7),
    st.text("ابتثجرسعالنمويهءأ aeioszléÇıқ开罗-", min_size=1, max_size=7),
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from(SIGNS)), min_size=1, max_size=4),
)
@example("ar", "الخبر", "بغداد", [(3, "\u064f")])
@example("ar", "الرياض", "الرس", [(2, "\u0640")])
def test_adding_a_vowel_sign_tatweel_or_ayn_moves_no_name_past_another(
    language, name, other, signs
):
    signed = name
    for place, sign in signs:
        signed = signed[:place] + sign + signed[place:]
    key = reading_order(language)
    assume(bare(name) != bare(other))

    assert (key(signed) < key(other)) == (key(name) < key(other))


def bare(name):
    return "".join(letter for letter in name if letter not in SIGNS)


@given(st.sampled_from(["الرياض", "ابها", "المدينة", "اربد", "العين"]), st.sampled_from("ارمعنب"))
def test_a_wasla_moves_no_name_past_another(name, letter):
    key = reading_order("ar")
    other = letter + "ك"

    assert (key("ٱ" + name[1:]) < key(other)) == (key(name) < key(other))
