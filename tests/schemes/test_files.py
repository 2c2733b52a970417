from datetime import date

from schemes.files import read


def content(tmp_path, text):
    path = tmp_path / "some.yml"
    path.write_text(text, encoding="utf-8")
    return read(path, "some.yml")


def test_yes_and_no_stay_words_and_true_is_a_truth(tmp_path):
    data, problems = content(tmp_path, "a: yes\nb: no\nc: true\nd: on\ne: null\nf:")

    assert problems == []
    assert data == {"a": "yes", "b": "no", "c": True, "d": "on", "e": None, "f": None}


def test_numbers_and_days_are_read_and_codes_are_not_octal(tmp_path):
    data, _ = content(tmp_path, "a: 010\nb: 1_000\nc: 2.5\nd: 2026-09-03\ne: '12'\nf: 12:30")

    assert data == {"a": 10, "b": 1000, "c": 2.5, "d": date(2026, 9, 3), "e": "12", "f": "12:30"}


def test_a_key_that_stands_twice_is_a_fault_with_both_lines(tmp_path):
    _, problems = content(tmp_path, "a: 1\nb: 2\na: 3\n")

    assert [str(problem) for problem in problems] == [
        "some.yml:3: a: stands twice (first in line 1); keep one of them"
    ]


def test_broken_yaml_is_a_fault_with_its_line(tmp_path):
    data, problems = content(tmp_path, "a: 1\nb: {en: two, three: four: five}\n")

    assert data is None
    assert problems[0].line == 2
    assert "cannot be parsed" in problems[0].what


def test_a_day_that_does_not_exist_is_a_fault(tmp_path):
    _, problems = content(tmp_path, "a: 2026-02-30")

    assert [problem.line for problem in problems] == [1]
    assert "is no date" in problems[0].what


def test_a_placeholder_without_quotes_is_a_fault_and_no_crash(tmp_path):
    _, problems = content(tmp_path, "a: 1\n{fee}: 2\n")

    assert len(problems) == 1


def test_a_file_that_is_not_utf_8_is_a_fault(tmp_path):
    path = tmp_path / "some.yml"
    path.write_bytes("a: é".encode("latin-1"))

    data, problems = read(path, "some.yml")

    assert data is None
    assert "not UTF-8" in problems[0].what


def test_an_empty_file_holds_nothing(tmp_path):
    assert content(tmp_path, "# only a remark\n") == (None, [])
