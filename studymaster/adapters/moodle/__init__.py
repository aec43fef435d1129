"""Moodle, as StudyMaster sees it: a site to open, its content in our words, named failures."""

from studymaster.adapters.moodle.address import (
    PublicOnlyTransport,
    SiteAddress,
    check_site_address,
)
from studymaster.adapters.moodle.client import Download, MoodleSite, Patience, open_site
from studymaster.adapters.moodle.failures import MoodleError
from studymaster.adapters.moodle.translate import ALLOWED_FUNCTIONS

__all__ = [
    "ALLOWED_FUNCTIONS",
    "Download",
    "MoodleError",
    "MoodleSite",
    "Patience",
    "PublicOnlyTransport",
    "SiteAddress",
    "check_site_address",
    "open_site",
]
