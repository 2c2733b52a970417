"""Rasa NLU components: thin glue around the pure modules of `nlu`."""
