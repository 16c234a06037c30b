"""Text as it is judged: plain sentences and lines, without advice and without the member's prompt."""
