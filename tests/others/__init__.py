"""Checks what msrisk writes for others with the software of others."""
