"""A report as a document and as prose; the only place that writes words around it."""

from __future__ import annotations

from msrisk.rendering.document import to_document, to_json
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.text import to_text

__all__ = ["to_document", "to_html", "to_json", "to_markdown", "to_text"]
