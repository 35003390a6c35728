"""What is decided of titles, without asking anybody."""
