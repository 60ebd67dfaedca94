-- ARGV: id, token, what this call is known by.
local message, before = holding(ARGV[2], ARGV[3], ARGV[4])
if not message then
  return before
end
let_go(message, ARGV[4])
redis.call('HSET', message_key(message.id), 'state', 'open')
redis.call('HINCRBY', message_key(message.id), 'attempts', -1)
offer(message.thread)
return 1
