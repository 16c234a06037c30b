"""A process that is held to the limits of one that decodes, to one second of them, and never comes to an end."""

from bot.media.pictures import safe as safe_picture

safe_picture.MAX_TIME = 1
safe_picture.limit_this_process()
while True:
    pass
