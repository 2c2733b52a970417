from pathlib import Path

from schemes.wording import FIELDS, FILE, read_wording


def spoiled(tmp_path: Path, old: str, new: str) -> list[str]:
    path = tmp_path / "wording.yml"
    content = FILE.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in read_wording(path)[1]]


def test_every_sentence_is_there_in_every_language():
    wording, problems = read_wording()

    assert problems == []
    assert set(wording) == set(FIELDS)


def test_a_name_that_is_not_filled_in_is_refused(tmp_path):
    found = spoiled(tmp_path, "Needed: {needed}.", "Needed: {wanted}.")

    assert any("{wanted} is not filled in here" in line for line in found)
    assert any("leaves {needed} out" in line for line in found)


def test_a_missing_language_and_an_unknown_sentence_are_refused(tmp_path):
    assert any("yes.fr" in line for line in spoiled(tmp_path, 'ja: "はい"', 'fr: "oui"'))
    assert any("perhaps" in line for line in spoiled(tmp_path, "\nyes:", "\nperhaps:"))


def test_spaces_at_the_ends_of_separators_are_kept():
    assert read_wording()[0]["or"]["en"] == " or "
