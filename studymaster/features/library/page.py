"""Pieces for lists of materials: adding a PDF of one's own to a course, and removing it."""

from typing import cast

import reflex as rx

from studymaster.features.library.state import OwnFilesState
from studymaster.ui import controls


class _UploadField(rx.Component):
    """Sends a chosen PDF to an address of the API, and says how it goes."""

    library = f"$/public{rx.asset('upload.jsx', shared=True)}"
    tag = "UploadField"

    address: rx.Var[str]
    on_added: rx.EventHandler[rx.event.no_args_event_spec]


def upload_box(course_id: controls.Text) -> rx.Component:
    """Return the button that adds a PDF to a course (our id), with its window.

    Lists that watch Topic.CARDS or Topic.SYNC learn of the new file by themselves.
    """
    return rx.fragment(
        controls.button(
            "Add your own PDF",
            kind="ghost",
            icon_name="file_up",
            on_click=OwnFilesState.open(course_id),
        ),
        controls.dialog(
            "Add your own PDF",
            rx.el.p(
                "It goes into ",
                OwnFilesState.course_name,
                ", for your eyes only. Its text is read at once, so that you can make "
                "cards from it.",
                class_name="mb-4 text-ink2",
            ),
            _UploadField.create(
                address=OwnFilesState.address, on_added=OwnFilesState.close
            ),
            description="Up to 50 MB.",
            open=(OwnFilesState.course != "") & (OwnFilesState.course == course_id),
            on_open_change=OwnFilesState.close,
        ),
    )


def remove_button(material_id: controls.Text, name: controls.Text) -> rx.Component:
    """Return the button that removes a file the student added, and asks first."""
    close = cast("controls.Prop", rx.radix.primitives.dialog.close)
    return controls.dialog(
        "Remove this file?",
        rx.el.div(
            close(controls.button("Keep it", kind="ghost"), as_child=True),
            close(
                controls.button(
                    "Remove the file",
                    kind="danger",
                    on_click=OwnFilesState.remove(material_id),
                ),
                as_child=True,
            ),
            class_name="flex flex-wrap gap-2.5 mt-2",
        ),
        description="The file and its open proposals go for good. Cards made from it stay, "
        "without their page.",
        trigger=controls.icon_button(f"Remove {name}", "trash_2"),
    )
