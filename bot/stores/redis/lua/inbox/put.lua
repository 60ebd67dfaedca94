-- ARGV: id, person, thread, channel, body, how many microseconds turns are apart.
-- Gives 1, or 0 when the id was taken before.
local id, person, thread = ARGV[2], ARGV[3], ARGV[4]
local key = message_key(id)
if redis.call('EXISTS', key) == 1 then
  return 0
end
local at = now()
redis.call('HSET', key, 'state', 'open', 'person', person, 'thread', thread, 'channel', ARGV[5], 'body', ARGV[6],
  'attempts', 0, 'failures', 0, 'put', at)
redis.call('ZADD', OPEN, at, id)
line_up(id, person, at, ARGV[7])
index(person, id, 'inf')
if redis.call('RPUSH', thread_key(thread), id) == 1 then
  offer(thread)
end
return 1
