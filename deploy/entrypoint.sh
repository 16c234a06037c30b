#!/bin/sh
# Runs Kinora in its container, and rests before a failure ends it: container engines start anew at once what had run for
# ten seconds, and after a thousand logins in a day Discord takes the token away. With the rest there are 960 at most.
rest=90

case "$1" in
  run) ;;
  *) exec python -m bot "$@" ;;
esac

# The first program of a container is not ended by a signal it has no trap for, so the trap comes before the bot.
asked= child=
leave() {
  [ -z "$asked" ] || [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}
trap 'asked=yes; leave' TERM INT
python -m bot "$@" &
child=$!
leave # the signal may have come before there was a child to hand it on to
wait "$child"
code=$?
# A signal ends `wait` before the bot has ended.
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
if [ "$code" -ne 0 ] && [ -z "$asked" ]; then
  echo "Kinora ended with exit code $code; the container ends in $rest seconds." >&2
  child=
  sleep "$rest" &
  child=$!
  leave
  wait "$child"
fi
exit "$code"
