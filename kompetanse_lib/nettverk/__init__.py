"""What teaching notebooks use: data that harm nobody, exercises that check themselves, and controls for those who do not code."""
