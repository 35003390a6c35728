"""Every statement about shows."""
