"""The model is trained when, and only when, something it is made from changed."""

import os
from pathlib import Path

import pytest

import train

SCHEME = "schemes/data/qmas/scheme.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("nlu/en", "stories", "models", "schemes/data/qmas"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "requirements.txt", "nlu/en/fees.yml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["config.yml", "nlu/en/fees.yml", "nlu/new.py", "stories/a.yml", SCHEME]
)
def test_a_changed_or_new_input_means_another_model(project: Path, name: str) -> None:
    before = train.model_path(project)

    (project / name).write_text("changed", encoding="utf-8")

    assert train.model_path(project) != before


def test_a_renamed_input_means_another_model(project: Path) -> None:
    before = train.model_path(project)

    (project / "nlu/en/fees.yml").rename(project / "nlu/en/costs.yml")

    assert train.model_path(project) != before


def test_what_python_leaves_behind_changes_nothing(project: Path) -> None:
    before = train.model_path(project)

    (project / "nlu/__pycache__").mkdir()
    (project / "nlu/__pycache__/x.pyc").write_bytes(b"x")
    (project / "README.md").write_text("x", encoding="utf-8")

    assert train.model_path(project) == before


def test_an_unchanged_project_is_not_trained_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train.model_path(project).touch()
    monkeypatch.setattr(train, "run_rasa", lambda *_: pytest.fail("Rasa was run"))

    assert train.train(project) == train.model_path(project)


def test_a_new_model_takes_its_place_and_old_ones_go(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age, name in enumerate(["previous", "older", "oldest"]):
        old = project / "models" / f"{name}.tar.gz"
        old.touch()
        set_age(old, days=age + 1)

    def leave_model(name: str, root: Path) -> bool:
        (root / "models/new").mkdir()
        (root / "models/new" / name).touch()
        return True

    monkeypatch.setattr(train, "run_rasa", leave_model)

    model = train.train(project)

    left = {path.name for path in (project / "models").glob("*.tar.gz")}
    assert left == {model.name, "previous.tar.gz"}


def test_a_failed_training_shows_the_end_of_the_log_and_names_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_name: str, root: Path) -> bool:
        (root / "logs").mkdir()
        (root / train.LOG).write_text("first\n" * 20 + "intent fees: no examples", "utf-8")
        return False

    monkeypatch.setattr(train, "run_rasa", fail)

    with pytest.raises(SystemExit) as ending:
        train.train(project)

    assert "intent fees: no examples" in str(ending.value)
    assert "logs/train.log" in str(ending.value)
    assert not train.model_path(project).exists()


def set_age(path: Path, days: int) -> None:
    then = path.stat().st_mtime - days * 86_400
    os.utime(path, (then, then))
