import gc

from studymaster import rubbish


def test_what_was_loaded_is_not_looked_at_again() -> None:
    before = gc.get_threshold()
    try:
        rubbish.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == rubbish.RUBBISH_AT
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
