"""What runs in the browser beside a list: its filters stand in the address."""

import reflex as rx

from studymaster.ui.controls import Prop


class ListAddress(rx.Component):
    """Writes `filters` and `page` (from 1) into the address, without a new page load.

    `list` is the id of the list whose top is shown when the page changes.
    """

    library = rx.asset("address.jsx", shared=True).importable_path
    tag = "ListAddress"

    filters: rx.Var[Prop]
    page: rx.Var[int]
    list: rx.Var[str]
