"""The card that is being typed or changed, as one browser tab holds it."""

from dataclasses import replace
from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from studymaster.adapters import clock, limits
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import (
    NO_CARD,
    CardDraft,
    CardProblems,
    DeckChoice,
    find_problems,
    parse_new_card,
    parse_pile_key,
)
from studymaster.features.flashcards.schemas.trees import as_tree
from studymaster.features.flashcards.service import (
    browse,
    cards,
    decks,
    notes,
    pages,
    review,
)
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.features.flashcards.service.notes import NoteText
from studymaster.features.library.service import NO_MATERIAL
from studymaster.typed import clean
from studymaster.ui.notice import notify


class CardEditorState(SessionState):
    """One card in the window over the page; what is typed stays in the browser until saved.

    `visit` names the card to be made: the same form sent twice makes it once. It changes
    when a card is made, which empties the fields for the next one. `saved` counts what was
    kept, and `problems` is what is wrong with what was typed last. `going` counts the cards
    that saving takes away: then it is asked for once more. Without any deck the window makes
    the first one, and `deck_problem` is what is wrong with its name. `tags` are those that
    the student uses; under the name `shelf` the browser keeps what is half typed.
    """

    is_open: bool = False
    draft: CardDraft = CardDraft()
    kind: str = "basic"
    choices: list[DeckChoice] = []
    visit: str = ""
    made: int = 0
    going: int = 0
    saved: int = 0
    problems: CardProblems = CardProblems()
    deck_problem: str = ""
    tags: list[str] = []
    shelf: str = ""
    _kept_visit: str = ""

    @rx.event
    async def open_new(self, deck: str) -> None:
        """Open an empty card for a deck; without one, for the first there is."""
        await self._open_new(await self._require_student(), deck)

    @rx.event
    async def open_card(self, card_id: str) -> None:
        """Open one of the student's cards to change it."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.draft = await cards.get_draft(
                work,
                account_id=student.account_id,
                card_id=parse_id(card_id, missing=NO_CARD),
            )
        await self._list(student)
        self.kind = self.draft.kind
        self._open()

    @rx.event
    async def open_page(self, material_id: str, number: int) -> None:
        """Open a card whose picture is a page of a lecture, to cover places on it."""
        student = await self._require_student()
        await limits.take("upload", str(student.account_id))
        draft = await pages.take_page(
            student=student,
            material_id=parse_id(material_id, missing=NO_MATERIAL),
            number=number,
            now=clock.now(),
        )
        await self._list(student)
        self.draft, self.kind, self.made = draft, draft.kind, 0
        self._open()

    @rx.event
    async def take_words(self, front: str, back: str) -> None:
        """Put other words into the fields of the open card; nothing is kept yet."""
        await self._require_student()
        self.draft = replace(self.draft, front=clean(front), back=clean(back))
        self.visit = str(uuid4())

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        """Show the fields of a kind of card."""
        await self._require_student()
        self.kind = kind

    @rx.event
    async def close(self, is_open: bool) -> None:  # noqa: FBT001  (what the window sends)
        """Close the window; opening is done with a deck or a card."""
        await self._require_student()
        if not is_open:
            self.is_open = False

    @rx.event
    async def make_deck(self, form: dict[str, object]) -> None:
        """Make the first deck, so that the card has a place."""
        student = await self._require_student()
        if self.choices:
            return
        account_id, name = student.account_id, form.get("name")
        async with unit_of_work() as work:
            self.deck_problem = await decks.find_name_problem(
                work, account_id=account_id, name=name
            )
            if self.deck_problem:
                return
            await decks.create_deck(work, account_id=account_id, name=name, now=clock.now())
        await self._open_new(student, "")

    @rx.event
    async def save(self, form: dict[str, object]) -> EventSpec | None:
        """Keep what was typed: a changed card, or a new one and room for the next.

        What is wrong is said at its field, and nothing is kept then.
        """
        student = await self._require_student()
        if self._is_repeated(form):
            return None
        self.problems = self._find_problems(form)
        if self.problems != CardProblems():
            return None
        if self.draft.id:
            if await self._is_losing(student, form):
                return None
            await self._change(student, form)
            self.is_open, self.saved = False, self.saved + 1
            return notify("The card is changed.", "success")
        count = await self._make(student, form)
        self._kept_visit = str(form.get("visit"))
        self.made, self.saved = self.made + count, self.saved + 1
        self.is_open = not self.draft.material  # the next page is chosen in its lecture
        self.draft = CardDraft(deck=str(form.get("deck", "")))
        self.visit = str(uuid4())
        return notify("1 card added." if count == 1 else f"{count} cards added.", "success")

    async def _open_new(self, student: Student, deck: str) -> None:
        await self._list(student)
        keys = [choice.key for choice in self.choices]
        chosen = deck if deck in keys else next(iter(keys), "")
        self.draft, self.kind, self.made = CardDraft(deck=chosen), "basic", 0
        self._open()

    def _open(self) -> None:
        self.visit, self.is_open = str(uuid4()), True
        self.problems, self.deck_problem, self.going = CardProblems(), "", 0

    def _is_repeated(self, form: dict[str, object]) -> bool:
        """Say whether this form was kept already: a button was pressed twice."""
        if self.draft.id:
            return not self.is_open
        return bool(self._kept_visit) and form.get("visit") == self._kept_visit

    def _find_problems(self, form: dict[str, object]) -> CardProblems:
        return find_problems(
            kind=form.get("kind") or self.draft.kind,
            front=form.get("front"),
            back=form.get("back"),
            tags=form.get("tags", ""),
            extra=form.get("extra", ""),
            masks=form.get("masks", ""),
        )

    async def _make(self, student: Student, form: dict[str, object]) -> int:
        new = parse_new_card(
            kind=form.get("kind"),
            front=form.get("front"),
            back=form.get("back"),
            tags=form.get("tags"),
            extra=form.get("extra", ""),
            masks=form.get("masks", ""),
            material_id=form.get("material", ""),
            page=form.get("page", 0),
        )
        async with unit_of_work() as work:
            made = await cards.add(
                work,
                student=student,
                pile=parse_pile_key(form.get("deck")),
                new=new,
                first_id=parse_id(form.get("visit"), missing=NO_CARD),
                now=clock.now(),
            )
        return len(made)

    async def _change(self, student: Student, form: dict[str, object]) -> None:
        text = self._text(form)
        change = CardChange(
            kind=text.kind,
            front=text.front,
            back=text.back,
            extra=text.extra,
            masks=text.masks,
            tags=form.get("tags", ""),
            pile=parse_pile_key(form.get("deck")),
        )
        async with unit_of_work() as work:
            await cards.edit(
                work,
                student=student,
                card_id=parse_id(self.draft.id, missing=NO_CARD),
                change=change,
                now=clock.now(),
            )

    def _text(self, form: dict[str, object]) -> NoteText:
        is_covered = self.draft.kind == "occlusion"
        return NoteText(
            kind=form.get("kind") or None,
            front=form.get("front"),
            back=form.get("back"),
            extra=form.get("extra", ""),
            masks=form.get("masks") if is_covered else None,
        )

    async def _is_losing(self, student: Student, form: dict[str, object]) -> bool:
        """Say whether cards would go about which nobody was asked yet; then ask."""
        async with unit_of_work() as work:
            going = await notes.count_going(
                work,
                account_id=student.account_id,
                card_id=parse_id(self.draft.id, missing=NO_CARD),
                text=self._text(form),
            )
        is_new, self.going = going > 0 and going != self.going, going
        return is_new

    async def _list(self, student: Student) -> None:
        async with unit_of_work() as work:
            choices = await decks.list_choices(work, student=student, now=clock.now())
            self.tags = await browse.list_tags(work, account_id=student.account_id)
        self.choices = as_tree(choices)
        self.shelf = review.outbox_name(student.account_id)
