"""What a student presses, types into and reads: every control of the product, labelled.

Behaviour that is easy to get wrong (focus, escape, arrow keys) comes from native elements
or from Radix primitives; the look comes from the tokens in `ui.theme`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink
from reflex_components_radix.primitives.base import RadixPrimitiveComponent

from studymaster.ui.notice import notices_within

Prop: TypeAlias = Any  # what Reflex takes as a prop: plain values, Vars, event handlers
Text: TypeAlias = str | rx.Var[str]
Flag: TypeAlias = bool | rx.Var[bool]
Number: TypeAlias = int | float | rx.Var[int] | rx.Var[float]
Kind: TypeAlias = Literal["primary", "ghost", "danger"]

BUTTON = (
    "inline-flex items-center justify-center gap-2.5 min-h-11 px-5 rounded-xl text-[15px] "
    "font-semibold whitespace-nowrap no-underline transition-opacity duration-150 "
    "disabled:opacity-55 disabled:cursor-not-allowed "
    "aria-disabled:opacity-55 aria-disabled:cursor-not-allowed "
)
BUTTON_KINDS: Mapping[Kind, str] = {
    "primary": BUTTON + "bg-ink text-bg hover:opacity-90",
    "ghost": BUTTON + "border border-hairline2 text-ink hover:bg-card2",
    "danger": BUTTON + "border border-acct text-acct-ink hover:bg-card2",
}
FIELD = (
    "w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge "
    "aria-invalid:border-acct "
)
ASKS_SERVER: Mapping[str, str] = {"data-key-asks": "server"}
"""Beside `data-key`: what the key does needs the server, so it waits for no connection."""
SHEET = "inset-x-0 bottom-0 rounded-t-[20px] pb-[calc(20px+env(safe-area-inset-bottom))]"
MIDDLE = "left-1/2 top-1/2 -translate-x-1/2 -translate-y-1/2 rounded-2xl"
NARROW = "w-[min(560px,calc(100vw-32px))]"
ROOMY = "w-[min(920px,calc(100vw-24px))]"
ASIDE = (
    "xl:left-auto xl:right-0 xl:top-0 xl:translate-none xl:w-[440px] xl:h-dvh xl:max-h-none "
    "xl:rounded-none xl:border-y-0 xl:border-r-0"
)
HAS_NO_ROOM = rx.Var(
    "(typeof window === 'undefined' || !window.matchMedia('(min-width: 1280px)').matches)"
).to(bool)
"""Whether a window that could stand beside the page has to stand over it."""

WIDE = (
    "lg:has-[>:last-child:is(section)]:w-[min(1080px,calc(100vw-64px))] "
    "lg:has-[>:last-child:is(section)]:grid lg:grid-cols-2 lg:gap-x-6 lg:items-start "
    "lg:[&>:not(:nth-last-child(-n+2))]:col-span-2"
)
"""What widens a window with something beside its fields; without it nothing changes."""
LABEL = "block mb-1.5 text-[14px] font-semibold text-ink"


def icon(name: str, *, size: int = 18) -> rx.Component:
    """Draw a Lucide icon; it is silent, so the words beside it must say the same."""
    return rx.icon(name, size=size)


def button(
    label: Text,
    *,
    kind: Kind = "primary",
    icon_name: str | None = None,
    keys: str | None = None,
    loading: Flag = False,
    **props: Prop,
) -> rx.Component:
    """Return a button.

    `keys` is one key such as "S": it is shown, listed by `?`, and presses the button while
    nothing is being typed; do not bind it a second time. What the server has to do is not
    asked of it by a key while it cannot be reached. While `loading` the button keeps the
    focus but does nothing; then `on_click` is one event, not a list.
    """
    props.setdefault("type", "button")
    shortcut = _shortcut(keys, asks_server="on_click" in props)
    if loading is not False:
        props["aria_disabled"] = loading
        props["on_click"] = rx.cond(loading, rx.noop(), props["on_click"])
    return rx.el.button(
        *_face(label, icon_name=icon_name, keys=keys),
        class_name=_class(BUTTON_KINDS[kind], props),
        aria_busy=loading,
        **shortcut,
        **props,
    )


def link_button(
    label: Text,
    href: Text,
    *,
    kind: Kind = "primary",
    icon_name: str | None = None,
    keys: str | None = None,
    **props: Prop,
) -> rx.Component:
    """Return a link to one of our pages that looks like a button; `keys` as for `button`."""
    return page_link(
        *_face(label, icon_name=icon_name, keys=keys),
        href=href,
        class_name=_class(BUTTON_KINDS[kind], props),
        **_shortcut(keys),
        **props,
    )


def page_link(*children: Prop, href: Text, **props: Prop) -> rx.Component:
    """Return a bare link to one of our pages; the tab stays connected on the way."""
    return ReactRouterLink.create(*children, href=href, **props)


def text_link(label: Text, href: Text, **props: Prop) -> rx.Component:
    """Return a link to one of our pages inside a text."""
    look = "font-medium text-ink underline underline-offset-4 decoration-edge hover:decoration-ink"
    return page_link(label, href=href, class_name=_class(look, props), **props)


def icon_button(label: Text, icon_name: str, **props: Prop) -> rx.Component:
    """Return a square button that shows an icon and is named by `label`."""
    look = "grid place-items-center size-11 rounded-[10px] text-ink2 hover:bg-card2 hover:text-ink"
    props.setdefault("type", "button")
    return rx.el.button(
        icon(icon_name),
        aria_label=label,
        title=label,
        class_name=_class(look, props),
        **props,
    )


def _face(
    label: Text, *, icon_name: str | None, keys: str | None
) -> list[rx.Component | Text]:
    parts: list[rx.Component | Text] = [label]
    if icon_name:
        parts.insert(0, icon(icon_name))
    if keys:
        parts.append(kbd(keys, on_button=True))
    return parts


def _shortcut(keys: str | None, *, asks_server: bool = False) -> dict[str, Prop]:
    if keys is None:
        return {}
    marks = {"data-key": keys.lower()}
    if asks_server:
        marks |= ASKS_SERVER
    return {"aria_keyshortcuts": keys, "custom_attrs": marks}


def _class(look: str, props: dict[str, Prop]) -> Text:
    extra = props.pop("class_name", "")
    return f"{look} {extra}"


def kbd(*keys: str, on_button: bool = False) -> rx.Component:
    """Show keys as they stand on a keyboard; on a button they take its colours."""
    tone = "border-current/40 max-md:hidden" if on_button else "border-hairline2 text-ink3"
    return rx.el.kbd(
        " ".join(keys),
        aria_hidden="true",
        class_name="text-[11px] font-semibold border border-b-2 rounded-md px-1.5 font-body "
        f"leading-[1.45] {tone}",
    )


def chip(*children: rx.Component | Text, line: str = "", **props: Prop) -> rx.Component:
    """Show a small fact; with a `line` class it takes that line's tint."""
    tone = f"{line} tint" if line else "bg-card2 text-ink2"
    look = (
        "inline-flex items-center gap-1.5 max-w-full break-words text-[12.5px] font-medium "
        f"rounded-lg px-2.5 py-[3px] {tone}"
    )
    parts = [one if isinstance(one, rx.Component) else _fact(one) for one in children]
    return rx.el.span(*parts, class_name=_class(look, props), **props)


def _fact(words: Text) -> rx.Component:
    # Its words stay whole beside a long title; only one that is too long for a line is torn.
    return rx.el.span(words, class_name="min-w-0 overflow-hidden text-ellipsis")


def badge(count: Number, *, meaning: Text, line: str = "") -> rx.Component:
    """Show a count in its line's colour; `meaning` says what is counted: "cards due"."""
    return rx.el.span(
        count,
        rx.el.span(" ", meaning, class_name="sr-only"),
        class_name=f"{line} tint ml-auto text-xs font-semibold rounded-[9px] px-2 py-px tabular-nums",
    )


def dot(line: str = "") -> rx.Component:
    """Draw the small disc of a line; the words beside it name the line."""
    return rx.el.span(
        aria_hidden="true",
        class_name=f"{line} inline-block size-2 rounded-full bg-hue flex-none",
    )


class _ZoneField(rx.Component):
    """Fills a hidden field with the time zone that the browser knows."""

    library = f"$/public{rx.asset('zone.jsx', shared=True)}"
    tag = "ZoneField"

    name: rx.Var[str]


def zone_field(name: str) -> rx.Component:
    """Return a hidden field that sends the browser's time zone: "Europe/Berlin"."""
    return _ZoneField.create(name=name)


class _Completing(rx.Component):
    """Tells the browser what it may fill into a field of the form around it."""

    library = f"$/public{rx.asset('completing.jsx', shared=True)}"
    tag = "Completing"

    field: rx.Var[str]
    by: rx.Var[str]
    kinds: rx.Var[dict[str, str]]
    otherwise: rx.Var[str]


def completing(
    field: str, *, by: str, kinds: Mapping[str, str], otherwise: str
) -> rx.Component:
    """Set the `autocomplete` of a field by the value that the field `by` has in `kinds`."""
    return _Completing.create(field=field, by=by, kinds=dict(kinds), otherwise=otherwise)


class _Ago(rx.Component):
    """Says how long ago a moment was."""

    library = f"$/public{rx.asset('ago.jsx', shared=True)}"
    tag = "Ago"

    moment: rx.Var[str]


def ago(moment: Text) -> rx.Component:
    """Say how long ago an ISO 8601 moment was: "4 min ago"; it stays true by itself."""
    return _Ago.create(moment=moment)


def progress_bar(
    value: Number, maximum: Number, *, label: Text, line: str = ""
) -> rx.Component:
    """Show how far something has come; `label` says what: "Files fetched"."""
    whole = rx.Var.create(maximum).to(float)
    part = rx.Var.create(value).to(float) / rx.cond(whole > 0, whole, 1).to(float)
    return rx.el.div(
        rx.el.div(
            class_name="bar h-full w-full rounded-full bg-hue",
            style={"transform": f"scaleX({part})"},
        ),
        role="progressbar",
        aria_label=label,
        aria_valuemin=0,
        aria_valuenow=value,
        aria_valuemax=maximum,
        class_name=f"{line} h-1 rounded-full bg-card2 overflow-hidden",
    )


def text_field(
    label: Text, *, name: str, hint: Text = "", problem: Text = "", **props: Prop
) -> rx.Component:
    """Return a labelled line of input; `problem` is what is wrong with it, or empty."""
    return _labelled(rx.el.input, label, name=name, hint=hint, problem=problem, props=props)


def text_area(
    label: Text, *, name: str, hint: Text = "", problem: Text = "", **props: Prop
) -> rx.Component:
    """Return a labelled box for several lines; for studied text add `font-study`."""
    return _labelled(
        rx.el.textarea, label, name=name, hint=hint, problem=problem, props=props
    )


def select(
    label: Text,
    *,
    name: str,
    options: Sequence[tuple[str, str]] | Sequence[str],
    hint: Text = "",
    **props: Prop,
) -> rx.Component:
    """Return the browser's own labelled list of (value, words), or of a Var of words."""
    if isinstance(options, rx.Var):
        choices = [rx.foreach(options, _choice)]
    else:
        choices = [rx.el.option(words, value=value) for value, words in options]
    return _labelled(
        rx.el.select, label, *choices, name=name, hint=hint, problem="", props=props
    )


def _choice(words: str) -> rx.Component:
    return rx.el.option(words, value=words)


def _labelled(
    element: Prop,
    label: Text,
    *children: rx.Component,
    name: str,
    hint: Text,
    problem: Text,
    props: dict[str, Prop],
) -> rx.Component:
    field = props.pop("id", f"field-{name}")
    return rx.el.div(
        rx.el.label(label, html_for=field, class_name=LABEL),
        element(
            *children,
            id=field,
            name=name,
            aria_invalid=rx.Var.create(problem) != "",
            aria_describedby=f"{field}-note",
            class_name=_class(FIELD, props),
            **props,
        ),
        rx.el.p(
            rx.cond(
                rx.Var.create(problem) != "",
                rx.el.span(problem, class_name="text-acct-ink"),
                rx.el.span(hint),
            ),
            id=f"{field}-note",
            class_name="mt-1.5 text-[13px] text-ink2 has-[>span:empty]:hidden",
        ),
    )


def switch(label: Text, *, checked: Flag, hint: Text = "", **props: Prop) -> rx.Component:
    """Return an on-off switch with its words; `on_change` receives the new position."""
    return rx.el.label(
        rx.el.span(
            rx.el.span(label, class_name="block font-medium text-ink"),
            rx.el.span(hint, class_name="block text-[13px] text-ink2 empty:hidden"),
        ),
        rx.el.input(
            type="checkbox",
            role="switch",
            checked=checked,
            class_name="switch ml-auto",
            **props,
        ),
        class_name="flex items-center gap-4 min-h-11",
    )


def empty_state(
    icon_name: str, title: Text, text: Text, action: rx.Component | None = None
) -> rx.Component:
    """Say that there is nothing yet, why, and offer the next step."""
    return rx.el.div(
        rx.el.div(
            icon(icon_name, size=22),
            class_name="tint grid place-items-center size-12 rounded-full mb-4",
        ),
        rx.el.p(title, class_name="display text-lg font-semibold text-ink"),
        rx.el.p(text, class_name="mt-1.5 mb-5 max-w-[46ch] text-ink2"),
        action or rx.fragment(),
        class_name="flex flex-col items-center text-center py-8 px-4",
    )


def skeleton(*shapes: str) -> rx.Component:
    """Stand in for what is on its way; each shape is the classes of one block ("h-4 w-40")."""
    return rx.el.div(
        *[rx.el.div(class_name=f"skeleton {shape}") for shape in shapes],
        aria_hidden="true",
        class_name="flex flex-col gap-3",
    )


def dialog(  # noqa: PLR0913  (each says how the window stands)
    title: Text,
    *children: rx.Component,
    description: Text = "",
    trigger: rx.Component | None = None,
    sheet: bool = False,
    wide: bool = False,
    roomy: bool = False,
    aside: bool = False,
    **props: Prop,
) -> rx.Component:
    """Return a window over the page; Radix holds the focus inside and closes on escape.

    Give `open` and `on_open_change`, or a `trigger` button. A `sheet` rises from the bottom;
    a `wide` one has its last two children side by side where there is room for both, a
    `roomy` one holds more than a few fields. One `aside` stands beside the page where there
    is room, and the page can be used meanwhile.
    What goes wrong while it is open is said inside it.
    """
    primitive = rx.radix.primitives.dialog
    width = f"{ROOMY if roomy else NARROW} {WIDE if wide else ''}"
    place = SHEET if sheet else f"{MIDDLE} {width} {ASIDE if aside else ''}"
    beside: dict[str, Prop] = {}
    if aside:
        props["modal"] = HAS_NO_ROOM
        beside["on_interact_outside"] = rx.prevent_default
    window = primitive.content(
        *_dialog_head(title, description),
        *children,
        class_name=f"fixed z-50 max-h-[85dvh] overflow-y-auto bg-card border border-hairline2 "
        f"p-5 {place}",
        **beside,
    )
    opener = [primitive.trigger(trigger, as_child=True)] if trigger else []
    return primitive.root(
        *opener,
        primitive.portal(primitive.overlay(class_name="veil z-40"), window),
        **props,
    )


def _dialog_head(title: Text, description: Text) -> list[rx.Component]:
    """Draw what a window is called, the way out, and what went wrong in it."""
    primitive = rx.radix.primitives.dialog
    return [
        rx.el.div(
            primitive.title(title, class_name="display text-xl font-semibold"),
            primitive.close(icon_button("Close", "x"), as_child=True),
            class_name="flex items-center justify-between gap-4 mb-3",
        ),
        primitive.description(description, class_name="text-ink2 -mt-2 mb-4 empty:hidden"),
        notices_within(),
    ]


class _Tabs(RadixPrimitiveComponent):
    library = "@radix-ui/react-tabs@1.2.1"


class _TabsRoot(_Tabs):
    tag = "Root"
    alias = "RadixTabsRoot"

    value: rx.Var[str]
    default_value: rx.Var[str]
    on_value_change: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class _TabsList(_Tabs):
    tag = "List"
    alias = "RadixTabsList"


class _TabsTrigger(_Tabs):
    tag = "Trigger"
    alias = "RadixTabsTrigger"

    value: rx.Var[str]


class _TabsContent(_Tabs):
    tag = "Content"
    alias = "RadixTabsContent"

    value: rx.Var[str]


def tabs(
    label: str, panels: Mapping[str, tuple[Text, rx.Component]], **props: Prop
) -> rx.Component:
    """Return panels of which one shows; `panels` maps a value to its words and its content.

    The first opens, unless `value` and `on_value_change` say otherwise.
    """
    look = (
        "min-h-11 px-2 sm:px-4 rounded-[10px] font-semibold text-[13px] sm:text-[14px] text-ink2 "
        "border border-transparent hover:text-ink data-[state=active]:bg-card2 "
        "data-[state=active]:text-ink data-[state=active]:border-hue"
    )
    if "value" not in props:
        props.setdefault("default_value", next(iter(panels)))
    return _TabsRoot.create(
        _TabsList.create(
            *[
                _TabsTrigger.create(words, value=value, class_name=look)
                for value, (words, _) in panels.items()
            ],
            custom_attrs={"aria-label": label},
            # Room for the ring of a focus inside of what scrolls.
            class_name="flex sm:gap-1 overflow-x-auto p-1 -m-1",
        ),
        *[
            _TabsContent.create(content, value=value, class_name="mt-5")
            for value, (_, content) in panels.items()
        ],
        **props,
    )
