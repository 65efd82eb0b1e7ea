"""Item pipelines that every advertisement passes, one module per step."""
