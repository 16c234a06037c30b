"""Members' pictures: made safe in a process of their own, kept, and made to fit what a service takes."""
