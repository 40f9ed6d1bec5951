"""The languages that a user can be spoken to in: one catalogue a language, `<language>.po`, and English as the source."""
