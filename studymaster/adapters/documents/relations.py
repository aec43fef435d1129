"""Finds the parts of a Word or PowerPoint file: each part says where the next ones are."""

from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath

from studymaster.adapters.documents.packages import (
    Attributes,
    Package,
    Walker,
    attribute,
)

MAIN_PART = "officeDocument"


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another one names.

    Attributes:
        key: By which the other part names it.
        kind: The last word of its type: `slide`, `notesSlide`, `styles`.
        part: Its name in the package.
    """

    key: str
    kind: str
    part: str


class _Relations(Walker):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.opening = {"Relationship": self._note}
        self.found: list[Relation] = []
        self._folder = folder

    def _note(self, attributes: Attributes) -> None:
        if attribute(attributes, "TargetMode") == "External":
            return
        target = normpath(join("/", self._folder, attribute(attributes, "Target")))
        kind = attribute(attributes, "Type").rpartition("/")[2]
        self.found.append(
            Relation(attribute(attributes, "Id"), kind, target.removeprefix("/"))
        )


def relations_of(package: Package, part: str) -> list[Relation]:
    """Return the parts that a part (or, with "", the package itself) names, as listed."""
    folder = dirname(part)
    listing = join(folder, "_rels", f"{basename(part)}.rels")
    relations = _Relations(folder)
    if package.has(listing):
        package.walk(listing, relations)
    return relations.found


def first_of(relations: list[Relation], kind: str) -> str:
    """Return the name of the first part of a kind, or ""."""
    return next((item.part for item in relations if item.kind == kind), "")


def main_part(package: Package, *, usual: str) -> str:
    """Return the name of the part that everything begins with."""
    return first_of(relations_of(package, ""), MAIN_PART) or usual
