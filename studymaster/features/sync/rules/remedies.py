"""What a student does about a Moodle that is not read any more. Pure."""

from collections.abc import Mapping

LEFT_BY_STUDENT = "You disconnected this Moodle. Nothing is read from it any more."
ASK_ANEW = "Connect again; everything that is here stays and goes on from there."

REMEDIES: Mapping[str, str] = {
    "token_expired": "Sign in once more. Moodle asks for that about every twelve weeks.",
    "token_refused": ASK_ANEW,
    "access_refused": ASK_ANEW,
    "SealError": ASK_ANEW,
    "account_suspended": (
        "Ask your university's Moodle support. Once your account is open again, press "
        "“Try again”."
    ),
    "password_change_required": ("Once you have changed it there, press “Try again”."),
    "policy_not_agreed": ("Once you have agreed there, press “Try again”."),
    "not_permitted": (
        "Ask your university's Moodle support whether students may use the Moodle app, then "
        "press “Try again”."
    ),
    "service_disabled": (
        "Only your university's Moodle support can switch the access for apps on. Once it "
        "is, press “Try again”."
    ),
    "disconnected": "What was fetched stays. Connect again whenever you like.",
}
"""What a student does about a connection that is not read any more, by its failure."""

OPENS_STILL = frozenset(
    {
        "account_suspended",
        "password_change_required",
        "policy_not_agreed",
        "not_permitted",
        "service_disabled",
    }
)
"""Failures after which the token at hand may work again, once somebody has acted in Moodle."""


def what_to_do(code: str) -> str:
    """Return what a student does about a connection that is not read any more."""
    return REMEDIES.get(code, ASK_ANEW)
