"""The pages' answers for programs: read-only, as JSON, below /api/v1 (`esep.web.routes.api`)."""
