"""What the features share: drawing views, and answering in the language of the reader."""
