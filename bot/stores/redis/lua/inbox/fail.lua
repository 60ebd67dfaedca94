-- ARGV: id, token, reason, after how many milliseconds to try again, what this call is known by, what is counted:
-- failures or waits.
local message, before = holding(ARGV[2], ARGV[3], ARGV[6])
if not message then
  return before
end
let_go(message, ARGV[6])
wait_again(message)
redis.call('HSET', message_key(message.id), 'reason', ARGV[4])
redis.call('HINCRBY', message_key(message.id), ARGV[7], 1)
redis.call('ZADD', LATER, now() + ARGV[5] * 1000, message.thread)
return 1
