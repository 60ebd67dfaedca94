-- ARGV: id, token, reason, for how many milliseconds the reply is kept, then the reply or nothing.
local act = 'bury:' .. ARGV[3]
local message, before = holding(ARGV[2], ARGV[3], act)
if not message then
  return before
end
local at = now()
let_go(message, act)
leave(message)
redis.call('HSET', message_key(message.id), 'state', 'dead', 'reason', ARGV[4], 'ended', at)
redis.call('ZADD', DEAD, at, message.id)
keep_reply(message.id, ARGV[6], ARGV[5])
offer(message.thread)
return 1
