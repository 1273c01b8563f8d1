"""Spiders: one class for every outlet; the catalogue says which outlets there are."""
