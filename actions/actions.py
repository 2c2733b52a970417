"""Rasa's custom actions: each reads the tracker, lets the dialogue decide, and sends its reply."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, FollowupAction, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, interview, talk
from actions.desk import Desk
from actions.languages import reply_language
from actions.memory import Memory
from actions.tracker import SESSION_START, read_turn
from actions.turn import Reply
from schemes import Rules

RULES_DATABASE = os.environ.get("RULES_DATABASE", "build/schemes.db")
# Rasa's REST channel cuts a text into messages at "\n\n"; a blank line is a paragraph to us.
BLANK_LINE = "\n \n"
DEFAULT_LANGUAGE = os.environ.get("DEFAULT_LANGUAGE", "en")


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules, opened once a process."""
    return Rules.open(RULES_DATABASE)


class TurnAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk has no types
    """One turn: memory and message in, reply and changed slots out.

    A message that was already answered (the relay posts it again when it does not know whether
    it was) gets the same reply and changes nothing.
    """

    reply_to: Callable[[Desk], Reply]

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Runs the action; the events are the slots that changed."""
        memory = Memory.from_slots(tracker.slots)
        latest = tracker.latest_message
        language = reply_language(memory, latest, DEFAULT_LANGUAGE)
        turn = read_turn(latest, language)
        last = memory.last_turn
        if last is not None and turn.update_id is not None and last["update_id"] == turn.update_id:
            _send(dispatcher, last["messages"], last["turn"])
            return []
        memory.language = language
        desk = Desk(rules(), memory, turn, date.today())
        reply = self._reply(desk)
        messages, about = _messages(reply, desk), _about(reply, desk)
        if turn.update_id is not None:
            memory.last_turn = {"update_id": turn.update_id, "messages": messages, "turn": about}
        _send(dispatcher, messages, about)
        return [
            SlotSet(name, value)
            for name, value in memory.to_slots().items()
            if tracker.slots.get(name) != value
        ]

    def _reply(self, desk: Desk) -> Reply:
        """An open interview comes first: it decides itself what the message is."""
        if _foreign(desk):
            return talk.foreign(desk)
        if desk.memory.interview_open and desk.memory.interview is not None:
            return interview.converse(desk)
        several = answering.answer_each(desk)
        if several is not None:
            return several
        return type(self).reply_to(desk)


def _foreign(desk: Desk) -> bool:
    return bool(desk.turn.other_language) and not desk.turn.pressed


def _messages(reply: Reply, desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "text": message.text,
            "buttons": [{"title": b.title, "payload": b.payload} for b in message.buttons],
        }
        for message in reply.messages
    ]


def _about(reply: Reply, desk: Desk) -> dict[str, Any]:
    """What the relay and the conversation log want to know about the turn."""
    turn, memory = desk.turn, desk.memory
    going_on = memory.interview
    return {
        "language": memory.language,
        "intent": turn.intent,
        "confidence": round(turn.confidence, 4),
        "entities": {name: list(values) for name, values in turn.entities.items()},
        "topic": reply.topic,
        "scheme": reply.scheme or memory.scheme,
        "action": reply.action,
        "fallback": reply.fallback,
        "handoff": reply.handoff,
        "erase": reply.erase,
        "interview": going_on
        and {
            "scheme": going_on.scheme,
            "fact": going_on.pending,
            "open": memory.interview_open,
            "outcome": _outcome(desk) if going_on.finished else None,
            "answers": memory.answers,
        },
    }


def _outcome(desk: Desk) -> str:
    going_on = desk.memory.interview
    assert going_on is not None, "only called for a finished interview"
    return desk.rules.assess(going_on.scheme, desk.memory.answers, desk.today).outcome


def _send(
    dispatcher: CollectingDispatcher, messages: list[dict[str, Any]], about: dict[str, Any]
) -> None:
    for message in messages:
        text = message["text"].replace("\n\n", BLANK_LINE)
        dispatcher.utter_message(text=text, buttons=message["buttons"] or None)
    dispatcher.utter_message(json_message={"turn": about})


class ActionAnswer(TurnAction):
    """Answers a question about the schemes."""

    reply_to = staticmethod(answering.answer)

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"


class ActionSetScheme(TurnAction):
    """Takes a scheme named alone as context for the last question."""

    reply_to = staticmethod(interview.scheme_named)

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_set_scheme"


class ActionUnsure(TurnAction):
    """Asks what was meant."""

    reply_to = staticmethod(answering.unsure)

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_unsure"


def _talk(desk: Desk) -> Reply:
    """What is said outside an interview and asks nothing about the schemes."""
    if desk.turn.intent == "affirm":
        return interview.affirm(desk)
    if desk.turn.intent in interview.ALARMING and not interview.is_sure_alarm(desk.turn):
        return answering.unsure(desk)
    return talk.talk(desk)


class ActionTalk(TurnAction):
    """Greetings, language, privacy, people."""

    reply_to = staticmethod(_talk)

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_talk"


def _interview_control(desk: Desk) -> Reply:
    """Starting, resuming, showing the result … while no interview is open."""
    control = interview.CONTROLS.get(desk.turn.intent)
    return control(desk) if control else answering.unsure(desk)


class ActionInterviewControl(TurnAction):
    """Starts, resumes or reports an interview."""

    reply_to = staticmethod(_interview_control)

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_interview_control"


# ── In the place of Rasa's own actions ──────────────────────────────────────────────────────────
#
# Rasa answers the texts /restart, /back and /session_start itself, with silence, and forgets or
# reverts the conversation. These take their place: whoever sends such a text (the relay strips
# the slash, other channels may not) gets a reply and loses nothing.

LISTEN = "action_listen"


class ActionRestart(TurnAction):
    """Greets; nothing is forgotten (that is what `delete_data` is for)."""

    reply_to = staticmethod(talk.greet)

    def name(self) -> str:
        """The name of the action of Rasa's that this one replaces."""
        return "action_restart"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Replies, and waits for the next message (no rule follows an intent of Rasa's own)."""
        return [*super().run(dispatcher, tracker, domain), FollowupAction(LISTEN)]


class ActionBack(TurnAction):
    """Goes back one question, as the word does."""

    reply_to = staticmethod(interview.back)

    def name(self) -> str:
        """The name of the action of Rasa's that this one replaces."""
        return "action_back"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Replies, and waits for the next message."""
        return [*super().run(dispatcher, tracker, domain), FollowupAction(LISTEN)]


class ActionSessionStart(TurnAction):
    """Begins a session with what is remembered.

    Rasa's own carries over every change that any slot ever had, so that a session grows with each
    one before it; this one carries the values of today.
    """

    reply_to = staticmethod(talk.greet)

    def name(self) -> str:
        """The name of the action of Rasa's that this one replaces."""
        return "action_session_start"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Silent, unless somebody wrote /session_start."""
        slots = {name: value for name, value in tracker.slots.items() if value is not None}
        if (tracker.latest_message.get("intent") or {}).get("name") == SESSION_START:
            changed = super().run(dispatcher, tracker, domain)
            slots.update({event["name"]: event["value"] for event in changed})
        kept = [SlotSet(name, value) for name, value in slots.items()]
        return [SessionStarted(), *kept, ActionExecuted(LISTEN)]
