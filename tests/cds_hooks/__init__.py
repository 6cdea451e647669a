"""Tests of CDS Hooks: the cards of a request, and what the specification asks of them."""
