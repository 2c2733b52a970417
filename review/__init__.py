"""The conversation log and its review: what was said, and what a consultant thinks of it.

``log`` writes DATA_DIR/log.db turn by turn, masked; ``reviews`` keeps labels and notes in a file
of their own; ``console`` shows both in Datasette; ``examples`` turns corrections into training
examples. It knows the relay and the rules through SQL only.
"""
