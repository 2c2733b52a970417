"""A stand-in, like the one for tensorflow beside it, which explains itself."""

from tensorflow import attributes_of

__getattr__ = attributes_of(__name__)
