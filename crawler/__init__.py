"""From an outlet's address to a clean, dated, judged article: network at the edges, pure inside."""
