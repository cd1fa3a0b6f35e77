"""The two ways in which starting something ends early."""


class Failure(Exception):
    """Something that the person at the terminal must be told, in plain words."""


class Halted(Exception):
    """A stop was asked for while we were waiting."""
