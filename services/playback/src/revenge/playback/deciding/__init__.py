"""What a client is given to play, and why."""
