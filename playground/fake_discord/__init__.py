"""A Discord of one's own: the part of its REST API, gateway and CDN that a bot with slash commands uses.

Reading order: `world` (who and what there is), `people` (what they do), `interactions` (what the bot owes them),
`gateway` and `rest` with its `routes_*` (how the bot hears and answers), `posting` (what becomes a message),
`watching` (how one sees it). `playground.fake_discord.server` puts them on a port.
"""
