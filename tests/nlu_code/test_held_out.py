"""The held-out messages prove something only while no training example is one of them."""

from __future__ import annotations

from tests.examples import HELD_OUT, LEARNT, examples, normal


def test_no_held_out_message_is_an_example_of_training() -> None:
    learnt = {(normal(e.text), e.language) for e in examples(LEARNT)}

    seen = [e for e in examples(HELD_OUT) if (normal(e.text), e.language) in learnt]

    assert seen == []
