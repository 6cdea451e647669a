"""May a change of rules pass? Who signed, what the changelog says, and what is left to do."""

__all__: list[str] = []
