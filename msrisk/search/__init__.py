"""Is there a patient who …? A search over the smallest patients, docs/analysis.md."""

__all__: list[str] = []
