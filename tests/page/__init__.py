"""Tests of the intake page in a browser, as a person would use it; `make test-page`."""
