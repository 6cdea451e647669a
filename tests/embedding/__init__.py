"""Starts each example of embedding and uses it as a person or a program would."""
