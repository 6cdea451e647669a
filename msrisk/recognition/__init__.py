"""What a person typed, or a code → what it certainly is and what else it may be."""

from msrisk.recognition.profile import KINDS, recognise_entry, recognise_profile

__all__ = ["KINDS", "recognise_entry", "recognise_profile"]
