"""What every recorded refusal must become: recording -> code of the named failure.

Each line was judged against what had been done to the site when it was recorded; "ok" marks
answers that are no failure. `python -m tests.adapters.moodle.golden` prints the
table as Markdown.
"""

import sys

from studymaster.adapters.moodle import failures
from tests.adapters.moodle.recordings import recording

GOLDEN = {
    "err_accessexception": "access_refused",
    "err_bad_format_value": "not_answerable",
    "err_database_down": "database_down",
    "err_debug_missing_parameter": "invalid_request",
    "err_debug_not_enrolled": "not_enrolled",
    "err_deleted_user_token": "token_expired",
    "err_empty_token": "token_expired",
    "err_expired_enrolment": "not_enrolled",
    "err_expired_token_first": "token_expired",
    "err_expired_token_second": "token_expired",
    "err_forced_password_change": "password_change_required",
    "err_forced_password_change_site_info": "ok",
    "err_function_outside_service": "access_refused",
    "err_hidden_course": "not_enrolled",
    "err_invalid_array_parameter": "invalid_request",
    "err_invalid_parameter_type": "invalid_request",
    "err_invalidtoken": "token_expired",
    "err_ip_restricted_token": "token_expired",
    "err_json_request_body": "token_expired",
    "err_maintenance": "maintenance",
    "err_maintenance_cli": "maintenance",
    "err_maintenance_contents": "maintenance",
    "err_missing_parameter": "invalid_request",
    "err_mobile_service_disabled": "token_expired",
    "err_no_function": "invalid_request",
    "err_no_token": "token_expired",
    "err_nonexistent_function": "unknown_function",
    "err_not_enrolled": "not_enrolled",
    "err_rest_protocol_disabled": "service_disabled",
    "err_revoked_token": "token_expired",
    "err_site_course": "ok",
    "err_site_policy_contents": "policy_not_agreed",
    "err_site_policy_not_agreed": "ok",
    "err_suspended_enrolment": "not_enrolled",
    "err_suspended_user_token": "account_suspended",
    "err_unexpected_parameter": "invalid_request",
    "err_unknown_course": "record_missing",
    "err_upgrade_running": "upgrade_running",
    "err_webservices_disabled": "service_disabled",
    "err_xml_default_error": "not_enrolled",
    "err_xml_default_ok": "not_answerable",
    "file_40mb_headers_only": "ok",
    "file_40mb_if_range": "file_broken",
    "file_40mb_range_resume": "file_broken",
    "file_assign_intro_attachment": "ok",
    "file_bad_context": "file_missing",
    "file_bad_token": "token_expired",
    "file_bearer_header": "invalid_request",
    "file_book_chapter": "ok",
    "file_course_generated_svg": "ok",
    "file_course_image": "ok",
    "file_database_down": "database_down",
    "file_emoji_name": "ok",
    "file_expired_token_first": "access_refused",
    "file_expired_token_second": "token_expired",
    "file_group_a_as_group_b": "file_refused",
    "file_hidden_module": "file_refused",
    "file_hidden_section": "file_refused",
    "file_hostile_name": "ok",
    "file_image_thumb": "ok",
    "file_maintenance": "maintenance",
    "file_maintenance_cli": "maintenance",
    "file_mobile_service_disabled": "access_refused",
    "file_nfd_name": "ok",
    "file_no_forcedownload": "ok",
    "file_no_path": "invalid_request",
    "file_not_found": "file_missing",
    "file_other_course": "file_refused",
    "file_page_image": "ok",
    "file_page_index": "ok",
    "file_pdf_gzip": "ok",
    "file_pdf_head": "ok",
    "file_pdf_if_modified_since": "ok",
    "file_pdf_if_none_match": "ok",
    "file_pdf_ok": "ok",
    "file_pdf_range": "file_broken",
    "file_pdf_range_multi": "file_broken",
    "file_pdf_range_tail": "file_broken",
    "file_pdf_range_unsatisfiable": "ok",
    "file_plain_pluginfile_no_session": "file_refused",
    "file_plain_pluginfile_with_token": "file_refused",
    "file_post_token_in_body": "ok",
    "file_rest_protocol_disabled": "ok",
    "file_restricted": "file_refused",
    "file_restricted_hidden": "file_refused",
    "file_revoked_token": "token_expired",
    "file_section_image": "ok",
    "file_service_without_download": "access_refused",
    "file_site_policy_not_agreed": "policy_not_agreed",
    "file_slashlike_name": "ok",
    "file_text": "ok",
    "file_token_missing": "invalid_request",
    "file_tokenpluginfile": "ok",
    "file_tokenpluginfile_bad": "file_missing",
    "file_unicode_name": "ok",
    "file_upgrade_running": "upgrade_running",
    "file_webservices_disabled": "access_refused",
    "file_zero_bytes": "ok",
    "token_admin_non_mobile_service": "not_permitted",
    "token_appsitecheck": "not_moodle",
    "token_database_down": "database_down",
    "token_deleted_user": "wrong_sign_in",
    "token_disabled_service": "service_disabled",
    "token_forced_password_change": "ok",
    "token_guest": "not_permitted",
    "token_json_body_not_form": "invalid_request",
    "token_locked_out": "wrong_sign_in",
    "token_maintenance": "maintenance",
    "token_maintenance_cli": "maintenance",
    "token_missing_password": "invalid_request",
    "token_missing_service": "invalid_request",
    "token_mobile_service_disabled": "service_disabled",
    "token_no_params": "invalid_request",
    "token_ok_admin": "ok",
    "token_ok_get_method": "ok",
    "token_ok_minimal_service": "ok",
    "token_ok_student1": "ok",
    "token_ok_student1_uppercase": "ok",
    "token_rest_protocol_disabled": "ok",
    "token_restricted_service": "not_permitted",
    "token_service_needs_capability": "not_permitted",
    "token_site_policy_not_agreed": "ok",
    "token_suspended_user": "wrong_sign_in",
    "token_unknown_service": "service_disabled",
    "token_unknown_user": "wrong_sign_in",
    "token_upgrade_running": "upgrade_running",
    "token_webservices_disabled": "service_disabled",
    "token_wrong_password": "wrong_sign_in",
}

# Refusals among the other recordings.
OTHER_REFUSALS = {
    "calendar_ical": "not_answerable",
    "calendar_ical_bad_token": "not_answerable",
    "calendar_timesort_limit51_error": "unexpected_answer",
    "completion_course_status": "unexpected_answer",
    "contents_bio_bad_option": "invalid_request",
    "contents_bio_xml": "not_answerable",
    "course_module_hidden": "not_enrolled",
    "course_module_restricted": "not_enrolled",
    "course_module_unknown": "record_missing",
    "courseformat_get_state": "access_refused",
    "courses_get_courses_student": "not_permitted",
    "forum_discussions_unknown": "unexpected_answer",
    "glossary_entries_by_date": "invalid_request",
    "grade_items_no_userid": "not_permitted",
    "grade_items_other_user": "not_permitted",
    "html_login_redirect": "moved",
    "http_404": "not_moodle",
    "http_502": "site_down",
    "launch_logged_in": "moved",
    "launch_not_logged_in": "not_moodle",
    "launch_not_logged_in_browser_login": "moved",
    "mut_20_unenrol_contents": "not_enrolled",
    "mut_20_unenrol_updates_since": "not_enrolled",
    "nologin_service_private_function": "service_disabled",
    "popup_notifications_other_user": "not_permitted",
    "public_config_maintenance_cli": "maintenance",
    "rest_no_params": "token_expired",
    "rest_options": "token_expired",
    "rest_trailing_slash": "token_expired",
    "submission_status_other_user": "not_permitted",
    "submission_status_unknown": "record_missing",
    "updates_since_not_enrolled": "not_enrolled",
}

FAILURES = {
    found.code: found
    for found in vars(failures).values()
    if isinstance(found, type) and issubclass(found, failures.MoodleError)
}


def markdown() -> str:
    """Return the table for readers: what Moodle sent, and what the student is told."""
    rows = [
        "| recording | status | failure | code | again later | the student reads |",
        "|---|---|---|---|---|---|",
    ]
    for name, code in (GOLDEN | OTHER_REFUSALS).items():
        status = recording(name).status
        if code == "ok":
            rows.append(f"| {name} | {status} | (an answer, no failure) | | | |")
            continue
        failure = FAILURES[code]
        again = "yes" if failure.temporary else "no"
        sentence = failure.sentence.format(host="moodle.example.edu")
        rows.append(
            f"| {name} | {status} | {failure.__name__} | {code} | {again} | {sentence} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())
