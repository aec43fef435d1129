"""When Python looks for rubbish in a process that lives long: seldom, and not among all."""

import gc

RUBBISH_AT = (20_000, 20, 50)
"""A term that is read makes objects by the hundred thousand, hardly any of them in circles."""


def settle() -> None:
    """Let Python look for rubbish seldom, and never among what was loaded at the start.

    Once for each process, when all is loaded: a look at everything takes a quarter of a
    second, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RUBBISH_AT)
