"""Three exports of the same invented children, each with the configuration that reads it."""
