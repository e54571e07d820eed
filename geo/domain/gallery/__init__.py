"""The gallery of problems as pure arithmetic: votes, merges, ranks, hints and likenesses (DOMAIN.md section 6)."""
