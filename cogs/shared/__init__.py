"""What the features share: drawing views, choices, the language of the reader, and whether a member may go on."""
