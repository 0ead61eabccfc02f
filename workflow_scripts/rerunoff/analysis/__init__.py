"""What the papers look at beyond metrics: one module per question."""
