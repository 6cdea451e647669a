"""The nouns: what msrisk reads, knows and says. attrs and the standard library only."""
