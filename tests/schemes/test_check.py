import pytest

from schemes.errors import DataError, Problem


def test_the_tiny_data_is_in_order(faults):
    assert faults() == []
    assert faults(warnings=True) == []


def only(lines):
    assert len(lines) == 1, "\n".join(lines)
    return lines[0]


CASES = [
    ("an unknown key", "demo/scheme.yml", "order: 1", "oder: 1",
     "demo/scheme.yml:2: oder: is not a key that exists here; did you mean 'order'?"),
    ("a missing language", "general/answers.yml", '    ja: "申請料は', '    jp: "申請料は',
     "fees.text.jp: is not one of the languages; use one of: en, zh-Hant, zh-Hans, ja"),
    ("an unquoted comma", "sibling/scheme.yml", '{en: "Sibling"', "{en: Sibling, or so",
     "unquoted comma"),
    ("a missing source", "general/parameters.yml", "source: [notice, office], ", "",
     "general/parameters.yml:6: fee.values[2].source: is missing"),
    ("an unknown source", "demo/answers.yml", "source: paper", "source: papers",
     "the source 'papers' does not exist; did you mean 'paper'?"),
    ("a missing as_of", "demo/parameters.yml", "source: office, as_of: 2026-06-01}",
     "source: office}", "first_stay.values[2].as_of: is missing"),
    ("unsorted days", "demo/parameters.yml", "from: 2022-12-28, value: 36",
     "from: 2014-12-28, value: 36", "2014-12-28 does not come after 2015-05-01"),
    ("null after the first", "demo/parameters.yml", "from: 2022-12-28, value: 36",
     "from: null, value: 36", "only the first may start at null"),
    ("evidence from the future", "demo/parameters.yml", "value: 36, source: office, "
     "as_of: 2026-06-01", "value: 36, source: office, as_of: 2026-09-16",
     "2026-09-16 lies in the future"),
    ("evidence before the rule", "demo/parameters.yml", "value: 36, source: office, "
     "as_of: 2026-06-01", "value: 36, source: office, as_of: 2022-12-27",
     "2022-12-27 lies before 2022-12-28"),
    ("text for months", "demo/parameters.yml", "value: 36", 'value: "36"',
     "'36' does not fit the unit months"),
    ("a number for a pattern", "demo/parameters.yml", "value: [3, 2]", "value: 3",
     "3 does not fit the unit pattern_years"),
    ("a number for a code", "general/parameters.yml", '"X 12"', "12",
     "12 does not fit the unit code"),
    ("an unknown unit", "general/parameters.yml", "unit: hkd", "unit: dollars",
     "'dollars' does not exist"),
    ("digits in a text", "demo/answers.yml", "Look later.", "Look within 6 months.",
     "job_offer.text.en: holds the digits '6' outside a placeholder"),
    ("full-width digits", "demo/answers.yml", "内定は不要です", "内定は６か月不要です",
     "holds the digits '６'"),
    ("an unknown placeholder", "demo/answers.yml", "{first_stay}, then", "{first_sty}, then",
     "the parameter 'first_sty' does not exist in demo; did you mean 'first_stay'?"),
    ("an unknown form", "demo/answers.yml", "{first_stay}, then", "{first_stay:old}, then",
     "{first_stay:old} has an unknown form"),
    ("a single brace", "demo/answers.yml", "Look later.", "Look } later.", "single brace"),
    ("a value that is no more", "demo/answers.yml", "Look later.", "Reach {old_mark}.",
     "demo.old_mark has no value today"),
    ("a history that is none", "demo/answers.yml", "Look later.", "It was {min_age:was}.",
     "demo.min_age had no value before"),
    ("a first day that is unknown", "demo/answers.yml", "Look later.", "Since {min_age:from}.",
     "demo.min_age has no known first day"),
    ("an unknown list", "demo/answers.yml", "{list:criteria:items}", "{list:criteria:itemz}",
     "refers to nothing; did you mean 'items'?"),
    ("an unknown scheme name", "demo/answers.yml", "{name:demo}", "{name:domo}",
     "did you mean 'demo'?"),
    ("a source without an address", "demo/answers.yml", "{url:office}", "{url:notice}",
     "the source 'notice' has no url"),
    ("a firm without an address", "demo/answers.yml", "{firm:phone}", "{firm:address}",
     "firm.yml has no address"),
    ("an answer without a source", "demo/answers.yml", "  source: office\n  as_of: 2023-01-01\n",
     "  as_of: 2023-01-01\n", "job_offer.source: is missing, and no parameter stands in for it"),
    ("an answer without a day", "demo/answers.yml", "  as_of: 2023-01-01\n", "",
     "job_offer.as_of: is missing, and no parameter stands in for it"),
    ("an unknown topic", "demo/answers.yml", "job_offer:\n", "job_offers:\n",
     "the topic 'job_offers' does not exist; did you mean 'job_offer'?"),
    ("too many follow-ups", "demo/answers.yml", "see: [job_offer, fees]",
     "see: [job_offer, fees, quota, documents]", "names 4 topics"),
    ("overlapping answers", "demo/answers.yml", "until: 2024-10-31", "until: 2024-11-01",
     "quota: has blocks whose days overlap"),
    ("days the wrong way round", "demo/answers.yml", "    from: 2024-11-01",
     "    from: 2024-11-01\n    until: 2024-01-01", "2024-01-01 lies before 'from'"),
    ("an unknown fact", "demo/criteria.yml", "{fact: degree, is: true}",
     "{fact: degre, is: true}", "the fact 'degre' does not exist; did you mean 'degree'?"),
    ("an option that does not exist", "demo/criteria.yml", "is: none", "is: nothing",
     "'nothing' is no answer to 'record'"),
    ("a doubt that does not exist", "demo/criteria.yml", "[minor]", "[miner]",
     "'miner' is no answer to 'record'; did you mean 'minor'?"),
    ("a limit on a choice", "demo/criteria.yml", "    is: none", "    minimum: 3",
     "does not fit 'record', a fact of type choice"),
    ("months on a number", "demo/criteria.yml", "minimum: min_age", "within_months: 6",
     "does not fit 'age', a fact of type whole_number"),
    ("a limit in another unit", "demo/criteria.yml", "minimum: income_item",
     "minimum: work_item", "compares with demo.work_item, which is in years; use a "
     "parameter in hkd"),
    ("a test without a test", "demo/criteria.yml", "{fact: degree, is: true}", "{fact: degree}",
     "has no test"),
    ("an unknown criterion", "demo/criteria.yml", "all: [adult, clean, route]",
     "all: [adult, clean, rout]", "the criterion 'rout' does not exist; did you mean 'route'?"),
    ("two kinds at once", "demo/criteria.yml", "any: [items,", "all: [items]\n    any: [items,",
     "must be one of all, any"),
    ("a circle", "demo/criteria.yml", "any: [items,", "any: [demo, items,",
     "contains itself: demo → route → demo"),
    ("a fact that is not asked", "demo/criteria.yml", "work, graduated]", "graduated]",
     "interview: does not ask 'work', which a criterion uses"),
    ("a fact that is not used", "sibling/criteria.yml", "[age, english]", "[age, english, work]",
     "interview: asks 'work', which no criterion uses"),
    ("an unused criterion", "demo/criteria.yml", "any: [items, old_test, fresh]",
     "any: [items, old_test, {fact: graduated, within_months: 6}]",
     "criteria.fresh: is under no other criterion"),
    ("a placeholder that nothing fills", "topics.yml", '"Quota"', '"Quota {demo.min_age}"',
     "quota.title.en: holds a placeholder, and nothing fills it in here"),
    ("a long button", "topics.yml", '"Quota"', '"How many places there are a year"',
     "is 32 characters long, and a button holds 28"),
    ("a long option", "facts.yml", '"A minor one"', '"A minor one, such as a parking fine"',
     "and a button holds 28"),
    ("an unknown document to prove", "demo/criteria.yml", "    refer: true\n",
     "    refer: true\n    prove: [forms]\n", "the document 'forms' does not exist"),
    ("an unknown form of a paper", "demo/documents.yml", "general.form", "general.from",
     "the parameter 'general.from' does not exist; did you mean 'general.form'?"),
    ("a condition without words", "demo/documents.yml", "      condition: {en", "      note: {en",
     "is missing beside 'when'"),
    ("an unknown party", "demo/procedure.yml", "who: [immd]", "who: [inmd]",
     "'inmd' does not exist; did you mean 'immd'?"),
    ("an id that stands twice", "demo/documents.yml", "id: certificate", "id: form",
     "holds the id 'form' twice"),
    ("another folder's id", "demo/scheme.yml", "id: demo", "id: other",
     "is 'other', but the folder is 'demo'"),
    ("a web address that is none", "sources.yml", "https://paper.example/", "paper.example",
     "'paper.example' is no web address"),
    ("a kind of source that does not exist", "sources.yml", "kind: seed", "kind: seeds",
     "'seeds' does not exist; did you mean 'seed'?"),
    ("an unknown row in a comparison", "compare.yml", "      stay: {en", "      stary: {en",
     "schemes.demo.cells.stary: is not a key that exists here; did you mean 'stay'?"),
    ("a row without a cell", "compare.yml", "      stay: {en", "      note: {en",
     "schemes.demo.cells.stay: is missing"),
    ("a scheme compared that does not exist", "compare.yml", "  sibling:", "  siblings:",
     "siblings: the scheme 'siblings' does not exist; did you mean 'sibling'?"),
    ("a cell in three languages", "compare.yml", ', ja: "不要"}', "}",
     "schemes.demo.cells.offer.ja: is missing"),
    ("a digit in a cell", "compare.yml", '"not needed"', '"not for 6 months"',
     "schemes.demo.cells.offer.en: holds the digits '6' outside a placeholder"),
    ("an unknown parameter in a cell", "compare.yml", 'en: "{demo.first_stay}"',
     'en: "{demo.frist_stay}"', "did you mean 'demo.first_stay'?"),
    ("an unknown source of a column", "compare.yml", "source: office", "source: ofice",
     "schemes.demo.source: the source 'ofice' does not exist; did you mean 'office'?"),
    ("a column without evidence", "compare.yml", "    as_of: 2026-06-01\n", "",
     "schemes.demo.as_of: is missing"),
    ("a line for all in one language", "compare.yml", "  - {en:", "  - {de:",
     "all_alike[1].de: is not one of the languages"),
    ("an unknown key in a comparison", "compare.yml", "all_alike:", "alike:",
     "alike: is not a key that exists here; did you mean 'all_alike'?"),
    ("a day told that is not exact", "general/parameters.yml", "from: 2025-02-26,",
     "from: 2025-02-26, exact: false,",
     "the day on which general.fee became what it is, is not exact; leave the day out"),
    ("a word for a day", "general/parameters.yml", "unit: code", "unit: date",
     "'X 12' does not fit the unit date; write a day such as 2026-09-03, or four languages"),
    ("bounds the wrong way round", "facts.yml", "maximum: 120", "maximum: -1",
     "0 is above the maximum -1"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_validation_refuses(edit, faults, case):
    _, file, old, new, expected = case

    edit(file, old, new)

    assert expected in "\n".join(faults())


WARNINGS = [
    ("Simplified in a Traditional text", "demo/answers.yml", "無須先獲聘用", "无須先獲聘用",
     "holds '无', which zh-Hant does not write"),
    ("a number in words", "demo/answers.yml", "Look later.", "Look within three months.",
     "says 'three months' in words"),
    ("a Han numeral", "demo/answers.yml", "無須先獲聘用", "七年內無須先獲聘用",
     "says '七年' in words"),
    ("a number one language leaves out", "sibling/answers.yml", 'zh-Hans: "{first_stay}。"',
     'zh-Hans: "不长。"', "does not use {first_stay}, which another language does"),
    ("a button that leads nowhere", "demo/answers.yml", "see: [job_offer, fees]",
     "see: [job_offer, fees, quota]", None),
    ("a button without an answer", "sibling/answers.yml", "job_offer:\n",
     "job_offer:\n  see: [quota]\n", "offers 'quota', which neither sibling nor general answers"),
]  # fmt: skip


@pytest.mark.parametrize("case", WARNINGS, ids=[case[0] for case in WARNINGS])
def test_the_validation_warns(edit, faults, case):
    _, file, old, new, expected = case

    edit(file, old, new)

    assert faults() == []
    found = faults(warnings=True)
    assert found == [] if expected is None else expected in only(found)


def test_every_fault_is_reported_with_file_line_key_what_and_remedy(edit, faults):
    edit("demo/scheme.yml", "order: 1", "oder: 1")
    edit("general/scheme.yml", "order: 0", "ordr: 0")
    edit("topics.yml", '"Quota"', '"Quota 5"')

    assert faults() == [
        "demo/scheme.yml:2: oder: is not a key that exists here; did you mean 'order'?",
        "general/scheme.yml:2: ordr: is not a key that exists here; did you mean 'order'?",
        "topics.yml:12: quota.title.en: holds the digits '5' outside a placeholder; put the number "
        "into parameters.yml and write {its_name}",
    ]


def test_limited_to_a_scheme_only_its_faults_are_told(edit, faults, data):
    edit("demo/scheme.yml", "order: 1", "oder: 1")
    edit("sibling/scheme.yml", "order: 2", "ordr: 2")
    (data / "half").mkdir()
    (data / "half" / "answers.yml").write_text("length_of_stay: {text: {en: only", encoding="utf-8")

    assert "oder" in only(faults("demo"))
    assert "ordr" in only(faults("sibling"))
    assert len(faults()) >= 4


def test_limited_to_a_scheme_the_facts_it_asks_are_checked_too(edit, faults):
    edit("facts.yml", '"Any record?"', '"Any record in 5 years?"')

    assert "record.question.en" in only(faults("demo"))
    assert faults("sibling") == []


def test_limited_to_a_scheme_its_part_of_the_comparison_is_checked_too(edit, faults):
    edit("compare.yml", "    source: paper", "    source: papers")

    assert "schemes.sibling.source" in only(faults("sibling"))
    assert faults("demo") == []


def test_broken_yaml_of_a_shared_file_is_told_whatever_the_scheme(data, faults):
    (data / "topics.yml").write_text("a: {b: c: d}", encoding="utf-8")

    assert any(line.startswith("topics.yml:1: (YAML)") for line in faults("sibling"))


@pytest.mark.parametrize(
    "file", ["sources.yml", "topics.yml", "facts.yml", "general/parameters.yml"]
)
def test_what_is_missing_because_a_file_is_unreadable_is_not_told_beside_it(data, faults, file):
    (data / file).write_bytes(b"\xff\xfe")

    assert "is not UTF-8" in only(faults())
    assert "is not UTF-8" in only(faults("sibling"))


def test_a_parameter_with_a_fault_of_its_own_is_not_missing_elsewhere(edit, faults):
    edit("demo/parameters.yml", "  meaning: first stay\n", "")

    assert "first_stay.meaning: is missing" in only(faults())


def test_an_empty_shared_file_is_as_good_as_none(data, faults):
    (data / "compare.yml").write_text("", encoding="utf-8")

    assert only(faults()) == "compare.yml: (file): is missing; write it"


def test_a_missing_file_and_a_strange_one_are_faults(data, faults):
    (data / "sibling" / "scheme.yml").unlink()
    (data / "demo" / "answer.yml").write_text("a: 1", encoding="utf-8")
    (data / "firm.yml").unlink()

    told = "\n".join(faults())

    assert "sibling/scheme.yml: (file): is missing" in told
    assert "demo/answer.yml: (file): is not a file that a scheme has; did you mean" in told
    assert "firm.yml: (file): is missing" in told


def test_an_announced_value_may_be_known_before_it_holds(edit, faults):
    edit(
        "general/parameters.yml",
        "as_of: 2026-08-01}\nform",
        "as_of: 2026-08-01}\n"
        "    - {from: 2027-01-01, value: 700, source: notice, as_of: 2026-09-01}\nform",
    )

    assert faults() == []


CASE_FAULTS = [
    ("an unknown fact", "{age: 17}", "{aeg: 17}", "the fact 'aeg' does not exist"),
    ("an impossible answer", "{age: 17}", "{age: 170}", "170 is no answer: too_high"),
    ("an unknown criterion", "adult: not_met", "adlt: not_met", "adlt: is no criterion"),
    ("an unknown verdict", "adult: not_met", "adult: failed", "'failed' is no verdict"),
    ("an unknown outcome", "outcome: meets", "outcome: meet", "did you mean 'meets'?"),
    ("an unknown expectation", "next: null", "nxt: null", "did you mean 'next'?"),
    ("an unknown parameter", "old_mark: 80", "old_mrk: 80", "is no parameter"),
    ("an unknown scheme", "scheme: demo", "scheme: domo", "'domo' does not exist"),
    ("no expectation", "expect: {parameters: {old_mark: 80, general.fee: 230}}", "expect: {}",
     "expects nothing"),
    ("a name that stands twice", "the old test ended with October 2024",
     "the new test began with November 2024", "stands also in line"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASE_FAULTS, ids=[case[0] for case in CASE_FAULTS])
def test_a_faulty_case_is_refused(tiny_cases, tmp_path, faults, case):
    _, old, new, expected = case
    content = (tiny_cases / "demo.yml").read_text(encoding="utf-8")
    assert old in content
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "demo.yml").write_text(content.replace(old, new, 1), encoding="utf-8")

    assert expected in "\n".join(faults(cases=folder))


def test_a_data_error_holds_every_problem():
    problems = [Problem("a.yml", "b", "is wrong", "mend it"), Problem("c.yml", "d", "e", "f", 3)]

    error = DataError(problems)

    assert error.problems == tuple(problems)
    assert "a.yml: b: is wrong; mend it\nc.yml:3: d: e; f" in str(error)
