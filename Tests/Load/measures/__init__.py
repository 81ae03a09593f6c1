"""What the parts measure with, and the table that they fill."""
