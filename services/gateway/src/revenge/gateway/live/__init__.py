"""What happens, told to those who may know of it, while it happens: server-sent events."""
