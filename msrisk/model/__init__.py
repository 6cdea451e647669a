"""Holds the data that msrisk reads, knows and returns; needs attrs alone."""
