"""What a student's Moodles are called: by their names, never by their hosts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from studymaster.models import MoodleConnection


def labels(connections: Sequence[MoodleConnection]) -> Mapping[UUID, str]:
    """Return what each connection is called; two at one Moodle have their user's name too."""
    names = Counter(row.site_name for row in connections)
    return {
        row.id: f"{row.site_name} ({row.moodle_username})"
        if names[row.site_name] > 1
        else row.site_name
        for row in connections
    }
