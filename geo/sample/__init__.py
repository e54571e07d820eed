"""The sample municipality: real villages, a sample village, and its appraisal of 2014 as plain values."""

from geo.sample.municipality import (
    Sample,
    SampleBreadShare,
    SampleCycle,
    SampleEvent,
    SampleInstitution,
    SampleMembership,
    SampleMinutes,
    SampleMunicipality,
    SampleProblem,
    SampleSettlement,
    load_sample,
)

__all__ = [
    "Sample",
    "SampleBreadShare",
    "SampleCycle",
    "SampleEvent",
    "SampleInstitution",
    "SampleMembership",
    "SampleMinutes",
    "SampleMunicipality",
    "SampleProblem",
    "SampleSettlement",
    "load_sample",
]
