"""A version as a FHIR R4B PlanDefinition, for reading only. Dose lines are contained ActivityDefinitions."""

from portal.api.fhir.plan import plan

__all__ = ["plan"]
