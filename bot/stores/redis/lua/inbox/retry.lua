-- ARGV: id, how many microseconds turns are apart. Gives 1, or 0 when there is no such dead letter.
local id = ARGV[2]
if redis.call('ZREM', DEAD, id) == 0 then
  return 0
end
local key, at = message_key(id), now()
redis.call('DEL', reply_key(id))
redis.call('HDEL', key, 'act', 'reason', 'ended')
redis.call('HSET', key, 'state', 'open', 'attempts', 0, 'failures', 0, 'waits', 0, 'put', at)
redis.call('ZADD', OPEN, at, id)
local thread, person = unpack(redis.call('HMGET', key, 'thread', 'person'))
line_up(id, person, at, ARGV[3])
if redis.call('RPUSH', thread_key(thread), id) == 1 then
  offer(thread)
end
return 1
