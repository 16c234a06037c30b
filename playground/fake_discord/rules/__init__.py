"""What Discord accepts, and the errors for the rest."""
