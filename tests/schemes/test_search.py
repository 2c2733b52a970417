import pytest

from schemes.search import fold, pairs, tokens


def found(rules, text, language="en", limit=3):
    return [(hit.scheme, hit.topic) for hit in rules.search(text, language, limit)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("fee", "en"),
        ("FEES", "en"),
        ("how much does an application cost?", "en"),
        ("費用", "zh-Hant"),
        ("费用", "zh-Hant"),
        ("費用", "zh-Hans"),
        ("請問申請收費", "zh-Hant"),
        ("費", "zh-Hant"),
        ("料金", "ja"),
        ("料金はいくらですか", "ja"),
        ("ＦＥＥ", "en"),
    ],
)
def test_the_fees_are_found(rules, text, language):
    assert found(rules, text, language)[0] == ("general", "fees")


def test_the_name_of_a_scheme_leads_to_its_answers(rules):
    assert found(rules, "sibling length of stay")[0] == ("sibling", "length_of_stay")
    assert found(rules, "SIB job")[0] == ("sibling", "job_offer")


def test_a_part_of_a_word_finds_the_word(rules):
    assert ("demo", "documents") in found(rules, "certif")


def test_titles_come_in_the_language_asked_whatever_the_question_is_in(rules):
    hits = rules.search("費用", "en")

    assert (hits[0].topic, hits[0].title) == ("fees", "Fees")


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "zzzzz", '"', "* OR (", 'fee"); drop table answers', "🙂", "NEAR("]
)
def test_odd_texts_are_searched_without_an_error(rules, text):
    assert isinstance(rules.search(text, "en"), list)


def test_nothing_alike_finds_nothing(rules):
    assert rules.search("xylophone", "en") == []


def test_hits_are_in_order_each_once_and_no_more_than_asked_for(rules):
    hits = rules.search("length of stay job offer fees", "en", 4)

    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({(hit.scheme, hit.topic) for hit in hits}) == 4


def test_only_what_holds_on_the_day_of_the_build_is_found(rules):
    assert found(rules, "limited") == []


def test_folding_and_pairs():
    assert fold("簽證 ＩＡＮＧ") == "签证 iang"
    assert pairs("受養") == ["受養"]
    assert tokens("QMAS 受養人") == "qmas 受养 养人 受 养 人"
