#!/bin/sh
# Runs Kinora in its container, and rests before a failure ends it: container engines start anew at once what had run for
# ten seconds, and after a thousand logins in a day Discord takes the token away. With the rest there are 960 at most.
rest=90

case "$1" in
  run) ;;
  *) exec python -m bot "$@" ;;
esac

# The first program of a container is not ended by a signal it has no trap for, so the trap comes before the bot.
asked= bot=
trap 'asked=yes; [ -z "$bot" ] || kill -TERM "$bot" 2>/dev/null' TERM INT
python -m bot "$@" &
bot=$!
[ -z "$asked" ] || kill -TERM "$bot" 2>/dev/null
wait "$bot"
code=$?
# A signal ends `wait` before the bot has ended.
while kill -0 "$bot" 2>/dev/null; do
  wait "$bot"
  code=$?
done
if [ "$code" -ne 0 ] && [ -z "$asked" ]; then
  echo "Kinora ended with exit code $code; the container ends in $rest seconds." >&2
  sleep "$rest" &
  bot=$!
  wait "$bot"
fi
exit "$code"
