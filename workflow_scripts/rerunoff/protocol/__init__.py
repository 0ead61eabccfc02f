"""What is to be run: protocols of papers, resolved and checked before anything runs."""
