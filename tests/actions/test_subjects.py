import pytest

from actions.subjects import is_about
from schemes import Rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.open("build/schemes.db")


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("can_support", "中国語はできません"),
        ("chinese", "賞なんてないですよ"),
        ("job_offer", "没有犯罪记录"),
        ("exceptional_award", "冇出過國做嘢"),
        ("peer_recognition", "コンピューターサイエンスなのでそうです"),
        ("mainland_resident", "对口的，我就是做这行的"),
    ],
)
def test_a_yes_or_no_about_something_else_is_no_answer(rules: Rules, fact: str, text: str) -> None:
    assert not is_about(rules.facts()[fact], text)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("can_support", "はい、大丈夫です"),
        ("can_support", "yes of course"),
        ("chinese", "中国語はできません"),
        ("criminal_record", "没有犯罪记录"),
        ("exceptional_award", "没拿过什么大奖"),
        ("job_offer", "冇"),
        ("english", "係呀，我英文OK"),
        ("owns_listed_company", "no, I don't own any company"),
    ],
)
def test_a_yes_or_no_about_the_question_is_an_answer(rules: Rules, fact: str, text: str) -> None:
    assert is_about(rules.facts()[fact], text)
