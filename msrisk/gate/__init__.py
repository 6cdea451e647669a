"""May a change of rules pass? Who signed, what the changelog says, and what is left to do."""

from msrisk.gate.signatures import Signatures, load_accepted, signatures

__all__ = ["Signatures", "load_accepted", "signatures"]
