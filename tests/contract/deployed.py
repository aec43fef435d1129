"""The files of deploy/, read as the tools read them that run them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import crossplane
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"

Directive = dict[str, Any]


@cache
def services() -> dict[str, Any]:
    """Return the services of the compose file by name."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


@cache
def objects() -> tuple[dict[str, Any], ...]:
    """Return all Kubernetes objects that the kustomization names."""
    folder = DEPLOY / "kubernetes"
    names = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
    found = [yaml.safe_load_all((folder / name).read_text()) for name in names]
    return tuple(one for documents in found for one in documents if one)


def named(kind: str, name: str) -> dict[str, Any]:
    """Return one Kubernetes object."""
    (found,) = [
        one for one in objects() if (one["kind"], one["metadata"]["name"]) == (kind, name)
    ]
    return found


def directives(name: str) -> list[Directive]:
    """Return every block of nginx.conf with a name."""
    parsed = crossplane.parse(str(DEPLOY / "nginx.conf"), single=True)
    assert parsed["status"] == "ok", parsed["errors"]
    return [one for one in _flat(parsed["config"][0]["parsed"]) if one["directive"] == name]


def value_of(block: Directive, name: str) -> list[str]:
    """Return the arguments of a directive that stands in a block once."""
    (found,) = [one["args"] for one in block["block"] if one["directive"] == name]
    return found


def _flat(block: list[Directive]) -> Iterator[Directive]:
    for one in block:
        yield one
        yield from _flat(one.get("block", []))
