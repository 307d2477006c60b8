"""What the school owner alone sees: all schools together, what they need, and who goes first."""
