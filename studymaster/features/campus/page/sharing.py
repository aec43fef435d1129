"""What runs in the browser while sharing: the form that sends a file and says how far it is."""

import reflex as rx

from studymaster.features.campus.schemas.resources import AudienceChoice


class ShareForm(rx.Component):
    """Shares a file of up to `limit_mb` megabytes, a link or a note by one request to `path`.

    What was typed is kept in the browser as `draft` until it has arrived; then `on_shared`
    runs. `fields` says which field each refusal of the server is about.
    """

    library = rx.asset("share.jsx", shared=True).importable_path
    tag = "ShareForm"

    draft: rx.Var[str]
    audiences: rx.Var[list[AudienceChoice]]
    limit_mb: rx.Var[int]
    note_max: rx.Var[int]
    link_starts: rx.Var[str]
    fields: rx.Var[dict[str, str]]
    path: rx.Var[str]
    on_shared: rx.EventHandler[rx.event.no_args_event_spec]
