"""What is known of titles, from where, and their pictures."""
