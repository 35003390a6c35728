"""Every statement about films."""
