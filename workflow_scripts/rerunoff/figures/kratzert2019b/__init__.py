"""Figures of kratzert2019b, one module each, and what several of them share."""
