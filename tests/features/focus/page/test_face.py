from studymaster.features.focus.page.face import (
    BEAT,
    Ambience,
    FocusFace,
    FocusSignals,
    FocusStage,
)
from studymaster.features.focus.state.timer import TimerState


def test_the_face_asks_the_server_and_knows_what_keeps_it_counting() -> None:
    face = str(
        FocusFace.create(timer=TimerState.timer, beat=BEAT, on_check=TimerState.check)
    )
    assert "timer_state.check" in face
    assert "beat.js" in face


def test_a_mix_is_handed_over_whole() -> None:
    mixer = str(Ambience.create(sounds=TimerState.sounds, on_mix=TimerState.save_mix))
    assert "save_mix" in mixer
    assert "_mix" in mixer


def test_the_stage_and_the_signals_run_in_the_browser() -> None:
    assert "FocusStage" in str(FocusStage.create(session="1"))
    assert "FocusSignals" in str(FocusSignals.create())
