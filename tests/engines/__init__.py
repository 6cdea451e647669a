"""Engines that need more than pip: `make test-engines`."""
