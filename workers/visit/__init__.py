"""One run at one Moodle site: listing its courses and what lies in them, fetching files."""

from workers.visit.faults import BROKEN, OurFaultError, RunStoppedError
from workers.visit.together import watched
from workers.visit.visit import Visit

__all__ = ["BROKEN", "OurFaultError", "RunStoppedError", "Visit", "watched"]
