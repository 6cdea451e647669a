"""Tests of a service that runs, by those who know nothing of its inside; `make test-service`."""
