"""Who is judged, by example: our own client. Its logic is sans-IO; thin drivers perform what it asks for."""
