"""What runs in the browser while focusing: the clock's face and frame, and the mixer."""

import reflex as rx

from studymaster.features.focus.schemas import PlanProblems, Sound, TimerView

# The components import these by their names, so they have to lie beside them.
CLOCK = rx.asset("clock.js", shared=True)
SOUNDS = rx.asset("sounds.js", shared=True)
BEAT = rx.asset("beat.js", shared=True)
TIMER = rx.asset("timer.jsx", shared=True).importable_path
MIXER = rx.asset("ambience.jsx", shared=True).importable_path


def _mixed(mix: rx.Var[dict[str, int]]) -> tuple[rx.Var[dict[str, int]]]:
    """Hand over the volume of every sound."""
    return (mix,)


class FocusFace(rx.Component):
    """Counts down by itself from what the server said last; asks it at every turn.

    While no session goes on it shows the minutes that the form of this id asks for. `beat`
    is where the browser finds what keeps it counting in the background.
    """

    library = TIMER
    tag = "FocusFace"

    timer: rx.Var[TimerView]
    form: rx.Var[str]
    beat: rx.Var[str]
    title: rx.Var[str]
    on_check: rx.EventHandler[rx.event.no_args_event_spec]


class FocusStage(rx.Component):
    """Frames the clock and its buttons, which it knows by their ids.

    Space presses `focus-toggle`, `focus-full` fills the screen, and `focus-distracted`
    opens the line `field-distraction`. With another `session` it moves a lost focus on, and
    brings the clock back into sight. What is marked `data-once` is pressed once
    at a time, until the session changes or is told what is `wrong` with its form.
    """

    library = TIMER
    tag = "FocusStage"

    session: rx.Var[str]
    wrong: rx.Var[PlanProblems]


class FocusSignals(rx.Component):
    """Asks whether the browser may tell when a phase ends, and says what it cannot do."""

    library = TIMER
    tag = "FocusSignals"


class Ambience(rx.Component):
    """Mixes our own sounds in the browser; a mix is handed over once it rests."""

    library = MIXER
    tag = "Ambience"

    sounds: rx.Var[list[Sound]]
    on_mix: rx.EventHandler[_mixed]
