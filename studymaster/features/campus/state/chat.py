"""A group's chat, as one browser tab holds it: a window over the newest messages."""

import reflex as rx

from studymaster.adapters import clock
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.campus.schemas.chat import ChatWindow, MessageView
from studymaster.features.campus.service import chat
from studymaster.features.campus.service.places import NO_GROUP
from studymaster.features.campus.state.changes import LiveState, put

KEYS_KEPT = 50
NOTHING = ChatWindow((), (), "")


class ChatState(SessionState, LiveState):
    """The newest fifty messages; the browser puts together what it was shown before.

    `older` is the last stretch that was asked for, `removed` what lost its words lately,
    `first_id` the message with which the chat began. The browser keeps a message under the
    name `outbox` until its key stands in `sent`. `zone` is the time zone of the student,
    `_shown` the id of the group.
    """

    messages: list[MessageView] = []
    older: list[MessageView] = []
    removed: list[MessageView] = []
    first_id: str = ""
    sent: list[str] = []
    outbox: str = ""
    zone: str = "UTC"
    _shown: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the newest messages of the group that the address names."""
        student = await self._require_student()
        self._watch(Topic.CAMPUS, ChatState.refresh)
        group_id = parse_id(self._named(), missing=NO_GROUP)
        self._shown = str(group_id)
        self.older, self.sent, self.zone = [], [], student.time_zone
        self.outbox = chat.outbox_name(account_id=student.account_id, group_id=group_id)
        await self._show(student)

    @rx.event
    async def send(self, sent_key: str, text: str) -> None:
        """Say something; the same key twice is one message."""
        student = await self._require_student()
        group_id = parse_id(self._named(), missing=NO_GROUP)
        await chat.take_turn(account_id=student.account_id, group_id=group_id)
        async with unit_of_work() as work:
            await chat.send_message(
                work,
                student=student,
                group_id=group_id,
                text=text,
                sent_key=sent_key,
                now=clock.now(),
            )
        self.sent = [*self.sent, sent_key][-KEYS_KEPT:]
        await self._show(student)

    @rx.event
    async def show_older(self, before_id: str) -> None:
        """Fetch the fifty messages before one."""
        student = await self._require_student()
        async with unit_of_work() as work:
            self.older = await chat.list_older(
                work,
                account_id=student.account_id,
                group_id=parse_id(self._named(), missing=NO_GROUP),
                before_id=parse_id(before_id, missing=chat.NO_MESSAGE),
            )

    @rx.event
    async def remove(self, message_id: str) -> None:
        """Take the words of a message away."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await chat.remove_message(
                work,
                student=student,
                group_id=parse_id(self._named(), missing=NO_GROUP),
                message_id=parse_id(message_id, missing=chat.NO_MESSAGE),
                now=clock.now(),
            )
        await self._show(student)

    @rx.event
    async def seen(self, message_id: str) -> None:
        """Note how far the student has read. The tab may be on its way to another page."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await chat.mark_read(
                work,
                account_id=student.account_id,
                group_id=parse_id(self._shown, missing=NO_GROUP),
                message_id=parse_id(message_id, missing=chat.NO_MESSAGE),
            )

    async def _show(self, student: Student) -> None:
        async with unit_of_work() as work:
            window = await chat.find_window(
                work, account_id=student.account_id, address=self._named()
            )
        shown = window or NOTHING
        put(
            self,
            messages=list(shown.messages),
            removed=list(shown.removed),
            first_id=shown.first_id,
            older=self.older if shown.messages else [],
        )
