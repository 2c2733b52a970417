"""The sandbox's limits are Telegram's, as python-telegram-bot lists them."""

import pytest
from telegram import constants

from sandbox import limits, methods


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (limits.TEXT_UNITS, constants.MessageLimit.MAX_TEXT_LENGTH),
        (limits.CAPTION_UNITS, constants.MessageLimit.CAPTION_LENGTH),
        (
            limits.CALLBACK_DATA_BYTES,
            constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA,
        ),
        (
            limits.CALLBACK_ANSWER_UNITS,
            constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
        ),
        (limits.COMMANDS, constants.BotCommandLimit.MAX_COMMAND_NUMBER),
        (limits.COMMAND_NAME_CHARACTERS, constants.BotCommandLimit.MAX_COMMAND),
        (limits.COMMAND_DESCRIPTION_CHARACTERS, constants.BotCommandLimit.MAX_DESCRIPTION),
        (limits.BOT_NAME_CHARACTERS, constants.BotNameLimit.MAX_NAME_LENGTH),
        (
            limits.BOT_DESCRIPTION_CHARACTERS,
            constants.BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
        ),
        (
            limits.BOT_SHORT_DESCRIPTION_CHARACTERS,
            constants.BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
        ),
        (limits.TOPIC_NAME_CHARACTERS, constants.ForumTopicLimit.MAX_NAME_LENGTH),
        (limits.UPDATES_PER_POLL, constants.PollingLimit.MAX_LIMIT),
        (limits.DOWNLOAD_BYTES, constants.FileSizeLimit.FILESIZE_DOWNLOAD),
        (limits.UPLOAD_BYTES, constants.FileSizeLimit.FILESIZE_UPLOAD),
        (limits.PHOTO_BYTES, constants.FileSizeLimit.PHOTOSIZE_UPLOAD),
        (limits.MESSAGES_PER_SECOND, constants.FloodLimit.MESSAGES_PER_SECOND),
        (limits.GROUP_MESSAGES_PER_MINUTE, constants.FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP),
        (limits.SECRET_TOKEN_CHARACTERS, constants.WebhookLimit.MAX_SECRET_TOKEN_LENGTH),
        (limits.MEDIA_GROUP_MAXIMUM, constants.MediaGroupLimit.MAX_MEDIA_LENGTH),
        (methods.REACTIONS, frozenset(emoji.value for emoji in constants.ReactionEmoji)),
    ],
)
def test_a_limit_is_the_published_one(ours: object, theirs: object) -> None:
    assert ours == theirs
