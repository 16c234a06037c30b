"""What moderators look after: blocks of members, and how often members were refused."""
