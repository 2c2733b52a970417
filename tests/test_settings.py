"""What can be set, what is refused and in which words, and that secrets stay secret."""

import re
from pathlib import Path

import pytest
import yaml

import settings
from settings import FIELDS, ROOT, Secret, SettingError, load, read

TOKEN = "123456789:" + "A" * 35


def test_the_example_file_lists_exactly_the_settings() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")

    listed = re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE)

    assert sorted(listed) == sorted(FIELDS)


def test_the_example_file_shows_the_defaults() -> None:
    assert read(settings.from_file(ROOT / ".env.example")) == read({})


def test_nothing_set_means_the_sandbox_plays_telegram() -> None:
    found = read({})

    assert found.uses_sandbox
    assert found.telegram_base_url == "http://127.0.0.1:8081/bot"
    assert found.telegram_base_file_url == "http://127.0.0.1:8081/file/bot"
    assert found.staff_group_id == settings.SANDBOX_STAFF_GROUP_ID
    assert found.starts_rasa


def test_a_token_means_telegram_itself() -> None:
    found = read({"TELEGRAM_BOT_TOKEN": TOKEN})

    assert not found.uses_sandbox
    assert found.telegram_base_url == "https://api.telegram.org/bot"
    assert found.staff_group_id is None


def test_a_server_without_a_token_gets_a_throw_away_one() -> None:
    found = read({"TELEGRAM_API_URL": "http://127.0.0.1:9000/"})

    assert not found.uses_sandbox
    assert found.throw_away_token
    assert found.telegram_base_url == "http://127.0.0.1:9000/bot"
    assert re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{35}", found.telegram_bot_token.reveal())


def test_a_server_of_our_own_accepts_a_short_token() -> None:
    found = read({"TELEGRAM_API_URL": "http://localhost:9000", "TELEGRAM_BOT_TOKEN": "1:x"})

    assert found.telegram_bot_token == Secret("1:x")


def test_a_named_rasa_server_is_not_started_here() -> None:
    found = read({"RASA_URL": "http://rasa.internal:5005"})

    assert not found.starts_rasa
    assert found.rasa_url == "http://rasa.internal:5005"


def test_our_own_rasa_follows_its_port() -> None:
    assert read({"RASA_PORT": "6005"}).rasa_url == "http://127.0.0.1:6005"


def test_a_language_may_be_written_with_an_underscore() -> None:
    assert read({"DEFAULT_LANGUAGE": "zh_hant"}).default_language == "zh-Hant"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"TELEGRAM_API_URL": "ftp://x"}, "TELEGRAM_API_URL=ftp://x is not an http or https"),
        ({"TELEGRAM_API_URL": "http://h:99999"}, "TELEGRAM_API_URL=http://h:99999 is not"),
        ({"TELEGRAM_API_URL": "http://h/bot1"}, "write only http://h."),
        ({"TELEGRAM_BOT_TOKEN": "nonsense"}, "does not look like a bot's token"),
        ({"TELEGRAM_BOT_TOKEN": "123456:cut"}, "does not look like a bot's token"),
        ({"TELEGRAM_MODE": "carrier pigeon"}, "write one of polling, webhook"),
        ({"TELEGRAM_MODE": "webhook"}, "TELEGRAM_WEBHOOK_URL=(empty)"),
        ({"TELEGRAM_WEBHOOK_SECRET": "a b"}, "characters that Telegram does not allow"),
        ({"STAFF_GROUP_ID": "12"}, "STAFF_GROUP_ID=12 is not the id of a group"),
        ({"RASA_PORT": "http"}, "RASA_PORT=http is not a whole number from 1 to 65535"),
        ({"RASA_PORT": "70000"}, "RASA_PORT=70000 is not a whole number"),
        ({"ACTIONS_PORT": "5005"}, "ACTIONS_PORT=5005 is the port of RASA_PORT too"),
        ({"RASA_TIMEOUT_SECONDS": "0"}, "RASA_TIMEOUT_SECONDS=0 is not a number of seconds"),
        ({"RETENTION_DAYS": "-1"}, "RETENTION_DAYS=-1 is not a whole number"),
        ({"DEFAULT_LANGUAGE": "fr"}, "write one of en, zh-Hant, zh-Hans, ja"),
        ({"LOG_LEVEL": "loud"}, "write one of DEBUG, INFO, WARNING, ERROR"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_in_one_sentence(variables: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError) as refusal:
        read(variables)

    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_webhook_to_telegram_needs_https() -> None:
    with pytest.raises(SettingError, match="is no https address"):
        read(
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_MODE": "webhook",
                "TELEGRAM_WEBHOOK_URL": "http://example.org/",
            }
        )


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "RASA_TOKEN", "REVIEW_PASSWORD"])
def test_a_secret_prints_as_asterisks(name: str) -> None:
    found = read({name: TOKEN})

    assert TOKEN not in repr(found) + str(found)
    assert getattr(found, name.lower()).reveal() == TOKEN


def test_a_refused_secret_is_not_shown() -> None:
    with pytest.raises(SettingError) as refusal:
        read({"TELEGRAM_BOT_TOKEN": "12:hush hush"})

    assert "hush" not in str(refusal.value)


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(SettingError) as refusal:
        read({"RASA_URL": "http://me:hush@host"})

    assert "hush" not in str(refusal.value)


def test_generated_secrets_are_kept_for_the_next_start(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path / "new"), "ENV_FILE": str(tmp_path / "none")}

    first, second = load(environ), load(environ)

    assert len(first.rasa_token.reveal()) > 30
    assert first == second
    assert (tmp_path / "new" / "rasa_token").stat().st_mode & 0o777 == 0o600


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("RASA_PORT=6001\nACTIONS_PORT=6002\n", encoding="utf-8")

    found = load({"DATA_DIR": str(tmp_path), "ENV_FILE": str(file), "RASA_PORT": "6003"})

    assert (found.rasa_port, found.actions_port) == (6003, 6002)


def test_a_misspelt_setting_is_refused_with_the_right_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TELEGRAM_TOKEN=1:x\n", encoding="utf-8")

    with pytest.raises(SettingError, match="not a setting: write TELEGRAM_BOT_TOKEN"):
        load({"DATA_DIR": str(tmp_path), "ENV_FILE": str(file)})


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingError, match="DATA_DIR=.* cannot be used"):
        load({"DATA_DIR": str(tmp_path / "file" / "data"), "ENV_FILE": str(tmp_path / "none")})


def test_a_command_ends_with_the_sentence_and_a_status_that_says_do_not_restart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RASA_PORT", "x")

    with pytest.raises(SystemExit) as ending:
        settings.load_or_exit()

    assert ending.value.code == settings.CONFIG_ERROR_EXIT
    assert capsys.readouterr().err.startswith("Cannot start: RASA_PORT=x is not")


def test_the_firms_contact_is_the_one_in_the_rules_data() -> None:
    firm = yaml.safe_load((ROOT / "schemes/data/firm.yml").read_text(encoding="utf-8"))

    assert read({}).firm_contact == f"{firm['phone']}, {firm['email']}"
