"""The HTML of Anki's fields as Markdown, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from studymaster.features.exchange.rules.texts import to_html, to_markdown

PAIRS = (
    ("plain", "plain"),
    ("a<b>bold</b> c", "a**bold** c"),
    ("x<br>y", "x\n\ny"),
    ("<div>a</div><div>b</div>", "a\n\nb"),
    ("<ul><li>a</li><li>b <i>c</i></li></ul>", "- a\n- b *c*"),
    ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
    ("2*3*4 &lt;b&gt; a_b", "2\\*3\\*4 <b> a_b"),
    ("\\(x^2\\) and \\[y_1\\]", "$x^2$ and $$y_1$$"),
    ("[sound:a_b.mp3]", "[sound:a_b.mp3]"),
    ('<img src="cell%20wall.png" alt="A wall">', "![A wall](<cell wall.png>)"),
    ("<tr><td>loose</td></tr>", "loose"),
    ("H<sub>2</sub>O, x<sup>ab</sup>", "H₂O, x^(ab)"),
    ("<pre><code>x = 1\ny</code></pre>", "```\nx = 1\ny\n```"),
    (
        '<pre><code class="language-python">def f():\n\n    return  1\n\n\nx</code></pre>',
        "```python\ndef f():\n\n    return  1\n\n\nx\n```",
    ),
    ("a<pre>if x:<br>    y</pre>b", "a\n\n```\nif x:\n    y\n```\n\nb"),
    ('<pre class="hljs lang-c++">a &lt; b</pre>', "```c++\na < b\n```"),
    (
        "<blockquote><pre>a\n  b</pre></blockquote>",
        "> ```\n> a\n>   b\n> ```",
    ),
    ("1. foo", "1\\. foo"),
    ("# no heading", "\\# no heading"),
    (
        "{{c1::Paris::city}} is <b>{{c2::nice}}</b>",
        "{{c1::Paris::city}} is **{{c2::nice}}**",
    ),
    ("$5 and $6", "\\$5 and \\$6"),
    ('<span style="color: red">red</span><!-- note -->', "red"),
    ("<script>alert(1)</script>words", "words"),
    ('<a href="https://example.org">there</a>', "[there](https://example.org)"),
    ('<a href="javascript:alert(1)">there</a>', "there"),
    ("<h2>Title</h2>text", "## Title\n\ntext"),
    ("<b>never closed", "**never closed**"),
    ("</b></div>closed too often", "closed too often"),
)


@pytest.mark.parametrize(("html", "markdown"), PAIRS)
def test_a_field_becomes_markdown_and_stays_it_on_the_way_there_and_back(
    html: str, markdown: str
) -> None:
    assert to_markdown(html) == markdown
    assert to_markdown(to_html(markdown)) == markdown


def test_code_that_shows_fences_gets_longer_ones() -> None:
    markdown = to_markdown("<pre>a\n```\nb</pre>")
    assert markdown == "````\na\n```\nb\n````"
    assert to_markdown(to_html(markdown)) == markdown


def test_files_are_called_as_they_are_here() -> None:
    html = '<img src="a.png"> [sound:b.mp3]'
    names = {"a.png": "a-1.png", "b.mp3": "b 2.mp3"}
    assert to_markdown(html, names) == "![](a-1.png) [sound:b 2.mp3]"


@given(some.text(alphabet="ab <>/&;*_`$\\[](){}:#-+1.\n|~!=\"'", max_size=60))
def test_whatever_is_written_no_tag_of_it_reaches_a_field(text: str) -> None:
    html = to_html(text)
    assert "<script" not in html
    assert to_html(to_markdown(html)) is not None
