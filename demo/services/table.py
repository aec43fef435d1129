"""Every web-service function that the demo offers, with its parameters."""

import json
from typing import Any

from demo.parameters import (
    Args,
    Parameter,
    integer,
    integers,
    nest,
    read,
    records,
    text,
    texts,
    truth,
)
from demo.services.activities import BY_COURSES, discussions, entries_by_letter, forums
from demo.services.call import Call, Service
from demo.services.course_page import contents
from demo.services.courses import users_courses
from demo.services.deadlines import action_events, assignments, grade_items
from demo.services.site import public_config, site_info
from demo.services.submissions import submission_status
from demo.wire import Json, invalid_parameter

BATCH = "tool_mobile_call_external_functions"

_COURSE_IDS: dict[str, Parameter] = {"courseids": integers()}


def _site_info(call: Call, _args: Args) -> Json:
    return site_info(call, tuple(SERVICES))


def _public_config(call: Call, _args: Args) -> Json:
    return public_config(
        call.site,
        type_of_login=call.campus.type_of_login,
        maintenance=False,
        web_services=True,
    )


SERVICES: dict[str, Service] = {
    "core_webservice_get_site_info": Service(_site_info, {"serviceshortnames": texts()}),
    "core_enrol_get_users_courses": Service(
        users_courses,
        {"userid": integer(required=True), "returnusercount": truth(default=True)},
    ),
    "core_course_get_contents": Service(
        contents,
        {
            "courseid": integer(required=True),
            "options": records({"name": text(required=True), "value": text(required=True)}),
        },
    ),
    "mod_assign_get_assignments": Service(
        assignments,
        {
            **_COURSE_IDS,
            "capabilities": texts(),
            "includenotenrolledcourses": truth(default=False),
        },
    ),
    "mod_assign_get_submission_status": Service(
        submission_status,
        {
            "assignid": integer(required=True),
            "userid": integer(0),
            "groupid": integer(0),
        },
    ),
    **{name: Service(answer, _COURSE_IDS) for name, answer in BY_COURSES.items()},
    "mod_forum_get_forums_by_courses": Service(forums, _COURSE_IDS),
    "mod_forum_get_forum_discussions": Service(
        discussions,
        {
            "forumid": integer(required=True),
            "sortorder": integer(-1),
            "page": integer(-1),
            "perpage": integer(0),
            "groupid": integer(0),
        },
    ),
    "mod_glossary_get_entries_by_letter": Service(
        entries_by_letter,
        {
            "id": integer(required=True),
            "letter": text(required=True),
            "from": integer(0),
            "limit": integer(20),
            "options": Parameter(lambda value: value, {}),
        },
    ),
    "core_calendar_get_action_events_by_timesort": Service(
        action_events,
        {
            "timesortfrom": integer(0),
            "timesortto": integer(),
            "aftereventid": integer(0),
            "limitnum": integer(20),
            "limittononsuspendedevents": truth(default=False),
            "userid": integer(),
            "searchvalue": text(),
        },
    ),
    "gradereport_user_get_grade_items": Service(
        grade_items,
        {"courseid": integer(required=True), "userid": integer(0), "groupid": integer(0)},
    ),
    "tool_mobile_get_public_config": Service(_public_config),
    BATCH: Service(
        lambda _call, _args: None,  # answered by the REST server, one inner call at a time
        {
            "requests": records(
                {
                    "function": text(required=True),
                    "arguments": text("{}"),
                    "settingraw": truth(default=False),
                    "settingfileurl": truth(default=True),
                    "settingfilter": truth(default=False),
                    "settinglang": text(""),
                }
            )
        },
    ),
}


def read_arguments(service: Service, given: dict[str, str]) -> Args:
    """The parameters of a call that came as form fields."""
    return read(nest(given), service.parameters)


def read_json_arguments(service: Service, given: str) -> Args:
    """The parameters of a call inside a batch, which come as a JSON object."""
    try:
        arguments: Any = json.loads(given)
    except ValueError as error:
        raise invalid_parameter() from error
    return read(arguments, service.parameters)
