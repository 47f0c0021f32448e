"""What is wrong with a template is said in the language of those who write it."""

import re

import pytest

from workflows.documents.kinds import KINDS
from workflows.documents.official_style import build
from workflows.documents.rendering import TemplateRefused, render, sample


@pytest.mark.parametrize("text", ["{% for %}", "{% bogus %}", "{{ title | }}", "{% if title %}"])
def test_a_wrong_mark_is_explained_in_chinese(text):
    kind = KINDS["feedback_letter"]
    with pytest.raises(TemplateRefused) as refused:
        render(build(f"# 标题\n{text}"), kind, sample(kind))
    assert not re.search("[a-z]{4,}", str(refused.value))
