-- ARGV: id, token, what this call is known by, after how many milliseconds it may be leased again.
local message, before = holding(ARGV[2], ARGV[3], ARGV[4])
if not message then
  return before
end
let_go(message, ARGV[4])
wait_again(message)
redis.call('HINCRBY', message_key(message.id), 'attempts', -1)
if ARGV[5] == '0' then
  offer(message.thread)
else
  redis.call('ZADD', LATER, now() + ARGV[5] * 1000, message.thread)
end
return 1
