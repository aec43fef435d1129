"""What needs no layout is read the short way, and says the same."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from studymaster.adapters.documents import html_to_text, web

NEVER = re.compile(r"(?!)")

words = st.text(st.characters(codec="utf-8", exclude_characters="<&"))


@given(words, st.sampled_from(["{}", "<p>{}</p>", "  <p>{}", "{}</p>\n"]))
@example("Week\u00a01:\tcells\u2028and\x0bmembranes", "<p>{}</p>")
@example("\ufeffhi", "{}")
@example("", "<p>{}</p>")
def test_one_paragraph_reads_as_if_it_were_laid_out(words, form) -> None:
    markup = form.format(words)
    short = html_to_text(markup)
    known, web.ONE_PARAGRAPH = web.ONE_PARAGRAPH, NEVER
    try:
        assert short == html_to_text(markup)
    finally:
        web.ONE_PARAGRAPH = known
