"""The whole of Revenge on one machine: its servers, its services, and what they need to know."""
