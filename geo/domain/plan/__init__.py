"""Rules of the Joint Action Plan: money, dates, progress, approval, viability, groups, microprojects.

DOMAIN.md sections 2, 8 and 9; the codes are in `geo.domain.plan_codes`.
"""
