"""What the pictures of an order must be for the service that it goes to."""

from __future__ import annotations

import re

from bot.models import Picture, PictureFit
from bot.providers.tasks.call import TaskOrder
from bot.providers.tasks.create_body import chosen
from bot.providers.tasks.descriptions.description import Description

_SIZE = re.compile(r"([1-9]\d{1,3})[x*]([1-9]\d{1,3})")


def picture_fit(description: Description, order: TaskOrder, picture: Picture) -> PictureFit | None:
    """
    Return it: exactly the size that is sent, where that is the model's or the service wants it so; and what the service
    says of type, bytes and sides. None for a picture that travels as a link: that leads to the copy in Kinora's reply.
    """
    rules = description.image
    if (order.travels or rules.travels) == "link" and picture.link:
        return None
    size = None
    if (order.size or rules.exact) and (sides := _SIZE.fullmatch(chosen(description.ask, order, "size") or "")):
        size = int(sides[1]), int(sides[2])
    return PictureFit(size, (rules.sides[0], rules.sides[1]) if rules.sides else None, rules.types, rules.max_bytes)
