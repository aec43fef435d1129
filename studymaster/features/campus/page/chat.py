"""What runs in the browser while chatting: the messages, and the box that sends them."""

import reflex as rx

from studymaster.features.campus.schemas.chat import MessageView


def _said(sent_key: rx.Var[str], text: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    """Hand over what was said, and the key by which it is known when it comes twice."""
    return sent_key, text


def _one(message_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    """Hand over which message is meant."""
    return (message_id,)


class GroupChat(rx.Component):
    """Shows a chat and sends to it; what is typed or not sent yet outlives a reload.

    `messages` are the newest and `older` the stretch that was asked for; the browser keeps
    what it has been shown. A message waits under the name `outbox` until its key stands in
    `sent`. `moderates` offers to remove what others said.
    """

    library = rx.asset("chat.jsx", shared=True).importable_path
    tag = "GroupChat"

    messages: rx.Var[list[MessageView]]
    older: rx.Var[list[MessageView]]
    removed: rx.Var[list[MessageView]]
    first_id: rx.Var[str]
    sent: rx.Var[list[str]]
    outbox: rx.Var[str]
    zone: rx.Var[str]
    longest: rx.Var[int]
    moderates: rx.Var[bool]
    on_send: rx.EventHandler[_said]
    on_older: rx.EventHandler[_one]
    on_remove: rx.EventHandler[_one]
    on_seen: rx.EventHandler[_one]
