"""What the tests of playback are made of."""
