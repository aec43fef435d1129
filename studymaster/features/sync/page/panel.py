"""The newest run at each Moodle as it goes on, and what did not come with it."""

import reflex as rx

from studymaster.features.sync.page.tone import mark
from studymaster.features.sync.schemas import IssueView, RunView
from studymaster.features.sync.state import LiveSyncState
from studymaster.features.sync.state.live import STATUS
from studymaster.features.sync.state.tabs import SyncTabsState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

LOOK_SECONDS = 20

ONLY_SENT = (
    "A file that StudyMaster had already is not sent again: it takes space here, and adds "
    "nothing to what was fetched."
)

_panel = LiveSyncState.panel


class LookAgain(rx.Component):
    """Asks every so many seconds how things stand, while the page is looked at."""

    library = f"$/public{rx.asset('look_again.jsx', shared=True)}"
    tag = "LookAgain"

    seconds: rx.Var[int]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]


def newest_runs() -> rx.Component:
    """Show how far the newest run at each Moodle is, live, with one button for all."""
    return layout.card(
        rx.cond(
            LiveSyncState.under_way,
            LookAgain.create(seconds=LOOK_SECONDS, on_look=LiveSyncState.refresh),
        ),
        rx.el.div(
            _told(_headline(), id=STATUS, tab_index=-1, class_name="min-w-0 py-1.5"),
            rx.cond(_panel.ready, _sync_button()),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.foreach(LiveSyncState.runs, _site),
        rx.el.p(_panel.reading, class_name="mt-3 text-ink2 empty:hidden"),
        rx.cond(
            (_panel.state == "done") & LiveSyncState.courses.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]  # a Var on the class
            controls.text_link(
                "Make cards from a lecture",
                "/smart-study",
                class_name="mt-3 inline-flex items-center min-h-11",
            ),
        ),
        custom_attrs={"data-run-state": _panel.state},
    )


def _headline() -> rx.Component:
    return rx.cond(
        _panel.headline,
        rx.el.h2(
            mark(_panel.tone, size=22),
            rx.el.span(_panel.headline),
            class_name="display text-xl font-semibold flex items-center gap-2.5",
        ),
        rx.el.p("No sync has run yet."),
    )


def _sync_button() -> rx.Component:
    return controls.button(
        "Sync now",
        on_click=LiveSyncState.sync_now,
        icon_name="refresh_cw",
        loading=_panel.busy,
        class_name="max-sm:px-4 flex-none",
    )


def _told(words: rx.Component, **props: controls.Prop) -> rx.Component:
    """Have a screen reader say what happened once, not each minute or file of it."""
    return rx.el.div(words, role="status", aria_live="polite", **props)


def _site(run: RunView) -> rx.Component:
    """Show the newest run at one Moodle; it is named where there are several."""
    return rx.el.div(
        rx.cond(LiveSyncState.several, _name(run)),
        _told(rx.cond(_goes_on(run), rx.fragment(), _outcome(run))),
        rx.cond(_goes_on(run), _under_way(run)),
        rx.cond(run.wants_student, _what_to_do(run), _figures(run)),
        class_name=rx.cond(
            LiveSyncState.several, "mt-4 pt-4 border-t border-hairline", "mt-1.5"
        ),
    )


def _goes_on(run: RunView) -> rx.Var[bool]:
    state = rx.Var.create(run.state)
    return rx.Var.create(run.waits) | (state == "queued") | (state == "running")


def _is_disconnected(run: RunView) -> rx.Var[bool]:
    return rx.Var.create(run.wants_student) & (run.tone == "off")


def _moves(run: RunView) -> rx.Var[bool]:
    return (rx.Var.create(run.state) == "running") & ~rx.Var.create(run.silent)


def _name(run: RunView) -> rx.Component:
    return rx.el.div(
        mark(run.tone),
        rx.el.h3(run.site, class_name="font-semibold break-words min-w-0"),
        _told(rx.el.p(run.headline, class_name="text-ink2")),
        class_name="flex flex-wrap items-center gap-x-2.5 mb-1",
    )


def _outcome(run: RunView) -> rx.Component:
    return rx.el.p(
        run.detail,
        rx.cond(
            (run.moment != "") & ~_is_disconnected(run),
            rx.el.span(" · ", controls.ago(run.moment), class_name="text-[13px]"),
        ),
        class_name="text-ink2 break-words",
    )


def _under_way(run: RunView) -> rx.Component:
    """Draw how far a run is, how long it still takes, and how to stop it."""
    return rx.el.div(
        rx.el.p(run.detail, class_name="text-ink2 min-h-6 break-words"),
        rx.el.div(
            controls.progress_bar(
                run.percent, 100, label=f"Sync of {run.site}", line=Line.SYNC.hue
            ),
            class_name="mt-4",
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(_moves(run), f"{run.percent} % · ", ""),
                rx.cond(run.estimate, f"{run.estimate} · ", ""),
                rx.cond(run.moment, rx.fragment("asked for ", controls.ago(run.moment))),
                class_name="text-[14px] text-ink2 tabular-nums",
            ),
            rx.cond(rx.Var.create(run.stoppable) | run.stopping, _stop(run)),
            class_name="mt-3 flex flex-wrap items-center justify-between gap-3 min-h-11",
        ),
    )


def _stop(run: RunView) -> rx.Component:
    return controls.button(
        rx.cond(run.stopping, "Stopping", "Stop"),
        kind="ghost",
        icon_name="square",
        aria_label=rx.cond(
            run.stopping,
            f"Stopping the sync of {run.site}",
            f"Stop the sync of {run.site}",
        ),
        loading=run.stopping,
        on_click=LiveSyncState.cancel(run.id),
    )


def _what_to_do(run: RunView) -> rx.Component:
    """Lead to where a student has their Moodle read again."""
    words = rx.cond(run.tone == "off", "Connect again", "See what to do")
    return controls.button(
        words,
        kind="ghost",
        icon_name="plug_zap",
        aria_label=f"{words}: {run.site}",
        on_click=SyncTabsState.open_tab("connections"),
        class_name="mt-3",
    )


def _figures(run: RunView) -> rx.Component:
    """Say each amount as what it is; what there is none of is left out."""
    found = (
        ("Items here", run.here_count),
        ("New", run.new_count),
        ("New versions", run.changed_count),
        ("Renamed or moved", run.moved_count),
        ("Not visible any more", run.gone_count),
        ("Locked", run.shut_count),
        ("Open or back again", run.back_count),
        ("Did not come", run.failed_count),
    )
    files = rx.cond(_goes_on(run), run.files_done, run.files_here)
    amounts = rx.el.dl(
        _figure("Courses", _of(run.courses_done, run.courses_total), run.courses_total),
        _figure("Files fetched", _of(files, run.files_total), run.files_total),
        rx.cond(run.fetched, _amount("Fetched", run.fetched)),
        *[_figure(name, f"{number}", number) for name, number in found],
        class_name="mt-4 grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-6 gap-4 empty:hidden",
    )
    has_files = ~_goes_on(run) & (rx.Var.create(run.files_here) > 0)
    return rx.fragment(
        amounts,
        rx.cond(has_files, rx.el.p(ONLY_SENT, class_name="mt-3 text-[13px] text-ink2")),
    )


def _of(done: int | rx.Var[int], total: int) -> rx.Var[str]:
    return rx.cond(done == total, f"{total}", f"{done} of {total}")


def _figure(name: str, value: str | rx.Var[str], number: int) -> rx.Component:
    return rx.cond(rx.Var.create(number) > 0, _amount(name, value))


def _amount(name: str, value: str | rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-[13px] text-ink2"),
        rx.el.dd(value, class_name="display text-xl font-semibold tabular-nums"),
        class_name="flex flex-col-reverse justify-end",
    )


def issues() -> rx.Component:
    """Say what the newest runs could not bring in."""
    return rx.cond(
        LiveSyncState.issues,
        layout.section(
            "What did not come, and why",
            rx.el.ul(
                rx.foreach(LiveSyncState.issues, issue_row),
                class_name="surface !py-1 divide-y divide-hairline",
            ),
        ),
    )


def issue_row(issue: IssueView) -> rx.Component:
    """Show one thing that did not come, and why."""
    return rx.el.li(
        rx.el.p(issue.item_name, class_name="font-medium break-words"),
        rx.el.p(issue.course_name, class_name="text-[13px] text-ink2"),
        rx.el.p(issue.sentence, class_name="mt-1 text-[14px] text-ink2"),
        class_name="py-3.5",
    )
