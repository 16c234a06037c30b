"""A naive bot, as one person writes it in an evening: the baseline for Kinora's costs."""

import base64
import os
import re
import sqlite3
import time

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from openai import AsyncOpenAI

discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])

bot = commands.Bot(command_prefix=commands.when_mentioned, intents=discord.Intents.default())
openai = AsyncOpenAI(base_url=os.environ["VIDEO_API_URL"] + "/v1", api_key=os.environ["VIDEO_API_KEY"])
database = sqlite3.connect(os.environ["DATABASE"])
database.execute("CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, guild INTEGER, user INTEGER, prompt TEXT)")


@bot.event
async def setup_hook() -> None:
    """Register the command with Discord."""
    await bot.tree.sync()


@bot.tree.command(description="Turn a picture into a video")
@app_commands.describe(prompt="What should happen", image="The picture it starts from")
async def video(interaction: discord.Interaction, prompt: str, image: discord.Attachment) -> None:
    """Send the request, show the text as it arrives, and the link at the end."""
    await interaction.response.defer()
    row = (interaction.guild_id, interaction.user.id, prompt)
    database.execute("INSERT INTO jobs (guild, user, prompt) VALUES (?, ?, ?)", row)
    database.commit()
    picture = f"data:{image.content_type};base64,{base64.b64encode(await image.read()).decode()}"
    stream = await openai.chat.completions.create(
        model="sora_video2",
        stream=True,
        messages=[
            {
                "role": "user",
                "content": [{"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": picture}}],
            }
        ],
    )
    text, edited = "", 0.0
    async for chunk in stream:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        if text and (now := time.monotonic()) - edited >= 2:
            edited = now
            await interaction.edit_original_response(content=text[-1900:])
    links = re.findall(r"https?://[^\s)]+", text)
    await interaction.edit_original_response(content=f"Your video: {links[-1]}" if links else f"Failed: {text[-1900:]}")


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"])
