import io
import json
import sys
from datetime import date

import pytest

from schemes.__main__ import main


@pytest.fixture
def run(data, tiny_cases, tmp_path, capsys):
    """Runs one command on the copy; gives its exit code and what it printed."""

    def command(*arguments, cases=tiny_cases):
        code = main(
            ["--data", str(data), "--cases", str(cases), "--database", str(tmp_path / "s.db"),
             "--today", "2026-09-15", *arguments]
        )  # fmt: skip
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return command


def test_check_tells_every_fault_and_fails(run, edit):
    assert run("check") == (0, "0 faults, 0 warnings\n")

    edit("demo/scheme.yml", "order: 1", "oder: 1")
    code, printed = run("check")

    assert code == 1
    assert "demo/scheme.yml:2: oder" in printed
    assert run("check", "--scheme", "sibling")[0] == 0


def test_warnings_fail_only_when_strict(run, edit):
    edit("sibling/answers.yml", "job_offer:\n", "job_offer:\n  see: [quota]\n")

    assert run("check")[0] == 0
    assert run("check", "--strict")[0] == 1


def test_build_writes_the_database_and_counts(run, tmp_path):
    code, printed = run("build")

    assert code == 0
    assert printed.endswith("3 schemes, 8 answers, 11 parameters, 4 sources\n")
    assert (tmp_path / "s.db").is_file()


def test_build_refuses_faulty_data(run, edit, tmp_path):
    edit("demo/scheme.yml", "order: 1", "oder: 1")

    code, printed = run("build")

    assert (code, (tmp_path / "s.db").exists()) == (1, False)
    assert "1 fault to mend" in printed


@pytest.mark.parametrize("built", [False, True], ids=["from the files", "from the database"])
def test_ask_prints_the_answer(run, built):
    if built:
        run("build")

    code, printed = run("ask", "demo", "quota", "--lang", "ja", "--as-of", "2024-10-31")

    assert code == 0
    assert printed.startswith("枠があります。\n\n出典：新聞 · 2024年10月時点")


def test_a_database_older_than_the_data_is_not_asked(run, edit):
    run("build")
    edit("demo/answers.yml", "There is no quota.", "Quota abolished.")

    assert run("ask", "demo", "quota")[1].startswith("Quota abolished.")


def test_ask_without_an_answer_lists_what_is_answered(run):
    code, printed = run("ask", "sibling", "fees")

    assert code == 1
    assert "It answers: length_of_stay, job_offer" in printed


def test_assess_prints_json_with_the_next_question_and_alternatives(run, tmp_path):
    answers = tmp_path / "answers.yml"
    answers.write_text("{age: 30, english: yes}", encoding="utf-8")

    code, printed = run("assess", "demo", "--answers", str(answers), "--lang", "zh-Hant")

    result = json.loads(printed)
    assert code == 0
    assert (result["next_fact"], result["next_question"]) == ("record", "有沒有記錄？")
    assert result["alternatives"] == [{"scheme": "sibling", "outcome": "meets"}]


def test_assess_reads_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"age": 17}'))

    code, printed = run("assess", "demo", "--answers", "-")

    assert code == 0
    assert json.loads(printed)["outcome"] == "does_not_meet"


@pytest.mark.parametrize(
    ("content", "expected"),
    [("[1, 2]", "must be a mapping"), ("{age: old}", "wrong_type"), ("{age: {", "parsed")],
)
def test_assess_refuses_what_are_no_answers(run, tmp_path, content, expected):
    answers = tmp_path / "answers.yml"
    answers.write_text(content, encoding="utf-8")

    code, printed = run("assess", "demo", "--answers", str(answers))

    assert code == 1
    assert expected in printed


def test_assess_without_a_file_says_so(run):
    code, printed = run("assess", "demo", "--answers", "nowhere.yml")

    assert (code, "nowhere.yml" in printed) == (1, True)


def test_cases_print_what_fails_and_a_count(run, tiny_cases, tmp_path):
    assert run("cases") == (0, "4 cases, 0 failed\n")
    folder = tmp_path / "more"
    folder.mkdir()
    content = (tiny_cases / "demo.yml").read_text(encoding="utf-8")
    (folder / "demo.yml").write_text(content.replace("tally: [2,", "tally: [3,"), encoding="utf-8")

    code, printed = run("cases", cases=folder)

    assert code == 1
    assert "tally: expected [3, 2, 4], got [2, 2, 4]" in printed
    assert printed.endswith("4 cases, 1 failed\n")


def test_no_cases_at_all_fail(run, tmp_path):
    (tmp_path / "none").mkdir()

    assert run("cases", cases=tmp_path / "none") == (1, "0 cases, 0 failed\n")


def test_facts_lists_what_can_be_asked_and_by_whom(run):
    code, printed = run("facts", "--lang", "en")

    assert code == 0
    assert "age: whole_number 0 to 120\n    How old are you?  (demo, sibling)\n" in printed
    assert "record: choice none, minor, serious" in printed


def test_search_prints_hits_and_fails_without_any(run):
    code, printed = run("search", "費用", "--lang", "zh-Hant")

    assert (code, "general/fees: 費用" in printed) == (0, True)
    assert run("search", "xylophone") == (1, "")


def test_stale_lists_old_evidence_the_oldest_first(run):
    code, printed = run("stale", "--older-than", "365")

    assert code == 0
    assert printed.splitlines()[0].startswith("2023-01-01   1353 days  answer demo/job_offer")
    assert "are older than 365 days" in printed


def test_the_day_can_be_set(run):
    assert date(2026, 9, 15).isoformat() in "2026-09-15"
    code, printed = run("ask", "general", "fees")

    assert (code, "HK$600" in printed) == (0, True)
