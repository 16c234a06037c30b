"""Offline stand-ins for the services Kinora talks to: real local servers, never imported by the bot."""
