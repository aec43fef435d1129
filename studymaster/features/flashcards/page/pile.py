"""What runs in the browser while proposals are decided: choosing, typing, focus."""

import reflex as rx

from studymaster.features.flashcards.schemas import ProposalView
from studymaster.ui.written import PACKAGES


def _one(proposal_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    """Hand over which proposal is meant."""
    return (proposal_id,)


def _typed(
    proposal_id: rx.Var[str], front: rx.Var[str], back: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """Hand over which proposal is meant, and its two sides as the student wrote them."""
    return proposal_id, front, back


class ProposalPile(rx.Component):
    """Lets proposals be chosen, edited and decided at once; its children say that none wait.

    `saved` has to go up by one whenever typed words have become a card; `undo` says what
    was decided last and can be taken back.
    """

    library = rx.asset("pile.jsx", shared=True).importable_path
    tag = "ProposalPile"
    lib_dependencies: list[str] = PACKAGES

    proposals: rx.Var[list[ProposalView]]
    open_count: rx.Var[int]
    chosen_id: rx.Var[str]
    saved: rx.Var[int]
    undo: rx.Var[str]
    on_choose: rx.EventHandler[_one]
    on_accept: rx.EventHandler[_one]
    on_reject: rx.EventHandler[_one]
    on_save: rx.EventHandler[_typed]
    on_accept_all: rx.EventHandler[rx.event.no_args_event_spec]
    on_take_back: rx.EventHandler[rx.event.no_args_event_spec]
