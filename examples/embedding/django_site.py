"""A Django site of one file with a view that asks msrisk.

Run it: python django_site.py runserver
"""

from __future__ import annotations

import secrets
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

import msrisk

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=secrets.token_hex(),
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Before you take it</title></head>
<body>
<main>
<h1>Before you take it</h1>
<form method="post">
{% csrf_token %}
{% for name, label in fields %}
<p><label>{{ label }}, one on each line. Any words are fine.<br>
<textarea name="{{ name }}" rows="3"></textarea></label>
<label><input type="checkbox" name="none" value="{{ name }}"> None</label></p>
{% endfor %}
<button>Check</button>
</form>
{{ report|safe }}
</main>
</body>
</html>"""

FIELDS = {
    "supplements": "Supplements that you take, or think of taking",
    "medications": "Medicines that you take",
    "conditions": "Illnesses that you have",
}


def check(request: HttpRequest) -> HttpResponse:
    """Show the form, and the report on what was filled in."""
    report = ""
    if request.method == "POST":
        answers = {name: answer(request, name) for name in FIELDS}
        # `render` escapes whatever was typed.
        report = msrisk.assess(msrisk.PatientProfile(**answers)).render("html")
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"fields": FIELDS.items(), "report": report}, request))


def answer(request: HttpRequest, name: str) -> msrisk.Entries[str] | object:
    """Return an answer; an empty field is none: nobody said that there is nothing."""
    lines = [line for line in request.POST.get(name, "").splitlines() if line.strip()]
    if lines:
        # The form does not ask whether that is all, so what is not listed stays unknown.
        return msrisk.Entries(lines, complete=False)
    return msrisk.NONE_REPORTED if name in request.POST.getlist("none") else None


urlpatterns = [path("", check)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
