"""Rules of monitoring: visits, planned against actual, the checklist, follow-up, indicators, exit polls."""
