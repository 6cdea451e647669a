"""A FastAPI application that has msrisk below /msrisk, and a check of its own.

Run it beside this file: python -m uvicorn fastapi_app:app
"""

from __future__ import annotations

import os
from typing import Any

from fastapi import FastAPI, HTTPException

import msrisk
import msrisk.web

app = FastAPI(title="A clinic")

# The intake page is at /msrisk/, the JSON API at /msrisk/api. Nobody else may show the page in
# a frame unless they are named here, such as https://clinic.example.
app.mount("/msrisk", msrisk.web.app(embedders=os.environ.get("EMBEDDERS", "").split()))


@app.post("/check")
def check(intake: dict[str, Any]) -> dict[str, Any]:
    """Assess an intake document, as a part of whatever else this application does."""
    try:
        report = msrisk.assess(msrisk.PatientProfile.from_dict(intake))
    except msrisk.errors.MsriskError as error:
        # All problems at once, each by its field, never with a patient's words.
        raise HTTPException(422, [str(problem) for problem in error.problems]) from None
    return report.to_dict()
